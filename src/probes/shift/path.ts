// Paths: which offsets the views of one picture have, and which of them are neighbours.
import type { Random } from '../../core/random.js';
import type { ShiftOptions } from './options.js';
import type { Room, Span } from './room.js';

/** How far the content moves, pixels, right and down positive. */
export type Offset = readonly [dx: number, dy: number];

export type Route = {
  readonly offsets: readonly Offset[];
  /** Index of the unshifted view among the offsets. */
  readonly reference: number;
  /** Pairs of indices of neighbours. */
  readonly pairs: readonly (readonly [number, number])[];
};

/** The eight neighbours, from the upper left, row by row. */
const NEIGHBOURS: readonly Offset[] = [-1, 0, 1]
  .flatMap((dy) => [-1, 0, 1].map((dx): Offset => [dx, dy]))
  .filter(([dx, dy]) => dx !== 0 || dy !== 0);

/** The route of one picture (and, where the path is random, one repeat, whose numbers come from `random`). */
export function routeOf(options: ShiftOptions, room: Room, random: Random): Route {
  const { step } = options;
  switch (options.path) {
    case 'random': {
      const [dx, dy] = NEIGHBOURS[random.below(NEIGHBOURS.length)] as Offset;
      return {
        offsets: [
          [0, 0],
          [exact(dx * step), exact(dy * step)],
        ],
        reference: 0,
        pairs: [[0, 1]],
      };
    }
    case 'random-pair': {
      const values = multiples(spanOf(options.range, room), step);
      const drawn = (): Offset => [
        values[random.below(values.length)] as number,
        values[random.below(values.length)] as number,
      ];
      return { offsets: [[0, 0], drawn(), drawn()], reference: 0, pairs: [[1, 2]] };
    }
    case 'grid':
      return lattice(multiples(spanOf(options.range, room), step, options.phase));
    case 'map':
      return lattice(
        options.range === undefined
          ? spread(multiples(room.map, step), options.positions)
          : spreadWithZero(multiples(spanOf(options.range, room), step), options.positions),
      );
    default:
      return line(options.path, options.reach, step, options.order);
  }
}

function line(
  path: 'diagonal' | 'horizontal' | 'vertical',
  reach: number,
  step: number,
  order: 'ascending' | 'descending',
): Route {
  const sign = order === 'ascending' ? 1 : -1;
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, i): Offset => {
    const c = exact((i - reach) * step * sign);
    return [path === 'vertical' ? 0 : c, path === 'horizontal' ? 0 : c];
  });
  return { offsets, reference: reach, pairs: offsets.slice(1).map((_, i) => [i, i + 1] as const) };
}

/** All offsets of a square lattice, row by row, each paired with its right and its lower neighbour; (0, 0) first where it isn't on it. */
function lattice(values: readonly number[]): Route {
  const side = values.length;
  const zero = values.indexOf(0);
  const first = zero < 0 ? 1 : 0;
  const onLattice = values.flatMap((dy) => values.map((dx): Offset => [dx, dy]));
  const pairs = onLattice.flatMap((_, i): [number, number][] => {
    const right: [number, number][] = (i + 1) % side === 0 ? [] : [[first + i, first + i + 1]];
    return i + side < onLattice.length ? [...right, [first + i, first + i + side]] : right;
  });
  return {
    offsets: first === 1 ? [[0, 0], ...onLattice] : onLattice,
    reference: zero < 0 ? 0 : zero * side + zero,
    pairs,
  };
}

function spanOf(range: 'canvas' | readonly [number, number], room: Room): Span {
  return range === 'canvas' ? room.range : { low: range[0], high: range[1] };
}

/** The multiples of `step`, each and `phase`, in a span; 0 alone where there is none. */
function multiples({ low, high }: Span, step: number, phase = 0): number[] {
  const first = Math.ceil((low - phase) / step - SLIP);
  const count = Math.floor((high - phase) / step + SLIP) - first + 1;
  return count < 1 ? [0] : Array.from({ length: count }, (_, i) => exact((first + i) * step + phase));
}

/** By how much a multiple of a fraction may miss the end of a span by rounding, in steps. */
const SLIP = 1e-9;

/** Offsets as they are written: thrice 0.1 is 0.3; and no −0. Whole numbers stay. */
function exact(offset: number): number {
  return Math.round(offset * 1e9) / 1e9 + 0;
}

/** As `spread`, and the one nearest to 0 in its place where 0 is among the values but not among those. */
function spreadWithZero(values: readonly number[], most: number): number[] {
  const chosen = spread(values, most);
  if (!values.includes(0) || chosen.includes(0)) return chosen;
  const distances = chosen.slice(1, -1).map((value) => Math.abs(value));
  const nearest = 1 + distances.indexOf(Math.min(...distances));
  return chosen.map((value, i) => (i === nearest ? 0 : value));
}

/** `most` of the values, evenly spread with both ends in it; all where there are no more. */
function spread(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))] as number);
}
