// Global sums by hand: the 20 % criterion, quiet maps, the spread of the vector, periods of the factor.
import { describe, expect, it } from 'vitest';
import { layerSums, quietMaps, steadiness } from '../../../src/metrics/layers/global-sums.js';

const views = (...rows: number[][]): Float32Array[] => rows.map((row) => Float32Array.from(row));
const at = (...places: number[]): { dx: number; dy: number }[] => places.map((place) => ({ dx: place, dy: place }));
const all = (count: number): { views: number[] } => ({ views: Array.from({ length: count }, (_, i) => i) });
const options = { threshold: 0.2, channels: null, factor: { y: 2, x: 2 } };

describe('the criterion', () => {
  it('counts maps that leave their mean by more than the threshold', () => {
    // Means 10, 10, 10: the largest distances are 2 (not more than 20 %), 2.1 and 0.
    const sums = views([8, 7.9, 10], [10, 10, 10], [12, 12.1, 10]);
    expect(layerSums(sums, at(0, 1, 2), all(3), options)).toMatchObject({ maps: 3, changed: 1, quiet: 0 });
    expect(layerSums(sums, at(0, 1, 2), all(3), { ...options, threshold: 0.1 })).toMatchObject({ changed: 2 });
  });

  it('takes the size of the mean: signed maps change too', () => {
    expect(layerSums(views([-10, 1], [-5, 1]), at(0, 1), all(2), options)).toMatchObject({ maps: 2, changed: 1 });
  });

  it('is 1 for a map whose sum alternates', () => {
    const sums = views([1], [3], [1], [3]);
    expect(layerSums(sums, at(0, 1, 2, 3), all(4), options)).toMatchObject({ maps: 1, changed: 1 });
  });

  it('leaves quiet maps out and counts them', () => {
    const sums = views([1e6, 0.9, 0], [1e6, 1.1, 0]);
    expect(quietMaps(steadiness(sums))).toEqual([false, true, true]);
    expect(layerSums(sums, at(0, 1), all(2), options)).toMatchObject({ maps: 1, changed: 0, quiet: 2 });
  });

  it('finds all maps quiet where everything is 0', () => {
    const found = layerSums(views([0, 0], [0, 0]), at(0, 1), all(2), options);
    expect(found).toEqual({ maps: 0, changed: 0, quiet: 2, spread: null, periodic: null });
  });

  it('looks at the drawn channels only, but judges quiet by the whole layer', () => {
    const sums = views([1e9, 1, 5], [1e9, 3, 5]);
    const found = layerSums(sums, at(0, 1), all(2), { ...options, channels: [1, 2] });
    expect(found).toMatchObject({ maps: 0, quiet: 2 });
  });

  it('looks at the group’s views only', () => {
    const sums = views([10], [10], [99]);
    expect(layerSums(sums, at(0, 1, 2), { views: [0, 1] }, options)).toMatchObject({ changed: 0, spread: 0 });
  });

  it('has no answer where a sum is not a number', () => {
    expect(layerSums(views([1], [Number.NaN]), at(0, 1), all(2), options)).toBeNull();
    expect(layerSums(views([1], [Infinity]), at(0, 1), all(2), options)).toBeNull();
  });
});

describe('the spread', () => {
  it('is the root mean square distance from the mean over the mean’s length', () => {
    // Means (3, 4), length 5; distances 1 and 1 in the first channel only.
    expect(layerSums(views([2, 4], [4, 4]), at(0, 1), all(2), options)?.spread).toBeCloseTo(1 / 5, 12);
  });
});

describe('periods', () => {
  it('compares views that lie a multiple of the factor apart along both sides', () => {
    const sums = views([1, 1], [5, 2], [1, 3], [5, 4]);
    expect(layerSums(sums, at(0, 1, 2, 3), all(4), options)?.periodic).toEqual({ maps: 1, of: 2 });
  });

  it('has none where no two views lie so far apart, or views are no shifts', () => {
    expect(layerSums(views([1], [2]), at(0, 1), all(2), options)?.periodic).toBeNull();
    expect(layerSums(views([1], [2]), [{ scale: 1 }, { scale: 2 }], all(2), options)?.periodic).toBeNull();
    const diagonalOnly = [
      { dx: 0, dy: 0 },
      { dx: 2, dy: 1 },
    ];
    expect(layerSums(views([1], [1]), diagonalOnly, all(2), options)?.periodic).toBeNull();
  });
});
