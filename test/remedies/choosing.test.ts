// Remedies that choose the window: known answers, ties, and that the choice moves along with the content.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Raster } from '../../src/core/picture.js';
import { randomFor } from '../../src/core/random.js';
import { padded, rolled } from '../../src/image/canvas.js';
import { energyOf } from '../../src/remedies/energy.js';
import { parseRemedy } from '../../src/remedies/registry.js';
import { windowsOf, type Corner, type Sight } from '../../src/remedies/remedy.js';

function drawn(width: number, height: number, value: (x: number, y: number, channel: number) => number): Raster {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(pixel % width, Math.floor(pixel / width), i % 3);
  });
  return { width, height, data };
}

function noise(width: number, height: number, seed: number): Raster {
  const random = randomFor(seed, 'choosing');
  return drawn(width, height, () => random.below(256));
}

const BLACK = { colour: [0, 0, 0] } as const;

function chosen(name: string, canvas: Raster, x: number, y: number, side: number, wrap = false): Corner {
  const sight: Sight = { canvas, x, y, wrap, width: side, height: side };
  return windowsOf(parseRemedy(name), sight)[0] as Corner;
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

describe('energy', () => {
  test('is the squared Laplacian of the picture under two boxes of 3×3, here by their definition', () => {
    const canvas = noise(15, 13, 1);
    const box = (value: (x: number, y: number) => number) => (x: number, y: number) => {
      let sum = 0;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) sum += value(x + dx, y + dy);
      return sum;
    };
    for (const wrap of [false, true]) {
      const grey = (x: number, y: number): number => {
        const at = 3 * (modulo(y, 13) * 15 + modulo(x, 15));
        return (canvas.data[at] ?? 0) + (canvas.data[at + 1] ?? 0) + (canvas.data[at + 2] ?? 0);
      };
      const smooth = box(box(grey));
      const energy = energyOf(canvas, wrap);
      for (let y = 0; y < 13; y++) {
        for (let x = 0; x < 15; x++) {
          const outside = !wrap && (x < 3 || y < 3 || x >= 12 || y >= 10);
          const laplacian =
            4 * smooth(x, y) - smooth(x - 1, y) - smooth(x + 1, y) - smooth(x, y - 1) - smooth(x, y + 1);
          expect(energy[y * 15 + x]).toBe(outside ? 0 : laplacian ** 2);
        }
      }
    }
  });
});

describe('alignment', () => {
  test('puts a bright column on the lattice, as one computes by hand', () => {
    // Across the column the smoothed profile is 1 2 3 2 1, its squared second difference 1 at ±3, 4 at 0, else 0: of two
    // phases the column's own has 4, the other 2.
    for (const column of [20, 21, 22, 23]) {
      const canvas = drawn(48, 48, (x) => (x === column ? 255 : 0));
      const { x, y } = chosen('align2', canvas, 8, 8, 32);
      expect(modulo(column - x, 2)).toBe(0);
      expect([Math.abs(x - 8) <= 1, y]).toEqual([true, 8]);
    }
  });

  test('leaves the window where nothing tells phases apart', () => {
    expect(
      chosen(
        'align16',
        drawn(64, 64, () => 77),
        13,
        9,
        32,
      ),
    ).toEqual({ x: 13, y: 9 });
    // Columns of period 4: phase 0 of the window where several are equal, by the first in reading order.
    const stripes = drawn(64, 64, (x) => (x % 4 === 0 ? 200 : 0));
    expect(chosen('align4', stripes, 16, 9, 32)).toEqual({ x: 16, y: 9 });
    expect(chosen('align4', stripes, 17, 9, 32)).toEqual({ x: 16, y: 9 });
    expect(chosen('align4', stripes, 18, 9, 32)).toEqual({ x: 16, y: 9 });
    expect(chosen('align4', stripes, 19, 9, 32)).toEqual({ x: 20, y: 9 });
  });

  test('moves along with content that lies inside the window, mod the spacing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.constantFrom(2, 4, 8, 16),
        fc.integer({ min: -4, max: 4 }),
        fc.integer({ min: -4, max: 4 }),
        (seed, spacing, dx, dy) => {
          const object = padded(noise(16, 16, seed), { left: 32, top: 32, right: 32, bottom: 32 }, BLACK);
          const still = chosen(`align${spacing}`, object, 18, 18, 44);
          const moved = chosen(`align${spacing}`, object, 18 - dx, 18 - dy, 44);
          expect([modulo(moved.x - still.x, spacing), modulo(moved.y - still.y, spacing)]).toEqual([0, 0]);
          expect(Math.max(Math.abs(moved.x - 18 + dx), Math.abs(moved.y - 18 + dy))).toBeLessThanOrEqual(spacing / 2);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is exact on a torus: every roll of a picture is aligned to the same lattice of its content', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: -40, max: 40 }),
        (seed, dx, dy) => {
          const canvas = noise(32, 32, seed);
          const still = chosen('align8', canvas, 0, 0, 32, true);
          const moved = chosen('align8', rolled(canvas, dx, dy), 0, 0, 32, true);
          expect([modulo(moved.x - dx - still.x, 8), modulo(moved.y - dy - still.y, 8)]).toEqual([0, 0]);
          // And so is a window that moves over the same torus.
          const window = chosen('align8', canvas, modulo(-dx, 32), modulo(-dy, 32), 32, true);
          expect([modulo(window.x - still.x, 8), modulo(window.y - still.y, 8)]).toEqual([0, 0]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('crop selection', () => {
  test('puts the brightest dot in the middle of the crop', () => {
    const dot = drawn(64, 64, (x, y) => (x === 34 && y === 29 ? 255 : 0));
    expect(chosen('crops8', dot, 16, 16, 32)).toEqual({ x: 18, y: 13 });
    expect(chosen('crops8', dot, 12, 20, 32)).toEqual({ x: 18, y: 13 });
    expect(
      chosen(
        'crops8',
        drawn(64, 64, () => 3),
        12,
        20,
        32,
      ),
    ).toEqual({ x: 12, y: 20 });
  });

  test('stays within its reach, with its middle in the view’s own window, also where the picture ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 16 }),
        fc.integer({ min: 0, max: 16 }),
        fc.integer({ min: 1, max: 20 }),
        (seed, x, y, reach) => {
          const found = chosen(`crops${reach}`, noise(40, 40, seed), x, y, 24);
          const moves = [found.x - x, found.y - y];
          // The middle, 12, stays 6 px from the border of the window of 24: from 6 to 17.
          for (const move of moves) {
            expect(move).toBeGreaterThanOrEqual(-Math.min(reach, 6));
            expect(move).toBeLessThanOrEqual(Math.min(reach, 5));
          }
        },
      ),
      { numRuns: 60 },
    );
    // A dot near the picture's edge is the middle of a crop that leaves the picture.
    const dot = drawn(40, 40, (x, y) => (x === 10 && y === 12 ? 255 : 0));
    expect(chosen('crops8', dot, 0, 2, 24)).toEqual({ x: -2, y: 0 });
  });

  test('is the same for two frames that both have the other’s choice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -3, max: 3 }), (seed, by) => {
        const canvas = noise(72, 72, seed);
        const [a, b] = [chosen('crops8', canvas, 20, 20, 32), chosen('crops8', canvas, 20 + by, 20 + by, 32)];
        const has = (corner: Corner, x: number): boolean =>
          Math.max(Math.abs(corner.x - x), Math.abs(corner.y - x)) <= 8;
        if (has(a, 20 + by) && has(b, 20)) expect(b).toEqual(a);
      }),
      { numRuns: 100 },
    );
  });

  test('follows the content of a torus exactly', () => {
    const canvas = noise(24, 24, 5);
    const still = chosen('crops2', canvas, 0, 0, 24, true);
    for (const [dx, dy] of [
      [1, 0],
      [5, -7],
      [23, 12],
    ] as const) {
      const moved = chosen('crops2', rolled(canvas, dx, dy), 0, 0, 24, true);
      expect([modulo(moved.x - dx, 24), modulo(moved.y - dy, 24)]).toEqual([still.x, still.y]);
    }
  });
});
