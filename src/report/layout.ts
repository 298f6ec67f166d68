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
  /** Each view's indices into `xs` and `ys`; −1 for a reference view that lies beside the grid. */
  readonly cells: readonly (readonly [number, number])[];
  readonly reference: number;
  readonly noun: string;
  /** Positions are the first model's; other models have theirs at the same places in proportion to their input. */
  readonly proportional: boolean;
};

/** Views that differ from picture to picture. */
export type PairsLayout = { readonly kind: 'pairs'; readonly noun: string };

export type Layout = PathLayout | GridLayout | PairsLayout;

/** The layout that all tracks share; pairs where they share none. */
export function layoutOf(tracks: readonly Track[]): Layout {
  const [first] = tracks;
  const pairs: PairsLayout = { kind: 'pairs', noun: pairNoun(first) };
  if (!first || first.at.length < 3 || tracks.some((track) => track.at.length !== first.at.length)) return pairs;
  const keys = varyingKeys(first.at);
  const same = (place: (track: Track, view: number) => string): boolean =>
    tracks.every((track) => track.at.every((_, view) => place(track, view) === place(first, view)));
  const absolute = same((track, view) => keys.map((key) => String(track.at[view]?.[key])).join());
  const shared =
    absolute ||
    same((track, view) =>
      keys.map((key) => String(Number(track.at[view]?.[key]) - Number(track.at[track.reference]?.[key]))).join(),
    );
  const origin = absolute || !shared ? {} : (first.at[first.reference] ?? {});
  if (tracks.every(({ chained }) => chained)) return pathOf(first, shared ? keys : [], origin);
  const grid = gridOf(first, keys, origin);
  if (!grid) return pairs;
  const cells = JSON.stringify(grid.cells);
  const alike = tracks.every((track) => JSON.stringify(gridOf(track, keys, {})?.cells) === cells);
  return alike ? { ...grid, proportional: !shared } : pairs;
}

/** What tells views apart that don't lie on a path: a shift's position, or the one coordinate that varies ("kernel"). */
function pairNoun(track: Track | undefined): string {
  const [key, ...others] = varyingKeys(track?.at ?? []);
  return key === undefined || others.length > 0 || key === 'dx' || key === 'dy' ? 'position' : key;
}

/** A view's place in a layout of pairs, as it stands behind the layout's noun. */
export function pairPlace({ noun }: PairsLayout, at: Coordinates): string {
  const value = at[noun];
  return value === undefined ? placeText(at) : typeof value === 'number' ? plain(value) : value;
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

/** A lattice of positions, each paired with its neighbours; the reference position may lie beside it. */
function gridOf({ at, pairs, reference }: Track, keys: readonly string[], origin: Coordinates): GridLayout | null {
  if (keys.length !== 2 || !keys.includes('dx') || !keys.includes('dy') || pairs.length < at.length - 1) return null;
  const along = (key: 'dx' | 'dy'): number[] => at.map((view) => Number(view[key]) - Number(origin[key] ?? 0));
  const [dx, dy] = [along('dx'), along('dy')];
  const paired = new Set(pairs.flat());
  const distinct = (values: readonly number[]): number[] =>
    [...new Set(values.filter((_, view) => paired.has(view)))].sort((a, b) => a - b);
  const [xs, ys] = [distinct(dx), distinct(dy)];
  const cells = at.map((_, view): [number, number] =>
    paired.has(view) ? [xs.indexOf(dx[view] ?? 0), ys.indexOf(dy[view] ?? 0)] : [-1, -1],
  );
  if (xs.length * ys.length !== paired.size) return null;
  return { kind: 'grid', xs, ys, cells, reference, noun: 'position', proportional: false };
}
