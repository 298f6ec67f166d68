// Intervals and tests against scipy and statsmodels (test/reference/statistics.py) and textbook values.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapRatios, percentileInterval, quantile } from '../../src/metrics/bootstrap.js';
import { ratioOf } from '../../src/metrics/column.js';
import { holmAdjusted } from '../../src/metrics/holm.js';
import { mcnemarExact } from '../../src/metrics/mcnemar.js';
import { wilsonInterval } from '../../src/metrics/wilson.js';

type Reference = {
  readonly wilson: readonly { successes: number; n: number; low: number; high: number }[];
  readonly mcnemar: readonly { b: number; c: number; p: number }[];
  readonly holm: readonly { p: number[]; adjusted: number[] }[];
  readonly bootstrapRatio: { sum: number[]; count: number[]; low: number; high: number };
};
const file = new URL('../reference/statistics.json', import.meta.url);
const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference;

describe('Wilson interval', () => {
  it.each(reference.wilson)('$successes of $n, as scipy has it', ({ successes, n, low, high }) => {
    const interval = wilsonInterval(successes / n, n);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });
  it('81 of 263: .2553 to .3662 (Newcombe, Statistics in Medicine 17, 1998, table I)', () => {
    const { low, high } = wilsonInterval(81 / 263, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });
  it('lies in 0…1, holds the fraction, and mirrors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const fraction = Math.round(share * n) / n;
        const { low, high } = wilsonInterval(fraction, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(fraction);
        expect(high).toBeGreaterThanOrEqual(fraction);
        expect(high).toBeLessThanOrEqual(1);
        expect(wilsonInterval(1 - fraction, n).low).toBeCloseTo(1 - high, 9);
      }),
    );
  });
});

describe('exact McNemar test', () => {
  it.each(reference.mcnemar)('$b against $c, as statsmodels has it', ({ b, c, p }) => {
    expect(mcnemarExact(b, c) / p).toBeCloseTo(1, 10);
    expect(mcnemarExact(c, b)).toBe(mcnemarExact(b, c));
  });
  it('stays a number for very many pictures', () => {
    expect(mcnemarExact(20_000, 20_000)).toBe(1);
    expect(mcnemarExact(0, 40_000)).toBe(0);
    // Normal approximation with continuity correction: z = 399 / sqrt(40,000) = 1.995, p = .0460.
    expect(mcnemarExact(19_800, 20_200)).toBeCloseTo(0.046, 3);
  });
});

describe('Holm’s adjustment', () => {
  it.each(reference.holm)('of $p, as statsmodels has it', ({ p, adjusted }) => {
    holmAdjusted(p).forEach((value, i) => expect(value).toBeCloseTo(adjusted[i] as number, 12));
  });
  it('doesn’t count rows that were not tested', () => {
    expect(holmAdjusted([null, 0.02, null, 0.5])).toEqual([null, 0.04, null, 0.5]);
    expect(holmAdjusted([])).toEqual([]);
  });
});

describe('quantiles and bootstrap', () => {
  it('interpolate linearly (R’s type 7)', () => {
    const sorted = Float64Array.of(1, 2, 3, 4);
    expect(quantile(sorted, 0.025)).toBeCloseTo(1.075, 12);
    expect(quantile(sorted, 0.5)).toBe(2.5);
    expect(quantile(sorted, 1)).toBe(4);
    expect(quantile(Float64Array.of(7), 0.975)).toBe(7);
  });
  it('ratio of clustered counts, near scipy’s percentile bootstrap with its own random numbers', () => {
    const { sum, count, low, high } = reference.bootstrapRatio;
    const rows = { sum: Float64Array.from(sum), count: Float64Array.from(count) };
    const interval = percentileInterval(bootstrapRatios([rows], 3, 20_000)[0]!)!;
    expect(Math.abs(interval.low - low)).toBeLessThan(0.003);
    expect(Math.abs(interval.high - high)).toBeLessThan(0.003);
    expect(interval.low).toBeLessThan(ratioOf(rows));
  });
  it('drops resamples without a value, and gives up if that is more than half', () => {
    expect(percentileInterval(Float64Array.of(NaN, 2, 2, NaN))).toEqual({ low: 2, high: 2 });
    expect(percentileInterval(Float64Array.of(NaN, NaN, 2))).toBeNull();
    expect(percentileInterval(new Float64Array(0))).toBeNull();
  });
});
