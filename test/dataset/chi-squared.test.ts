// The chi-squared tail against scipy and the printed tables; merging of cells by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridCounts, lineOrder, spiralOrder } from '../../src/dataset/cells.js';
import { chiSquaredTail, uniformityTest } from '../../src/dataset/chi-squared.js';

describe('chiSquaredTail', () => {
  // scipy 1.17.1: chi2.sf(x, df)
  it.each([
    [0.1, 1, 0.7518296340458492],
    [10, 1, 0.001565402258002549],
    [200, 1, 2.0884875837625688e-45],
    [5.99, 2, 0.05003662708658629],
    [0.5, 4, 0.9735009788392561],
    [4, 9, 0.9114125268316792],
    [40, 9, 7.598525229464264e-6],
    [300, 9, 2.6102773472069844e-59],
    [10, 24, 0.9945469080869906],
    [24, 24, 0.46159733306361805],
    [100, 24, 3.00435368245505e-11],
    [1000, 24, 8.910757573473419e-196],
    [60, 99, 0.9993199970498485],
    [99, 99, 0.4810969124082639],
    [400, 99, 8.372893780664211e-38],
  ])('is scipy’s at %d with %d degrees', (statistic, degrees, p) => {
    expect(chiSquaredTail(statistic, degrees) / p).toBeCloseTo(1, 9);
  });

  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4: upper critical values.
  it.each([
    [3.841, 1, 0.05],
    [16.919, 9, 0.05],
    [36.415, 24, 0.05],
    [42.98, 24, 0.01],
    [123.225, 99, 0.05],
  ])('is the table’s at %d with %d degrees', (statistic, degrees, p) => {
    expect(chiSquaredTail(statistic, degrees)).toBeCloseTo(p, 4);
  });

  it('is exp(−x/2) with two degrees, and 1 at 0', () => {
    expect(chiSquaredTail(0, 24)).toBe(1);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 600, noNaN: true }), (x) => {
        expect(chiSquaredTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 10);
      }),
    );
  });
});

describe('uniformityTest', () => {
  it('leaves cells that expect five alone', () => {
    // Σ (o − 10)² / 10 = (25 + 25 + 0 + 0) / 10
    expect(uniformityTest([15, 5, 10, 10], lineOrder(4))).toMatchObject({ statistic: 5, degrees: 3, cells: 4, n: 40 });
  });

  it('joins cells in order until they expect five, the rest to the last', () => {
    // 28 in 10 cells expect 2.8 each: two by two, five cells of 5.6. Observed 10, 8, 6, 4, 0.
    const counts = [6, 4, 4, 4, 3, 3, 2, 2, 0, 0];
    const expected = (19.36 + 5.76 + 0.16 + 2.56 + 31.36) / 5.6;
    const test = uniformityTest(counts, lineOrder(10)) as { statistic: number; cells: number };
    expect(test.cells).toBe(5);
    expect(test.statistic).toBeCloseTo(expected, 12);
    // 30 in 7 cells: 4.29 each, so two by two: 8.57, 8.57 and 12.86 for the three left.
    const uneven = uniformityTest([30, 0, 0, 0, 0, 0, 0], lineOrder(7)) as { statistic: number; cells: number };
    expect(uneven.cells).toBe(3);
    expect(uneven.statistic).toBeCloseTo((30 - 60 / 7) ** 2 / (60 / 7) + 60 / 7 + 90 / 7, 12);
  });

  it('gives a reason instead of a p where there are too few', () => {
    expect(uniformityTest([12, 12], lineOrder(2))).toEqual({ unavailable: 'only 24 to count, and a test needs 25' });
    expect(uniformityTest([0, 0], lineOrder(2))).toEqual({ unavailable: 'none to count, and a test needs 25' });
  });
});

describe('cells', () => {
  it('spiral from the middle out, each cell once', () => {
    expect(spiralOrder(3)[0]).toBe(4);
    expect([...spiralOrder(3)].sort((a, b) => a - b)).toEqual(lineOrder(9));
    expect(
      spiralOrder(5)
        .slice(1, 9)
        .sort((a, b) => a - b),
    ).toEqual([6, 7, 8, 11, 13, 16, 17, 18]);
  });

  it('sum a lattice up to a grid', () => {
    const counts = lineOrder(36);
    expect(gridCounts(counts, 6, 2)).toEqual([63, 90, 225, 252]);
    expect(gridCounts(counts, 6, 3)[4]).toBe(14 + 15 + 20 + 21);
  });
});
