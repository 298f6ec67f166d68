// Resizing as OpenCV, TensorFlow and PyTorch do it, against their own output, which test/reference/resize-kernels.py wrote.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Raster } from '../../src/core/picture.js';
import { cropped } from '../../src/image/canvas.js';
import { OPENCV_KERNELS, opencvResized } from '../../src/image/opencv-resize.js';
import type { Window } from '../../src/image/raster.js';
import { TENSORFLOW_KERNELS, tensorflowResized } from '../../src/image/tensorflow-resize.js';
import { TORCH_KERNELS, torchResized } from '../../src/image/torch-resize.js';
import { rasterOf } from './rasters.js';

type Case = { kernel: string; from: [number, number]; to: [number, number]; step: number; values: string };
type Resize = (raster: Raster, width: number, height: number, window?: Window) => Raster;

/** By its name in the reference files: the resize, how far it may be off, and for which share of values. */
const resizers: Record<string, { resize: Resize; off: number; share: number }> = {
  ...Object.fromEntries(
    OPENCV_KERNELS.map((kernel) => [
      `opencv-${kernel}`,
      {
        resize: (raster: Raster, width: number, height: number, window?: Window) =>
          opencvResized(raster, width, height, kernel, window),
        off: kernel === 'cubic' ? 1 : 0,
        share: kernel === 'cubic' ? 0.005 : 0,
      },
    ]),
  ),
  ...Object.fromEntries(
    TORCH_KERNELS.map((kernel) => [
      `torch-${kernel}`,
      {
        resize: (raster: Raster, width: number, height: number, window?: Window) =>
          torchResized(raster, width, height, kernel, window),
        off: 1,
        share: 0.07,
      },
    ]),
  ),
  ...Object.fromEntries(
    TENSORFLOW_KERNELS.map((kernel, i) => [
      [
        'tensorflow1-bilinear',
        'tensorflow1-bilinear-corners',
        'tensorflow2-bilinear',
        'tensorflow2-bilinear-antialias',
      ][i] as string,
      {
        resize: (raster: Raster, width: number, height: number, window?: Window) =>
          tensorflowResized(raster, width, height, kernel, window),
        off: 0.01,
        share: 1,
      },
    ]),
  ),
};

/** The same rule as `picture` in the reference script. */
function picture([width, height]: readonly [number, number]): Raster {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const value = ((Math.imul(i, 2654435761) + 12345) >>> 0) >>> 24;
    return value < 64 ? 0 : value > 191 ? 255 : value;
  });
  return { width, height, data };
}

describe.each(['opencv', 'tensorflow', 'torch'])('%s', (library) => {
  const file = new URL(`../reference/${library}-resize.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

  test.each(cases.map((one) => [`${one.kernel} ${one.from.join('x')} to ${one.to.join('x')}`, one] as const))(
    '%s',
    (_, { kernel, from, to, step, values }) => {
      const { resize, off, share } = resizers[kernel] as (typeof resizers)[string];
      const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
      const wanted = library === 'tensorflow' ? new Float32Array(bytes.buffer) : bytes;
      const resized = resize(picture(from), ...to);
      expect(resized).toMatchObject({ width: to[0], height: to[1] });
      const found = resized.data.filter((_, i) => i % step === 0);
      expect(found).toHaveLength(wanted.length);
      const gaps = [...found].map((value, i) => Math.abs(value - (wanted[i] as number)));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(off);
      expect(gaps.filter((gap) => gap > 0).length / gaps.length).toBeLessThanOrEqual(share);
    },
  );
});

describe.each(Object.entries(resizers))('%s', (_, { resize }) => {
  test('leaves a picture of the wanted size as it is', () => {
    const raster = rasterOf(9, 5);
    expect([...resize(raster, 9, 5).data]).toEqual([...raster.data]);
  });

  test('keeps a flat picture flat', () => {
    const flat = { width: 13, height: 7, data: new Uint8Array(13 * 7 * 3).fill(201) };
    for (const value of resize(flat, 31, 5).data) expect(value).toBeCloseTo(201, 4);
  });

  test('gives a window as that part of the whole', () => {
    const side = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(
        fc.tuple(side, side, side, side),
        fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 })),
        ([width, height, toWidth, toHeight], [u, v]) => {
          const raster = rasterOf(width, height);
          const [x, y] = [Math.floor((u * toWidth) / 100), Math.floor((v * toHeight) / 100)];
          const window = { x, y, width: toWidth - x, height: Math.max(1, Math.floor((toHeight - y) / 2)) };
          const whole = resize(raster, toWidth, toHeight);
          expect(resize(raster, toWidth, toHeight, window)).toEqual(cropped(whole, window));
        },
      ),
      { numRuns: 40 },
    );
  });
});
