// How the views of a run lie to each other: along a path, over a grid of positions, or in pairs that differ from picture
// to picture. Sections of the page follow from it.
import { plain, signed } from './format.js';
import type { Track } from './track.js';
import type { Coordinates } from '../core/view.js';

/** Views along one line, each a neighbour of the next; the same for all pictures. */
export type PathLayout = {
  readonly kind: 'path';
  /** Each view's place on the line, as written under it: "−4" … "+4". */
  readonly places: readonly string[];
  /** Index of the reference view. */
  readonly reference: number;
  /** What the line is: "shift along the diagonal, pixels". */
  readonly axis: string;
  /** What a place is, in one word: "shift". */
  readonly noun: string;
};

/** Views at positions in two dimensions; the same for all pictures. */
export type GridLayout = {
  readonly kind: 'grid';
  /** Distinct positions, ascending: pixels to the right, pixels down. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** Each view's indices into `xs` and `ys`. */
  readonly cells: readonly (readonly [number, number])[];
  readonly reference: number;
  readonly noun: string;
};

/** Views that differ from picture to picture. */
export type PairsLayout = { readonly kind: 'pairs'; readonly noun: string };

export type Layout = PathLayout | GridLayout | PairsLayout;

/** The layout that all tracks share; pairs where they share none. */
export function layoutOf(tracks: readonly Track[]): Layout {
  const [first] = tracks;
  const pairs: PairsLayout = { kind: 'pairs', noun: 'position' };
  if (!first || first.at.length < 3) return pairs;
  const keys = varyingKeys(first.at);
  const same = (place: (track: Track, view: number) => string): boolean =>
    tracks.every(
      (track) =>
        track.at.length === first.at.length && track.at.every((_, view) => place(track, view) === place(first, view)),
    );
  const absolute = (track: Track, view: number): string => keys.map((key) => String(track.at[view]?.[key])).join();
  const relative = (track: Track, view: number): string =>
    keys.map((key) => String(Number(track.at[view]?.[key]) - Number(track.at[track.reference]?.[key]))).join();
  const shared = same(absolute);
  if (!shared && !same(relative)) return pairs;
  const origin = shared ? {} : (first.at[first.reference] ?? {});
  return tracks.every(({ chained }) => chained) ? pathOf(first, keys, origin) : (gridOf(first, keys, origin) ?? pairs);
}

/** A view's coordinates in words: "dx −3, dy −3". */
export function placeText(at: Coordinates): string {
  const { dx, dy } = at;
  if (typeof dx === 'number' && typeof dy === 'number') return `${signed(dx)}, ${signed(dy)}`;
  return Object.entries(at)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? plain(value) : value}`)
    .join(', ');
}

function varyingKeys(at: readonly Coordinates[]): string[] {
  const keys = [...new Set(at.flatMap((coordinates) => Object.keys(coordinates)))];
  return keys.filter((key) => new Set(at.map((coordinates) => coordinates[key])).size > 1);
}

function pathOf({ at, reference }: Track, keys: readonly string[], origin: Coordinates): PathLayout {
  const [key = ''] = keys;
  const values = at.map((coordinates) => coordinates[key]);
  const numbers = values.map((value) => Number(value) - Number(origin[key] ?? 0));
  const isShift = keys.every((name) => name === 'dx' || name === 'dy');
  const diagonal = isShift && keys.length === 2 && at.every(({ dx, dy }) => dx === dy);
  const line = diagonal ? 'along the diagonal' : key === 'dx' ? 'to the right' : 'downwards';
  const straight = keys.length === 1 || diagonal;
  if (!straight || key === '') {
    return {
      kind: 'path',
      places: at.map((_, i) => String(i + 1)),
      reference,
      axis: 'view along the path',
      noun: 'view',
    };
  }
  const numeric = numbers.every((value) => Number.isFinite(value));
  const write = isShift && numbers.some((value) => value < 0) ? signed : plain;
  return {
    kind: 'path',
    places: numeric ? numbers.map(write) : values.map((value) => String(value)),
    reference,
    axis: isShift ? `shift ${line}, pixels` : key,
    noun: isShift ? 'shift' : key,
  };
}

function gridOf({ at, reference }: Track, keys: readonly string[], origin: Coordinates): GridLayout | null {
  if (keys.length !== 2 || !keys.includes('dx') || !keys.includes('dy')) return null;
  const positions = at.map(({ dx, dy }) => [
    Number(dx) - Number(origin['dx'] ?? 0),
    Number(dy) - Number(origin['dy'] ?? 0),
  ]);
  const ascending = (axis: 0 | 1): number[] =>
    [...new Set(positions.map((position) => position[axis] ?? 0))].sort((a, b) => a - b);
  const [xs, ys] = [ascending(0), ascending(1)];
  const cells = positions.map(([x = 0, y = 0]): [number, number] => [xs.indexOf(x), ys.indexOf(y)]);
  const distinct = new Set(cells.map(([x, y]) => `${x},${y}`));
  return distinct.size === cells.length ? { kind: 'grid', xs, ys, cells, reference, noun: 'position' } : null;
}
