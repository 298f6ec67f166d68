// Crop, pad, roll and shift against hand-written rows and as properties.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLACK, cropped, padded, rolled, shifted, type Fill } from '../../src/image/canvas.js';
import { centreCropped, centreOffset, resizedToShortestEdge, shortestEdgeSize } from '../../src/image/size.js';
import { colourAt, rasterOf } from './rasters.js';

/** One row whose pixels are grey of the given values. */
function row(...values: number[]) {
  return { width: values.length, height: 1, data: Uint8Array.from(values.flatMap((value) => [value, value, value])) };
}

function greys(raster: { data: Uint8Array | Float32Array }): number[] {
  return [...raster.data].filter((_, i) => i % 3 === 0);
}

const side = fc.integer({ min: 1, max: 9 });
const offset = fc.integer({ min: -20, max: 20 });
const fill = fc.constantFrom<Fill>(BLACK, 'edge', 'reflect', { colour: [123.675, 116.28, 103.53] });

describe('by hand', () => {
  test('margins', () => {
    const margins = { left: 3, right: 4, top: 0, bottom: 0 };
    expect(greys(padded(row(1, 2, 3), margins, BLACK))).toEqual([0, 0, 0, 1, 2, 3, 0, 0, 0, 0]);
    expect(greys(padded(row(1, 2, 3), margins, 'edge'))).toEqual([1, 1, 1, 1, 2, 3, 3, 3, 3, 3]);
    expect(greys(padded(row(1, 2, 3), margins, 'reflect'))).toEqual([2, 3, 2, 1, 2, 3, 2, 1, 2, 3]);
    expect(greys(padded(row(7), margins, 'reflect'))).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
    expect(greys(padded(row(1, 2, 3), { left: -1, right: 1, top: 0, bottom: 0 }, 'edge'))).toEqual([2, 3, 3]);
  });
  test('a roll and a shift move the content right', () => {
    expect(greys(rolled(row(1, 2, 3, 4), 1, 0))).toEqual([4, 1, 2, 3]);
    expect(greys(rolled(row(1, 2, 3, 4), -1, 0))).toEqual([2, 3, 4, 1]);
    expect(greys(shifted(row(1, 2, 3, 4), 1, 0, BLACK))).toEqual([0, 1, 2, 3]);
    expect(greys(shifted(row(1, 2, 3, 4), 9, 0, BLACK))).toEqual([0, 0, 0, 0]);
  });
  test('a colour between whole numbers makes floats, a whole one keeps bytes', () => {
    const margins = { left: 1, right: 0, top: 1, bottom: 0 };
    const mean = padded(row(5), margins, { colour: [123.675, 116.28, 103.53] });
    expect(mean.data).toBeInstanceOf(Float32Array);
    expect(colourAt(mean, 0, 0)).toEqual([Math.fround(123.675), Math.fround(116.28), Math.fround(103.53)]);
    expect(colourAt(mean, 1, 1)).toEqual([5, 5, 5]);
    expect(padded(row(5), margins, { colour: [128, 0, 1] }).data).toEqual(
      Uint8Array.from([128, 0, 1, 128, 0, 1, 128, 0, 1, 5, 5, 5]),
    );
  });
});

describe('properties', () => {
  test('rolling by a, then b, is rolling by a + b', () => {
    fc.assert(
      fc.property(side, side, fc.tuple(offset, offset, offset, offset), (width, height, [ax, ay, bx, by]) => {
        const raster = rasterOf(width, height);
        expect(rolled(rolled(raster, ax, ay), bx, by)).toEqual(rolled(raster, ax + bx, ay + by));
      }),
    );
  });
  test('rolling by the side is no roll', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: -3, max: 3 }), (width, height, times) => {
        expect(rolled(rasterOf(width, height), times * width, -times * height)).toEqual(rasterOf(width, height));
      }),
    );
  });
  test('a crop of a shift is the shift of a crop', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        (width, height, dx, dy) => {
          const raster = rasterOf(width + 12, height + 12);
          const shiftedFirst = cropped(shifted(raster, dx, dy, BLACK), { x: 6, y: 6, width, height });
          expect(shiftedFirst).toEqual(cropped(raster, { x: 6 - dx, y: 6 - dy, width, height }));
        },
      ),
    );
  });
  test('what stays in the frame is untouched by any fill, and padding undone by cropping', () => {
    fc.assert(
      fc.property(side, side, offset, offset, fill, (width, height, dx, dy, filled) => {
        const raster = rasterOf(width, height);
        const moved = shifted(raster, dx, dy, filled);
        expect([moved.width, moved.height]).toEqual([width, height]);
        for (let y = Math.max(0, dy); y < Math.min(height, height + dy); y++) {
          for (let x = Math.max(0, dx); x < Math.min(width, width + dx); x++) {
            expect(colourAt(moved, x, y)).toEqual(colourAt(raster, x - dx, y - dy));
          }
        }
        const margins = { left: 3, right: 2, top: 1, bottom: 4 };
        const back = cropped(padded(raster, margins, filled), { x: 3, y: 1, width, height });
        expect([...back.data]).toEqual([...raster.data]);
      }),
    );
  });
});

describe('sizes', () => {
  test.each([
    [500, 375, 256, 341, 256],
    [375, 500, 256, 256, 341],
    [500, 333, 256, 384, 256],
    [640, 427, 224, 335, 224],
    [256, 256, 224, 224, 224],
    [3, 7, 100, 100, 233],
    [1200, 49, 35, 857, 35],
  ])('%i x %i at %i', (width, height, size, toWidth, toHeight) => {
    expect(shortestEdgeSize({ width, height }, size)).toEqual({ width: toWidth, height: toHeight });
  });
  test('centre offsets round down, below 0 as well', () => {
    expect([centreOffset(256, 224), centreOffset(341, 224), centreOffset(3, 6), centreOffset(5, 5)]).toEqual([
      16, 58, -2, 0,
    ]);
  });
  test('a picture smaller than the crop is padded with 0, centred', () => {
    expect(greys(centreCropped(row(1, 2, 3), 6, 1))).toEqual([0, 0, 1, 2, 3, 0]);
    expect(greys(centreCropped(row(1, 2, 3, 4), 2, 1))).toEqual([2, 3]);
    expect(greys(centreCropped(row(1, 2, 3, 4, 5), 2, 3))).toEqual([0, 0, 2, 3, 0, 0]);
  });
  test('a picture far too long is an error before anything is allocated', () => {
    expect(() =>
      resizedToShortestEdge({ width: 4, height: 20_000, data: new Uint8Array(240_000) }, 256, 'bicubic'),
    ).toThrow(
      'The picture is 4x20000 px, which a shorter side of 256 px would turn into 256x1280000; expected at most 100,000,000 pixels. Crop it first.',
    );
  });
});
