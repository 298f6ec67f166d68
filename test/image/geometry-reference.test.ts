// Shifts by fractions and rotations against numpy, torch and Pillow (test/reference/geometry.py).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Raster } from '../../src/core/picture.js';
import { BLACK, type Fill } from '../../src/image/canvas.js';
import { shiftedByFraction, type Ends } from '../../src/image/fractional.js';
import { placedRaster } from '../../src/image/rotate.js';

type Rows = readonly (readonly number[])[];
type Shift = { readonly dx: number; readonly dy: number; readonly ends: Ends; readonly values: Rows };
type Turn = {
  readonly angle: number;
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
  readonly border: 'reflect' | 'edge' | 'black';
  readonly values: Rows;
};
type Reference = {
  readonly picture: Rows;
  readonly fourier: readonly Shift[];
  readonly bilinear: readonly Shift[];
  readonly rotation: readonly Turn[];
  readonly bicubic: readonly { readonly angle: number; readonly values: Rows }[];
  readonly pillow: readonly { readonly angle: number; readonly values: Rows }[];
};

const reference = JSON.parse(readFileSync(new URL('../reference/geometry.json', import.meta.url), 'utf8')) as Reference;
const picture: Raster = {
  width: reference.picture[0]?.length ?? 0,
  height: reference.picture.length,
  data: Uint8Array.from(reference.picture.flatMap((row) => row.flatMap((value) => [value, 255 - value, 0]))),
};
const window = { width: picture.width, height: picture.height };
const centre = { x: picture.width / 2, y: picture.height / 2 };

/** Largest distance of a channel from the reference's values. */
function distance({ width, data }: Raster, values: Rows, channel = 0, edge = 0): number {
  let largest = 0;
  for (let y = edge; y < values.length - edge; y++) {
    for (let x = edge; x < width - edge; x++) {
      const value = values[y]?.[x] ?? NaN;
      const wanted = channel === 0 ? value : 255 - value;
      largest = Math.max(largest, Math.abs((data[(y * width + x) * 3 + channel] as number) - wanted));
    }
  }
  return largest;
}

describe.each(['fourier', 'bilinear'] as const)('%s', (interpolation) => {
  test.each(reference[interpolation])('by $dx, $dy, $ends', ({ dx, dy, ends, values }) => {
    const shifted = shiftedByFraction(picture, dx, dy, interpolation, ends);
    expect(distance(shifted, values)).toBeLessThan(1e-3);
    expect(distance(shifted, values, 1)).toBeLessThan(1e-3);
  });
});

describe('rotation', () => {
  test.each(reference.rotation)('by $angle, scaled by $scale, moved by $dx, $dy, $border', (turn) => {
    const border: Fill = turn.border === 'black' ? BLACK : turn.border;
    const placed = placedRaster(picture, centre, turn, window, 'bilinear', border);
    expect(distance(placed, turn.values)).toBeLessThan(1e-3);
  });
  test.each(reference.bicubic)('bicubic by $angle', ({ angle, values }) => {
    const placed = placedRaster(picture, centre, { angle, scale: 1, dx: 0, dy: 0 }, window, 'bicubic', 'edge');
    expect(distance(placed, values)).toBeLessThan(1e-3);
  });
  test.each(reference.pillow)('by $angle as Pillow turns it, away from its borders', ({ angle, values }) => {
    const placed = placedRaster(picture, centre, { angle, scale: 1, dx: 0, dy: 0 }, window, 'bilinear', 'edge');
    expect(distance(placed, values, 0, 3)).toBeLessThan(1e-2);
  });
});
