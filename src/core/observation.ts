// Observations: what a classifier said of one picture under all its views. One picture = one line of JSON.
import type { PictureTrace } from './layers.js';
import type { Coordinates, Group } from './view.js';

/** The answer to one view, as stored: the five likeliest classes, and the probabilities of the tracked ones. */
export type ViewObservation =
  | {
      readonly at: Coordinates;
      /** The (up to) five likeliest classes, likeliest first; of equals, the lower index first. */
      readonly top: readonly number[];
      /** Their probabilities. */
      readonly p: readonly number[];
      /** Probabilities of `Observation.tracked`, in that order. */
      readonly t: readonly number[];
    }
  | { readonly at: Coordinates; /** Why there is no answer (NaN or infinite logits). */ readonly invalid: string };

/** A stored pair list: "chain" = every view with the next one of the group's `views`. */
export type StoredGroup = Omit<Group, 'pairs' | 'views'> & {
  readonly pairs: 'chain' | Group['pairs'];
  /** First and one past the last index where the views are consecutive, else all indices. */
  readonly views: readonly number[] | { readonly from: number; readonly to: number };
};

/** What a remedy's answers to one picture took. */
export type RemedyUse = {
  /** Answers, and the different windows that they are made of. */
  readonly answers: number;
  readonly windows: number;
  /** Pairs of neighbouring views that are cut from one canvas, and the windows that both of a pair are made of, summed over pairs. */
  readonly pairs: number;
  readonly shared: number;
};

export type Observation = {
  /** `PictureEntry.id`. */
  readonly picture: string;
  /** True class as an index into the model's classes; null where unknown. */
  readonly label: number | null;
  /** Classes whose probability is stored for every view: each view's top-1, and the label. Ascending. */
  readonly tracked: readonly number[];
  readonly groups: readonly StoredGroup[];
  readonly views: readonly ViewObservation[];
  /** What was seen inside the network, where the protocol asks for it. */
  readonly trace?: PictureTrace;
  /** Of a model with a remedy. */
  readonly remedy?: RemedyUse;
};

/** The group with its pairs and views written out. */
export function unpackedGroup(group: StoredGroup): Group {
  const views = Array.isArray(group.views)
    ? (group.views as readonly number[])
    : range(group.views as { from: number; to: number });
  const pairs = group.pairs === 'chain' ? chain(views) : group.pairs;
  return { at: group.at, reference: group.reference, pairs, views, ...apartOf(group) };
}

/** The group in its shortest stored form. */
export function packedGroup(group: Group): StoredGroup {
  const first = group.views[0] ?? 0;
  const consecutive = group.views.every((view, i) => view === first + i);
  const links = chain(group.views);
  const chained =
    links.length === group.pairs.length &&
    links.every(([a, b], i) => group.pairs[i]?.[0] === a && group.pairs[i][1] === b);
  return {
    at: group.at,
    reference: group.reference,
    pairs: chained ? 'chain' : group.pairs,
    views: consecutive ? { from: first, to: first + group.views.length } : group.views,
    ...apartOf(group),
  };
}

function apartOf({ apart }: Pick<Group, 'apart'>): Pick<Group, 'apart'> {
  return apart === undefined ? {} : { apart };
}

function range({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function chain(views: readonly number[]): [number, number][] {
  return views.slice(1).map((view, i) => [views[i] as number, view]);
}

/** Probability of class `index` under a view: from the tracked classes, else from the top five, else null. */
export function probabilityOf(observation: Observation, view: ViewObservation, index: number): number | null {
  if ('invalid' in view) return null;
  const tracked = observation.tracked.indexOf(index);
  if (tracked >= 0) return view.t[tracked] ?? null;
  const top = view.top.indexOf(index);
  return top >= 0 ? (view.p[top] ?? null) : null;
}
