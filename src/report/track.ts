// One picture's answers along its views, reduced to what the page draws: the class that is followed, its probability,
// the winner and the winner's probability at every view.
import { probabilityOf, unpackedGroup, type Observation } from '../core/observation.js';
import { canonicalJson } from '../core/protocol.js';
import type { Coordinates, Group } from '../core/view.js';

/** Answers to the shown views of one picture, in their order. */
export type Track = {
  readonly picture: string;
  /** True class; null where unknown. */
  readonly label: number | null;
  /** The class that is followed: the true one, else the winner at the reference view. */
  readonly focus: number;
  /** Position of the reference view in the lists below. */
  readonly reference: number;
  /** Coordinates of each view. */
  readonly at: readonly Coordinates[];
  /** Index of each view in the observation (for `EmbeddedPicture.windows`). */
  readonly views: readonly number[];
  /** Probability of `focus`; null where the view has no answer. */
  readonly p: readonly (number | null)[];
  /** The most probable class; null where the view has no answer. */
  readonly top: readonly (number | null)[];
  /** The most probable class's probability. */
  readonly q: readonly (number | null)[];
  /** Neighbouring views as positions in the lists above. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Whether every view is a neighbour of the next, and of no other. */
  readonly chained: boolean;
};

/**
 * Index of the group of views that is shown picture by picture. Groups with equal coordinates are repeats: the first
 * of them. Of a sweep, the group in its middle.
 */
export function shownGroup(groups: readonly { readonly at: Coordinates }[]): number {
  const keys = groups.map((group) => canonicalJson(group.at));
  const distinct = [...new Set(keys)];
  return Math.max(0, keys.indexOf(distinct[Math.floor(distinct.length / 2)] ?? ''));
}

/** The views that a page shows of an observation: of one group, or of all groups of two views (random pairs). */
export function shownViews(groups: readonly Group[]): {
  views: number[];
  pairs: [number, number][];
  reference: number;
} {
  const shown = groups[shownGroup(groups)];
  if (!shown) return { views: [], pairs: [], reference: 0 };
  const key = canonicalJson(shown.at);
  const used = shown.views.length > 2 ? [shown] : groups.filter((group) => canonicalJson(group.at) === key);
  const views = [...new Set(used.flatMap((group) => group.views))];
  const position = new Map(views.map((view, i) => [view, i]));
  const at = (view: number): number => position.get(view) ?? 0;
  const pairs = used.flatMap((group) => group.pairs.map(([a, b]): [number, number] => [at(a), at(b)]));
  return { views, pairs, reference: at(shown.reference) };
}

/** The track of one picture, or null where no shown view has an answer. */
export function trackOf(observation: Observation): Track | null {
  const { views, pairs, reference } = shownViews(observation.groups.map(unpackedGroup));
  const answers = views.map((view) => observation.views[view]);
  const winners = answers.map((answer) => (answer && 'top' in answer ? (answer.top[0] ?? null) : null));
  const focus = observation.label ?? winners[reference] ?? winners.find((winner) => winner !== null) ?? null;
  if (focus === null || winners.every((winner) => winner === null)) return null;
  return {
    picture: observation.picture,
    label: observation.label,
    focus,
    reference,
    at: answers.map((answer) => answer?.at ?? {}),
    views,
    p: answers.map((answer) => (answer && 'top' in answer ? (probabilityOf(observation, answer, focus) ?? 0) : null)),
    top: winners,
    q: answers.map((answer) => (answer && 'top' in answer ? (answer.p[0] ?? null) : null)),
    pairs,
    chained: pairs.length === views.length - 1 && pairs.every(([a, b], i) => a === i && b === i + 1),
  };
}

/** The step of a picture that shows most, and how much it shows. */
export type TellingStep = {
  /** Index into `Track.pairs`; 0 where there is none. */
  readonly pair: number;
  /** 3 a right answer turns wrong, 2 wrong turns right, 1 the answer changes, 0 it stays. */
  readonly kind: 0 | 1 | 2 | 3;
  /** Change of the followed class's probability, 0…1. */
  readonly size: number;
};

/** The pair with the deepest change among those of the highest kind. */
export function tellingStep({ pairs, top, p, focus }: Pick<Track, 'pairs' | 'top' | 'p' | 'focus'>): TellingStep {
  let best: TellingStep = { pair: 0, kind: 0, size: -1 };
  pairs.forEach(([a, b], pair) => {
    const [from, to] = [top[a] ?? null, top[b] ?? null];
    const [before, after] = [p[a] ?? null, p[b] ?? null];
    if (from === null || to === null || before === null || after === null) return;
    const kind = from === to ? 0 : from === focus ? 3 : to === focus ? 2 : 1;
    const size = Math.abs(before - after);
    if (kind > best.kind || (kind === best.kind && size > best.size)) best = { pair, kind, size };
  });
  return { ...best, size: Math.max(0, best.size) };
}

/** Number of neighbouring pairs with different winners; pairs without two answers don't count. */
export function changesOf({ pairs, top }: Pick<Track, 'pairs' | 'top'>): number {
  return pairs.filter(([a, b]) => {
    const [from, to] = [top[a] ?? null, top[b] ?? null];
    return from !== null && to !== null && from !== to;
  }).length;
}

/** Mean, lowest and highest probability of the followed class over the views with an answer. */
export function spanOf(p: readonly (number | null)[]): { mean: number; low: number; high: number } {
  const valid = p.filter((value) => value !== null);
  if (valid.length === 0) return { mean: 0, low: 0, high: 0 };
  return {
    mean: valid.reduce((sum, value) => sum + value, 0) / valid.length,
    low: Math.min(...valid),
    high: Math.max(...valid),
  };
}
