// The smallest shift that flips each picture: how near the reference view lies a view with another answer. The
// adversarial position of Engstrom et al. (ICML 2019), measured by its distance.
import { unpackedGroup, type Observation } from '../core/observation.js';
import type { FlipDistances, SmallestFlip } from '../core/result.js';
import type { Coordinates } from '../core/view.js';
import { answerAt, top1 } from './answers.js';
import { wilsonInterval } from './wilson.js';

/** Shares of the pictures whose distance is told. */
const SHARES = [0.1, 0.25, 0.5, 0.75, 0.9] as const;

/** Side lengths of a torus, pixels: a shift by nearly the whole side is a small one to the other side. */
export type Period = { readonly width: number; readonly height: number };

type SmallestFlipCollector = {
  readonly add: (observation: Observation) => void;
  /**
   * Null where there is none: views that are not the same shifts for every picture, several kinds of groups, or no
   * picture with an answer at its reference view.
   */
  readonly result: () => SmallestFlip | null;
};

/** @param period of cyclic shifts; null where content enters or leaves */
export function createSmallestFlipCollector(period: Period | null): SmallestFlipCollector {
  const nearest: { readonly largest: number; readonly euclidean: number }[] = [];
  const reach = { largest: 0, euclidean: 0 };
  let shared: string | null = null;
  let comparable = true;
  return {
    add: (observation) => {
      if (!comparable) return;
      const shifts = shiftsOf(observation, period);
      const places = JSON.stringify(shifts?.views.map(({ right, down }) => [right, down]));
      comparable = shifts !== null && (shared ??= places) === places;
      if (!comparable || shifts === null) return;
      for (const { largest, euclidean } of shifts.views) {
        reach.largest = Math.max(reach.largest, largest);
        reach.euclidean = Math.max(reach.euclidean, euclidean);
      }
      const reference = answerAt(observation, shifts.reference);
      if (reference === null) return;
      const flipped = shifts.views.filter(({ index }) => {
        const answer = answerAt(observation, index);
        return answer !== null && top1(answer) !== top1(reference);
      });
      nearest.push({
        largest: Math.min(...flipped.map(({ largest }) => largest)),
        euclidean: Math.min(...flipped.map(({ euclidean }) => euclidean)),
      });
    },
    result: () => {
      if (!comparable || nearest.length === 0 || reach.largest === 0) return null;
      return {
        pictures: nearest.length,
        never: nearest.filter(({ largest }) => largest === Infinity).length,
        largest: distancesOf(
          nearest.map(({ largest }) => largest),
          reach.largest,
        ),
        euclidean: distancesOf(
          nearest.map(({ euclidean }) => euclidean),
          reach.euclidean,
        ),
      };
    },
  };
}

type Shift = {
  readonly index: number;
  readonly right: number;
  readonly down: number;
  readonly largest: number;
  readonly euclidean: number;
};

/** The shifts of a picture's views from its reference view; null where views differ in more than a shift. */
function shiftsOf(
  observation: Observation,
  period: Period | null,
): { readonly reference: number; readonly views: readonly Shift[] } | null {
  const groups = observation.groups.map(unpackedGroup);
  const [first] = groups;
  if (first === undefined || groups.length !== 1) return null;
  const origin = offsetOf(observation.views[first.reference]?.at ?? {});
  if (origin === null) return null;
  const views: Shift[] = [];
  for (const index of first.views) {
    const offset = offsetOf(observation.views[index]?.at ?? {});
    if (offset === null) return null;
    const right = along(offset.dx - origin.dx, period?.width);
    const down = along(offset.dy - origin.dy, period?.height);
    const largest = Math.max(Math.abs(right), Math.abs(down));
    views.push({ index, right, down, largest, euclidean: rounded(Math.hypot(right, down)) });
  }
  return { reference: first.reference, views };
}

function offsetOf(at: Coordinates): { readonly dx: number; readonly dy: number } | null {
  const { dx, dy, ...others } = at;
  return typeof dx === 'number' && typeof dy === 'number' && Object.keys(others).length === 0 ? { dx, dy } : null;
}

/** A shift along one side; of a torus the shorter way round. */
function along(shift: number, side: number | undefined): number {
  if (side === undefined) return rounded(shift);
  const right = ((shift % side) + side) % side;
  return rounded(right > side / 2 ? right - side : right);
}

/** To a thousandth of a pixel, so that equal distances are equal. */
function rounded(distance: number): number {
  return Math.round(distance * 1000) / 1000;
}

function distancesOf(nearest: readonly number[], reach: number): FlipDistances {
  const n = nearest.length;
  const sorted = nearest.toSorted((a, b) => a - b);
  const flipped = sorted.filter((distance) => distance < Infinity);
  return {
    reach,
    at: [...new Set(flipped)].map((distance) => {
      const within = flipped.filter((other) => other <= distance).length;
      return {
        distance,
        pictures: flipped.filter((other) => other === distance).length,
        within: {
          value: within / n,
          ...wilsonInterval(within / n, n),
          n,
          pictures: n,
          unit: 'fraction',
          method: 'Wilson',
        },
      };
    }),
    quantiles: SHARES.map((share) => ({ share, distance: sorted[Math.ceil(share * n) - 1] ?? Infinity })).map(
      ({ share, distance }) => ({ share, distance: distance === Infinity ? null : distance }),
    ),
  };
}
