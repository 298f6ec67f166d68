// Inpainting: known pixels stay, everything is filled, and cases whose answer is known.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Raster } from '../../src/core/picture.js';
import { inpainted, MOST_SETTLING, SMALL_CHANGE } from '../../src/image/inpaint.js';
import { teleaInpainted } from '../../src/image/telea.js';
import { arrivalTimes } from '../../src/image/telea-march.js';
import { flatRaster, rasterOf } from './rasters.js';

const methods = [
  ['blur', inpainted],
  ['telea', teleaInpainted],
] as const;

/** A known rectangle in the raster. */
function rectangle(width: number, height: number, x: number, y: number, w: number, h: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) =>
    Number(i % width >= x && i % width < x + w && Math.floor(i / width) >= y && Math.floor(i / width) < y + h),
  );
}

/** Greys by (x, y). */
function greys(width: number, height: number, value: (x: number, y: number) => number): Raster {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(value(i % width, Math.floor(i / width)), 3 * i, 3 * i + 3);
  return { width, height, data };
}

function greyAt({ data, width }: Raster, x: number, y: number): number {
  return data[3 * (y * width + x)] as number;
}

describe.each(methods)('%s', (_, fill) => {
  test('known pixels stay, the others are filled with finite values between the lowest and the highest known', () => {
    const side = fc.integer({ min: 1, max: 16 });
    fc.assert(
      fc.property(side, side, fc.infiniteStream(fc.boolean()), (width, height, drawn) => {
        const raster = rasterOf(width, height);
        const known = Uint8Array.from({ length: width * height }, (_, i) => Number(i === 0 || drawn.next().value));
        const filled = fill(raster, known);
        expect([filled.width, filled.height]).toEqual([width, height]);
        for (const channel of [0, 1, 2]) {
          const values = [...raster.data].filter((_, i) => i % 3 === channel && known[Math.floor(i / 3)] === 1);
          const [low, high] = [Math.min(...values), Math.max(...values)];
          known.forEach((isKnown, i) => {
            const value = filled.data[3 * i + channel] as number;
            if (isKnown === 1) expect(value).toBe(raster.data[3 * i + channel]);
            else expect(value >= low - 1e-3 && value <= high + 1e-3).toBe(true);
          });
        }
      }),
      { numRuns: 60 },
    );
  });
  test('what is unknown does not count', () => {
    const known = rectangle(12, 9, 3, 2, 5, 4);
    const noise = rasterOf(12, 9);
    const cleared = { ...noise, data: noise.data.map((value, i) => (known[Math.floor(i / 3)] === 1 ? value : 0)) };
    expect(fill(noise, known)).toEqual(fill(cleared, known));
  });
  test('one colour goes on', () => {
    const filled = fill(flatRaster(20, 14, [10, 200, 60]), rectangle(20, 14, 7, 5, 4, 3));
    filled.data.forEach((value, i) => expect(value).toBeCloseTo([10, 200, 60][i % 3] as number, 3));
  });
  test('known pixels need not be 1', () => {
    const known = rectangle(9, 9, 3, 3, 3, 3);
    const marked = known.map((value) => 255 * value);
    expect(fill(rasterOf(9, 9), marked)).toEqual(fill(rasterOf(9, 9), known));
  });
  test('all known: nothing changes; nothing known: an error', () => {
    const raster = rasterOf(5, 4);
    expect([...fill(raster, new Uint8Array(20).fill(1)).data]).toEqual([...raster.data]);
    expect(() => fill(raster, new Uint8Array(20))).toThrow('nothing is known');
  });
  test('mirroring the picture mirrors the result', () => {
    const [width, height] = [13, 11];
    const raster = greys(width, height, (x, y) => (7 * x * x + 11 * y * (x + 3)) % 256);
    const flipped = greys(width, height, (x, y) => greyAt(raster, width - 1 - x, y));
    const known = rectangle(width, height, 4, 3, 5, 4);
    const result = fill(raster, known);
    const mirrored = fill(flipped, known);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) expect(greyAt(mirrored, width - 1 - x, y)).toBeCloseTo(greyAt(result, x, y), 2);
    }
  });
  test('bands that run out of the picture go on as bands', () => {
    const raster = greys(30, 24, (_, y) => 20 + 8 * y);
    const filled = fill(raster, rectangle(30, 24, 0, 0, 15, 24));
    for (let y = 8; y < 16; y++) expect(greyAt(filled, 17, y)).toBeCloseTo(20 + 8 * y, 0);
  });
});

describe('blur', () => {
  test('one pass by hand: the mean of known neighbours, weighted 1 2 1', () => {
    // A column between two known ones: 10 to its left, 40 to its right, equal weights; above and below the same.
    const filled = inpainted(
      greys(3, 4, (x) => [10, 0, 40][x] as number),
      rectangle(3, 4, 0, 0, 1, 4).map((value, i) => (i % 3 === 2 ? 1 : value)),
    );
    for (let y = 0; y < 4; y++) expect(greyAt(filled, 1, y)).toBeCloseTo(25, 4);
  });
  test('it ends where a further pass would change little: every pixel is nearly the mean of its neighbourhood', () => {
    const [width, height] = [40, 40];
    const known = rectangle(width, height, 12, 12, 16, 16);
    const filled = inpainted(
      greys(width, height, (x, y) => (x * 37 + y * 91) % 256),
      known,
    );
    let largest = 0;
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        if (known[y * width + x] === 1) continue;
        let sum = 0;
        for (const v of [-1, 0, 1])
          for (const u of [-1, 0, 1]) sum += (2 - Math.abs(u)) * (2 - Math.abs(v)) * greyAt(filled, x + u, y + v);
        largest = Math.max(largest, Math.abs(sum / 16 - greyAt(filled, x, y)));
      }
    }
    expect(largest).toBeLessThanOrEqual(SMALL_CHANGE);
    expect(MOST_SETTLING).toBe(64);
  });
});

describe('fast marching', () => {
  test('from a straight border times are distances, negative on the known side as far as the band', () => {
    const known = rectangle(12, 5, 0, 0, 4, 5);
    const { times, order } = arrivalTimes(known, 12, 5, 2);
    const row = [...times.subarray(24, 36)];
    expect(row.slice(4)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(row.slice(0, 4)).toEqual([-2, -2, -2, -1]);
    expect(order.length).toBe(40);
    expect([...order].map((pixel) => pixel % 12)).toEqual([...order].map((pixel) => pixel % 12).sort((a, b) => a - b));
  });
  test('from one pixel times are close to its Euclidean distance', () => {
    const side = 41;
    const known = rectangle(side, side, 20, 20, 1, 1);
    const { times } = arrivalTimes(known, side, side, 2);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const distance = Math.hypot(x - 20, y - 20);
        expect(Math.abs((times[y * side + x] as number) - distance)).toBeLessThan(
          0.4 + 0.08 * distance + 2 * Number(distance === 0),
        );
      }
    }
  });
});
