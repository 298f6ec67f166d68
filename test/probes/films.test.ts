// The frames probe: frames in the order of their numbers, neighbours in pairs, none across a hole.
import { describe, expect, test } from 'vitest';
import { PictureError } from '../../src/core/errors.js';
import { frameStep, missingFrames } from '../../src/core/film.js';
import type { Raster } from '../../src/core/picture.js';
import { findProbe } from '../../src/probes/registry.js';
import { rasterOf } from '../image/rasters.js';
import { frameOf, viewsOf } from './frames.js';

function film(...numbers: readonly number[]) {
  const readings: Record<string, Raster> = Object.fromEntries(numbers.map((number) => [number, rasterOf(8, 8)]));
  return { id: 'walk', raster: rasterOf(8, 8), boxes: [], readings };
}

function seen(...numbers: readonly number[]) {
  const { views, groups } = viewsOf(film(...numbers), frameOf(8), {}, 0, 'frames');
  return { frames: views.map(({ at }) => at['frame']), group: groups[0] };
}

describe('views', () => {
  test('follow the numbers, the first frame the reference', () => {
    expect(seen(10, 9, 8)).toEqual({
      frames: [8, 9, 10],
      group: { at: {}, reference: 0, pairs: [[0, 1], [1, 2]], views: [0, 1, 2] }, // prettier-ignore
    });
  });

  test('have no pair across a hole', () => {
    expect(seen(1, 2, 4, 5).group?.pairs).toEqual([[0, 1], [2, 3]]); // prettier-ignore
  });

  test('are neighbours at the least distance of numbers', () => {
    expect(seen(0, 10, 20, 40).group?.pairs).toEqual([[0, 1], [1, 2]]); // prettier-ignore
  });

  test('need two frames', () => {
    expect(() => seen(1)).toThrow(new PictureError('walk has one frame; expected a film of two or more.'));
  });
});

test.each([
  [[1, 2, 3], 1, []],
  [[1, 2, 4, 5, 9], 1, ['3', '6–8']],
  [[0, 10, 20, 40], 10, ['30']],
  [[0, 2, 5], 2, ['between 2 and 5']],
  [[7], 1, []],
] as const)('numbers %j', (numbers, step, missing) => {
  expect(frameStep(numbers)).toBe(step);
  expect(missingFrames(numbers)).toEqual(missing);
});

test('has no options', () => {
  expect(findProbe('frames').normalise({})).toEqual({});
  expect(() => findProbe('frames').normalise({ step: 2 })).toThrow('Expected no other keys for frames options');
});
