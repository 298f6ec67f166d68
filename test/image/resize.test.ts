// Resizing against Pillow's own output, which test/reference/pillow-resize.py wrote.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KernelName } from '../../src/core/model.js';
import { sha256 } from '../../src/core/protocol.js';
import { cropped } from '../../src/image/canvas.js';
import { KERNEL_NAMES, kernelNamed } from '../../src/image/kernels.js';
import { resizeRaster } from '../../src/image/resize.js';
import { rasterOf } from './rasters.js';

type Case = {
  kernel: KernelName;
  from: [number, number];
  to: [number, number];
  sha256: string;
  first: number[];
  middle: number[];
};
type FloatCase = Omit<Case, 'sha256' | 'first' | 'middle'> & { values: number[] };

const reference = JSON.parse(readFileSync(new URL('../reference/pillow-resize.json', import.meta.url), 'utf8')) as {
  pillow: string;
  cases: Case[];
  floats: FloatCase[];
};

/** The same rule as `pixel` in the reference script. */
function pixel(i: number): number {
  const value = ((Math.imul(i, 2654435761) + 12345) >>> 0) >>> 24;
  return value < 64 ? 0 : value > 191 ? 255 : value;
}

function picture(width: number, height: number) {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => pixel(i)) };
}

describe(`as Pillow ${reference.pillow}`, () => {
  test.each(reference.cases.map((one) => [`${one.kernel} ${one.from.join('x')} to ${one.to.join('x')}`, one] as const))(
    '%s',
    (_, { kernel, from, to, sha256: hash, first, middle }) => {
      const resized = resizeRaster(picture(...from), ...to, kernel);
      const at = (Math.floor(to[1] / 2) * to[0] + Math.floor(to[0] / 2)) * 3;
      expect([...resized.data.subarray(0, 3)]).toEqual(first);
      expect([...resized.data.subarray(at, at + 3)]).toEqual(middle);
      expect(sha256(resized.data as Uint8Array)).toBe(hash);
    },
  );

  test.each(reference.floats)('floats, $kernel', ({ kernel, from: [width, height], to, values }) => {
    const data = Float32Array.from({ length: width * height * 3 }, (_, i) => pixel(Math.floor(i / 3)) / 2);
    const resized = resizeRaster({ width, height, data }, ...to, kernel);
    expect(resized.data).toBeInstanceOf(Float32Array);
    for (let channel = 0; channel < 3; channel++) {
      expect([...resized.data].filter((_, i) => i % 3 === channel)).toEqual(values);
    }
  });
});

test('a raster that has the size already is handed back untouched, by every kernel', () => {
  const raster = picture(9, 5);
  for (const kernel of KERNEL_NAMES) expect(resizeRaster(raster, 9, 5, kernel)).toBe(raster);
});

test('a window of the result equals that part of the whole result', () => {
  const side = fc.integer({ min: 1, max: 24 });
  fc.assert(
    fc.property(
      fc.tuple(side, side, side, side),
      fc.constantFrom(...KERNEL_NAMES),
      fc.tuple(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.double({ min: 0, max: 0.99, noNaN: true })),
      ([width, height, toWidth, toHeight], kernel, [u, v]) => {
        const raster = rasterOf(width, height);
        const x = Math.floor(u * toWidth);
        const y = Math.floor(v * toHeight);
        const window = {
          x,
          y,
          width: Math.max(1, Math.floor((toWidth - x) * v)),
          height: Math.max(1, Math.floor((toHeight - y) * u)),
        };
        const whole = resizeRaster(raster, toWidth, toHeight, kernel);
        const part = resizeRaster(raster, toWidth, toHeight, kernel, window);
        expect(part).toEqual(cropped(whole, window));
      },
    ),
  );
});

test('a flat picture stays flat', () => {
  const flat = { width: 13, height: 7, data: new Uint8Array(13 * 7 * 3).fill(201) };
  for (const kernel of KERNEL_NAMES) expect(new Set(resizeRaster(flat, 31, 5, kernel).data)).toEqual(new Set([201]));
});

test('an unknown kernel is an error that lists the valid ones', () => {
  expect(() => kernelNamed('bicubik')).toThrow(
    'Unknown resize kernel "bicubik". Did you mean "bicubic"? Valid: nearest, box, bilinear, hamming, bicubic, lanczos3.',
  );
});
