// The smallest shift that flips each picture, and the top-5 distance of films, from literals.
import { describe, expect, test } from 'vitest';
import { createSmallestFlipCollector } from '../../src/metrics/smallest-flip.js';
import { top5Distance } from '../../src/metrics/top5-distance.js';
import { wilsonInterval } from '../../src/metrics/wilson.js';
import { unpackedGroup } from '../../src/core/observation.js';
import { observed, sure } from './observing.js';

/** 5 × 5 offsets from −2 to 2, row by row; the middle one is the reference. */
const grid = [-2, -1, 0, 1, 2].flatMap((dy) => [-2, -1, 0, 1, 2].map((dx) => ({ dx, dy })));

/** Answers 0 everywhere but at the given offsets. */
function flipping(picture: string, ...at: readonly (readonly [number, number])[]) {
  const said = grid.map(({ dx, dy }) => sure(at.some(([x, y]) => x === dx && y === dy) ? 1 : 0));
  return observed(picture, 0, said, { at: grid, reference: 12 });
}

function resultOf(
  observations: readonly ReturnType<typeof observed>[],
  period: { width: number; height: number } | null = null,
) {
  const collector = createSmallestFlipCollector(period);
  observations.forEach((observation) => collector.add(observation));
  return collector.result();
}

describe('smallest flip', () => {
  test('the nearest view with another answer, by the larger shift and by its length', () => {
    const result = resultOf([
      flipping('a', [1, -1], [2, 0]),
      flipping('b', [-2, 0]),
      flipping('c', [0, 1], [2, 2]),
      flipping('d'),
    ]);
    const share = (value: number) => ({ value, ...wilsonInterval(value, 4), n: 4, pictures: 4, unit: 'fraction', method: 'Wilson' }); // prettier-ignore
    expect(result).toEqual({
      pictures: 4,
      never: 1,
      largest: {
        reach: 2,
        at: [
          { distance: 1, pictures: 2, within: share(0.5) },
          { distance: 2, pictures: 1, within: share(0.75) },
        ],
        quantiles: [
          { share: 0.1, distance: 1 },
          { share: 0.25, distance: 1 },
          { share: 0.5, distance: 1 },
          { share: 0.75, distance: 2 },
          { share: 0.9, distance: null },
        ],
      },
      euclidean: {
        reach: 2.828,
        at: [
          { distance: 1, pictures: 1, within: share(0.25) },
          { distance: 1.414, pictures: 1, within: share(0.5) },
          { distance: 2, pictures: 1, within: share(0.75) },
        ],
        quantiles: [
          { share: 0.1, distance: 1 },
          { share: 0.25, distance: 1 },
          { share: 0.5, distance: 1.414 },
          { share: 0.75, distance: 2 },
          { share: 0.9, distance: null },
        ],
      },
    });
  });
  test('no picture flips: all are beyond the reach', () => {
    const result = resultOf([flipping('a'), flipping('b')]);
    expect([result?.never, result?.largest.at, result?.largest.quantiles[2]?.distance]).toEqual([2, [], null]);
  });
  test('views without an answer flip nothing; a reference without one leaves its picture out', () => {
    const said = (missing: number) => grid.map((_, i) => (i === missing ? 'NaN' : i === 0 ? sure(1) : sure(0)));
    const result = resultOf([
      observed('a', 0, said(11), { at: grid, reference: 12 }),
      observed('b', 0, said(12), { at: grid, reference: 12 }),
    ]);
    expect([result?.pictures, result?.largest.at.map(({ distance }) => distance)]).toEqual([1, [2]]);
  });
  test('on a torus the shorter way round counts', () => {
    const at = [0, 1, 5, 7].map((dx) => ({ dx, dy: 0 }));
    const seen = observed('a', 0, [sure(0), sure(0), sure(0), sure(2)], { at, reference: 0 });
    expect(resultOf([seen])?.largest.at[0]?.distance).toBe(7);
    expect(resultOf([seen], { width: 8, height: 8 })).toMatchObject({
      largest: { reach: 3, at: [{ distance: 1 }] },
    });
  });
  test('nothing is said of views that differ from picture to picture, or in more than a shift', () => {
    const other = observed('b', 0, [sure(0), sure(1)], { at: [{ dx: 0, dy: 0 }, { dx: 3, dy: 0 }], reference: 0 }); // prettier-ignore
    expect(resultOf([flipping('a', [1, 0]), other])).toBeNull();
    const turned = observed('a', 0, [sure(0), sure(1)], { at: [{ angle: 0 }, { angle: 3 }], reference: 0 });
    expect(resultOf([turned])).toBeNull();
    expect(resultOf([])).toBeNull();
  });
  test('the order of pictures does not matter', () => {
    const seen = [flipping('a', [1, 0]), flipping('b', [2, 2]), flipping('c')];
    expect(resultOf(seen.toReversed())).toEqual(resultOf(seen));
  });
});

describe('top-5 distance', () => {
  /** Six classes in this order of probability. */
  const ranked = (...order: readonly number[]) => {
    const p = Array.from({ length: 6 }, () => 0);
    order.forEach((index, place) => (p[index] = 0.4 - 0.05 * place));
    return p;
  };
  const distance = (a: readonly number[], b: readonly number[]) => {
    const seen = observed('a', null, [a, b]);
    return top5Distance.tally(seen, unpackedGroup(seen.groups[0] as (typeof seen.groups)[0]));
  };
  test.each<[string, number[], number[], number]>([
    ['the same order', [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], 0],
    ['the first two exchanged', [0, 1, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5], 2],
    ['the first leaves, the others move up', [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 0], 5 + 4],
    ['reversed', [0, 1, 2, 3, 4, 5], [4, 3, 2, 1, 0, 5], 4 + 2 + 0 + 2 + 4],
    ['the fifth leaves', [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 5, 4], 1],
  ])('%s', (_, a, b, sum) => expect(distance(ranked(...a), ranked(...b))).toEqual({ sum, count: 1 }));
  test('fewer than five classes have none', () => {
    expect(distance([0.5, 0.5], [0.4, 0.6])).toBeNull();
  });
});
