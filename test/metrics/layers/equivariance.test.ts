// Shifts of maps against exact copies, against analytic signals, and the distance of shifted maps by hand.
import { describe, expect, it } from 'vitest';
import type { LayerMaps } from '../../../src/core/layers.js';
import { randomFor } from '../../../src/core/random.js';
import { shiftKernel } from '../../../src/core/fourier.js';
import { relativeDistance, shiftedMaps } from '../../../src/metrics/layers/equivariance.js';

const { uniform } = randomFor(1, 'maps');

function noise(channels: number, rows: number, columns: number): LayerMaps {
  return { channels, rows, columns, data: Float32Array.from({ length: channels * rows * columns }, () => uniform()) };
}

/** A sum of waves below the Nyquist frequency, at any real place. */
function wave(y: number, x: number, rows: number, columns: number): number {
  return 1 + Math.cos((2 * Math.PI * 2 * x) / columns + 0.3) + Math.sin(2 * Math.PI * (y / rows + (3 * x) / columns));
}

function waves(rows: number, columns: number, y: number, x: number): LayerMaps {
  const data = Float32Array.from({ length: rows * columns }, (_, i) =>
    wave(Math.floor(i / columns) - y, (i % columns) - x, rows, columns),
  );
  return { channels: 1, rows, columns, data };
}

describe('shiftedMaps', () => {
  it('moves content down and right by whole steps, exactly and cyclically', () => {
    const maps: LayerMaps = { channels: 1, rows: 2, columns: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect([...shiftedMaps(maps, 0, 1).data]).toEqual([3, 1, 2, 6, 4, 5]);
    expect([...shiftedMaps(maps, 1, 0).data]).toEqual([4, 5, 6, 1, 2, 3]);
    expect([...shiftedMaps(maps, -1, -1).data]).toEqual([5, 6, 4, 2, 3, 1]);
    expect([...shiftedMaps(maps, 2, 3).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    [7, 9],
    [8, 10],
  ])('moves band-limited signals by fractions as the signal itself moves, on %d × %d', (rows, columns) => {
    const moved = shiftedMaps(waves(rows, columns, 0, 0), 0.25, -0.4);
    const wanted = waves(rows, columns, 0.25, -0.4);
    moved.data.forEach((value, i) => expect(value).toBeCloseTo(wanted.data[i] as number, 5));
  });

  it('adds up: two halves make a whole, channel by channel, on odd sides', () => {
    const maps = noise(3, 5, 7);
    const halves = shiftedMaps(shiftedMaps(maps, 0.5, 0.5), 0.5, 0.5);
    const whole = shiftedMaps(maps, 1, 1);
    halves.data.forEach((value, i) => expect(value).toBeCloseTo(whole.data[i] as number, 5));
  });

  it('keeps every map’s sum', () => {
    const maps = noise(2, 6, 4);
    const moved = shiftedMaps(maps, 0.3, 0.7);
    const sum = (data: Float32Array): number => data.reduce((all, value) => all + value, 0);
    for (const c of [0, 1]) {
      expect(sum(moved.data.subarray(24 * c, 24 * c + 24))).toBeCloseTo(
        sum(maps.data.subarray(24 * c, 24 * c + 24)),
        4,
      );
    }
  });

  it('has weights that sum to 1, and are a single 1 for whole shifts', () => {
    for (const length of [1, 2, 5, 8]) {
      expect(shiftKernel(length, 0.37).reduce((all, weight) => all + weight, 0)).toBeCloseTo(1, 12);
    }
    [0, 0, 1, 0, 0].forEach((weight, i) => expect(shiftKernel(5, 2)[i]).toBeCloseTo(weight, 12));
  });
});

describe('relativeDistance', () => {
  it('is the distance over the reference’s length', () => {
    const of = (...values: number[]): Float32Array => Float32Array.from(values);
    expect(relativeDistance(of(3, 0), of(0, 4), of(10, 0))).toBeCloseTo(0.5, 12);
    expect(relativeDistance(of(1, 2), of(1, 2), of(1, 2))).toBe(0);
  });

  it('is null where there is nothing to measure', () => {
    expect(relativeDistance(Float32Array.of(0), Float32Array.of(0), Float32Array.of(0))).toBeNull();
    expect(relativeDistance(Float32Array.of(Number.NaN), Float32Array.of(0), Float32Array.of(1))).toBeNull();
  });
});
