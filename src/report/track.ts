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
export function shownGroup(groups: readonly { readonly at: Coordinates; readonly apart?: true }[]): number {
  const keys = groups.map((group) => (group.apart ? null : canonicalJson(group.at)));
  const distinct = [...new Set(keys.filter((key) => key !== null))];
  return Math.max(0, keys.indexOf(distinct[Math.floor(distinct.length / 2)] ?? ''));
}

/** The views that a page shows of an observation: of one group, or of all its repeats where a group is a single pair. */
export function shownViews(groups: readonly Group[]): {
  views: number[];
  pairs: [number, number][];
  reference: number;
} {
  const shown = groups[shownGroup(groups)];
  if (!shown) return { views: [], pairs: [], reference: 0 };
  const key = canonicalJson(shown.at);
  const used =
    shown.pairs.length > 1 ? [shown] : groups.filter((group) => !group.apart && canonicalJson(group.at) === key);
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
