// Views as a camera saves them: what the frame holds, that JPEG is a file's and noise has its moments.
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Raster } from '../../src/core/picture.js';
import type { Corruption } from '../../src/core/protocol.js';
import { randomFor } from '../../src/core/random.js';
import type { View } from '../../src/core/view.js';
import { corruptedView } from '../../src/image/corrupt.js';

const random = randomFor(1, 'canvas');
const canvas: Raster = { width: 50, height: 40, data: Uint8Array.from({ length: 6000 }, () => random.below(256)) };
const at = (x: number, y: number): number[] =>
  [...canvas.data.subarray(3 * (y * 50 + x), 3 * (y * 50 + x) + 3)] as number[];
const view = (x: number, y: number, wrap = false): View => ({ at: { dx: 0 }, canvas, x, y, wrap });
const window = { width: 24, height: 16 };
const jpeg: Corruption = { kind: 'jpeg', quality: 75, subsampling: '4:2:0', margin: 16 };
const noise = (deviation: number): Corruption => ({ kind: 'noise', deviation, margin: 16 });

/** The frame with next to no noise: what is corrupted. */
async function framed(x: number, y: number, wrap = false) {
  const found = await corruptedView(view(x, y, wrap), window, noise(1e-9), randomFor(0));
  expect([found.x, found.y, found.wrap, found.canvas.width, found.canvas.height]).toEqual([16, 16, false, 56, 48]);
  return (left: number, top: number): number[] => {
    const from = 3 * ((top + 16) * 56 + left + 16);
    return [...found.canvas.data.subarray(from, from + 3)];
  };
}

describe('the frame', () => {
  test('holds the window with its surroundings, beyond the canvas its border', async () => {
    const pixel = await framed(10, 12);
    expect(pixel(0, 0)).toEqual(at(10, 12));
    expect(pixel(-10, -12)).toEqual(at(0, 0));
    expect(pixel(-16, 3)).toEqual(at(0, 15));
    expect(pixel(39, 31)).toEqual(at(49, 39));
  });

  test('goes round a torus', async () => {
    const pixel = await framed(45, 38, true);
    expect(pixel(0, 0)).toEqual(at(45, 38));
    expect(pixel(6, 3)).toEqual(at(1, 1));
    expect(pixel(-16, -16)).toEqual(at(29, 22));
  });

  test('takes floats, rounded', async () => {
    const half: Raster = { width: 24, height: 16, data: new Float32Array(3 * 24 * 16).fill(99.6) };
    const found = await corruptedView({ ...view(0, 0), canvas: half }, window, noise(1e-9), randomFor(0));
    expect(new Set(found.canvas.data)).toEqual(new Set([100]));
  });
});

test('JPEG is what a file of that quality holds', async () => {
  const pixel = await framed(10, 12);
  const pixels = Uint8Array.from({ length: 56 * 48 * 3 }, (_, i) => {
    const p = Math.floor(i / 3);
    return pixel((p % 56) - 16, Math.floor(p / 56) - 16)[i % 3] ?? 0;
  });
  const raw = { width: 56, height: 48, channels: 3 } as const;
  const file = await sharp(pixels, { raw }).jpeg({ quality: 75, chromaSubsampling: '4:2:0' }).toBuffer();
  expect((await sharp(file).metadata()).chromaSubsampling).toBe('4:2:0');
  const expected = await sharp(file).raw().toBuffer();
  const found = await corruptedView(view(10, 12), window, jpeg, randomFor(0));
  expect(Buffer.from(found.canvas.data as Uint8Array).equals(expected)).toBe(true);
  expect(found.at).toEqual({ dx: 0 });
});

test('noise has mean 0 and its deviation, independent from one value to the next, and is clipped', async () => {
  const grey: Raster = { width: 200, height: 200, data: new Uint8Array(120_000).fill(128) };
  const large = { width: 168, height: 168 };
  const found = await corruptedView({ ...view(0, 0), canvas: grey, x: 16, y: 16 }, large, noise(8), randomFor(5));
  const values = Array.from(found.canvas.data, (value) => value - 128);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const product = (lag: number): number =>
    values.slice(lag).reduce((sum, value, i) => sum + value * (values[i] ?? 0), 0) / (values.length - lag);
  // Standard errors: 8 / √120,000 = 0.023; of the variance 64 √(2 / 120,000) = 0.26, plus 1/12 for rounding.
  expect(Math.abs(mean)).toBeLessThan(0.1);
  expect(Math.abs(product(0) - 64 - 1 / 12)).toBeLessThan(1.1);
  for (const lag of [1, 2, 3]) expect(Math.abs(product(lag))).toBeLessThan(0.8);
  const black = await corruptedView(
    { ...view(0, 0), canvas: { ...grey, data: new Uint8Array(120_000) } },
    large,
    noise(8),
    randomFor(5),
  );
  const dark = Array.from(black.canvas.data);
  expect(Math.min(...dark.slice(0, 5000))).toBe(0);
  expect(dark.filter((value) => value === 0).length / dark.length).toBeCloseTo(0.525, 1);
});
