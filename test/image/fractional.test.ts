// Shifts by fractions and turns as properties; their values against other programs are in geometry-reference.test.ts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Raster } from '../../src/core/picture.js';
import { BLACK, padded, rolled } from '../../src/image/canvas.js';
import { shiftedByFraction } from '../../src/image/fractional.js';
import { placedRaster } from '../../src/image/rotate.js';
import { colourAt, rasterOf } from './rasters.js';

function distance(a: Raster, b: Raster): number {
  return Math.max(...a.data.map((value, i) => Math.abs(value - (b.data[i] as number))));
}

const side = fc.integer({ min: 2, max: 12 });
const whole = fc.integer({ min: -9, max: 9 });
const part = fc.double({ min: -3, max: 3, noNaN: true });

describe('fractions of a pixel', () => {
  test.each(['fourier', 'bilinear'] as const)('%s by whole pixels is a roll', (interpolation) => {
    fc.assert(
      fc.property(side, side, whole, whole, (width, height, dx, dy) => {
        const raster = rasterOf(width, height);
        expect(distance(shiftedByFraction(raster, dx, dy, interpolation, 'wrap'), rolled(raster, dx, dy))).toBeLessThan(
          1e-3,
        );
      }),
    );
  });
  test.each(['fourier', 'bilinear'] as const)('%s by nothing is the identity, bit for bit', (interpolation) => {
    for (const ends of ['wrap', 'mirror'] as const) {
      const raster = rasterOf(9, 6);
      expect([...shiftedByFraction(raster, 0, 0, interpolation, ends).data]).toEqual([...raster.data]);
    }
  });
  test('Fourier by a, then b, is by a + b where there is no Nyquist component (odd sides)', () => {
    fc.assert(
      fc.property(part, part, part, part, (ax, ay, bx, by) => {
        const raster = rasterOf(9, 7);
        const twice = shiftedByFraction(
          shiftedByFraction(raster, ax, ay, 'fourier', 'wrap'),
          bx,
          by,
          'fourier',
          'wrap',
        );
        expect(distance(twice, shiftedByFraction(raster, ax + bx, ay + by, 'fourier', 'wrap'))).toBeLessThan(1e-2);
      }),
      { numRuns: 40 },
    );
  });
  test('a sine wave moves as its formula says, and a mirrored one at a half pixel stays within its bounds', () => {
    const wave = (by: number): Raster => {
      const data = Float32Array.from({ length: 3 * 16 * 4 }, (_, i) => {
        const x = Math.floor(i / 3) % 16;
        return 128 + 100 * Math.sin((2 * Math.PI * 3 * (x - by)) / 16);
      });
      return { width: 16, height: 4, data };
    };
    expect(distance(shiftedByFraction(wave(0), 0.3, 0, 'fourier', 'wrap'), wave(0.3))).toBeLessThan(1e-3);
    expect(distance(shiftedByFraction(wave(0), 0.3, 0.8, 'fourier', 'wrap'), wave(0.3))).toBeLessThan(1e-3);
  });
  test('bilinear half a pixel is the mean of neighbours; edges go on', () => {
    const row: Raster = { width: 3, height: 1, data: Uint8Array.from([0, 0, 0, 10, 10, 10, 40, 40, 40]) };
    const reds = (raster: Raster) => [...raster.data].filter((_, i) => i % 3 === 0);
    expect(reds(shiftedByFraction(row, 0.5, 0, 'bilinear', 'mirror'))).toEqual([0, 5, 25]);
    expect(reds(shiftedByFraction(row, 0.5, 0, 'bilinear', 'wrap'))).toEqual([20, 5, 25]);
    expect(reds(shiftedByFraction(row, -1.25, 0, 'bilinear', 'mirror'))).toEqual([17.5, 40, 40]);
    expect(reds(shiftedByFraction(row, 7.5, 0, 'bilinear', 'mirror'))).toEqual([0, 0, 0]);
  });
});

describe('turns', () => {
  const raster = rasterOf(10, 10);
  const centre = { x: 5, y: 5 };
  const size = { width: 10, height: 10 };
  const placing = { angle: 0, scale: 1, dx: 0, dy: 0 };

  test('by nothing the picture stays, byte for byte; moved it is the padded picture', () => {
    expect(placedRaster(raster, centre, placing, size, 'bilinear', BLACK)).toEqual(raster);
    expect(placedRaster(raster, centre, { ...placing, angle: 360 }, size, 'bicubic', 'edge')).toEqual(raster);
    const moved = padded(raster, { left: 3, right: -3, top: -2, bottom: 2 }, 'reflect');
    expect(placedRaster(raster, centre, { ...placing, dx: 3, dy: -2 }, size, 'bilinear', 'reflect')).toEqual(moved);
  });
  test.each(['bilinear', 'bicubic'] as const)('quarter turns are exact (%s), counter-clockwise', (kernel) => {
    const turned = placedRaster(raster, centre, { ...placing, angle: 90 }, size, kernel, BLACK);
    for (let y = 0; y < 10; y++) {
      for (let x = 0; x < 10; x++) expect(colourAt(turned, x, y)).toEqual(colourAt(raster, 9 - y, x));
    }
    const back = placedRaster(turned, centre, { ...placing, angle: -90 }, size, kernel, BLACK);
    expect([...back.data]).toEqual([...raster.data]);
    const half = placedRaster(raster, centre, { ...placing, angle: 180 }, size, kernel, BLACK);
    const twice = placedRaster(turned, centre, { ...placing, angle: 90 }, size, kernel, BLACK);
    expect([...half.data]).toEqual([...twice.data]);
  });
  test('a plane of brightness turns as its formula says, wherever it is seen', () => {
    const plane: Raster = {
      width: 40,
      height: 40,
      data: Float32Array.from({ length: 4800 }, (_, i) => 3 * (Math.floor(i / 3) % 40) + 2 * Math.floor(i / 120)),
    };
    fc.assert(
      fc.property(fc.integer({ min: -180, max: 180 }), (angle) => {
        const turned = placedRaster(plane, { x: 20, y: 20 }, { ...placing, angle }, size, 'bilinear', BLACK);
        const radians = (angle * Math.PI) / 180;
        for (const [x, y] of [
          [0, 0],
          [9, 0],
          [4, 7],
        ] as const) {
          const [u, v] = [x - 4.5, y - 4.5];
          const sx = u * Math.cos(radians) - v * Math.sin(radians) + 19.5;
          const sy = u * Math.sin(radians) + v * Math.cos(radians) + 19.5;
          expect(colourAt(turned, x, y)[0]).toBeCloseTo(3 * sx + 2 * sy, 3);
        }
      }),
    );
  });
});
