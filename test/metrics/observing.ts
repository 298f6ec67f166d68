// Observations for tests, written as what the model says of each view: probabilities by class.
import { packedGroup, type Observation, type ViewObservation } from '../../src/core/observation.js';
import type { Coordinates, Group } from '../../src/core/view.js';
import type { Column } from '../../src/metrics/column.js';
import type { Tally } from '../../src/metrics/metric.js';

/** Probabilities by class, or why there is no answer. */
type Said = readonly number[] | string;

type Parts = {
  readonly groups?: readonly Group[];
  readonly at?: readonly Coordinates[];
  readonly reference?: number;
};

/** One picture under views at {dx: 0}, {dx: 1}, …, all in one group whose neighbours are pairs, unless said otherwise. */
export function observed(picture: string, label: number | null, said: readonly Said[], parts: Parts = {}): Observation {
  const views = said.map((_, index) => index);
  const reference = parts.reference ?? Math.floor(said.length / 2);
  const groups = parts.groups ?? [{ at: {}, reference, pairs: chain(views), views }];
  const ranked = said.map((p) => (typeof p === 'string' ? null : ranking(p)));
  const tracked = [...new Set([...ranked.flatMap((order) => order?.[0] ?? []), ...(label === null ? [] : [label])])];
  tracked.sort((a, b) => a - b);
  return {
    picture,
    label,
    tracked,
    groups: groups.map(packedGroup),
    views: said.map((p, index): ViewObservation => {
      const at = parts.at?.[index] ?? { dx: index };
      if (typeof p === 'string') return { at, invalid: p };
      const top = ranking(p).slice(0, 5);
      return { at, top, p: top.map((k) => p[k] as number), t: tracked.map((k) => p[k] as number) };
    }),
  };
}

/** A group over views from…to − 1 whose neighbours are pairs. */
export function path(at: Coordinates, from: number, to: number): Group {
  const views = Array.from({ length: to - from }, (_, i) => from + i);
  return { at, reference: views[Math.floor(views.length / 2)] as number, pairs: chain(views), views };
}

/** Six classes with so much for one of them and the rest in equal parts for the others. */
export function sure(index: number, p = 0.75): number[] {
  return Array.from({ length: 6 }, (_, k) => (k === index ? p : (1 - p) / 5));
}

export function column(tallies: readonly (readonly [sum: number, count: number])[]): Column {
  return {
    sum: Float64Array.from(tallies, ([sum]) => sum),
    count: Float64Array.from(tallies, ([, count]) => count),
  };
}

export function tally(sum: number, count: number): Tally {
  return { sum, count };
}

function ranking(p: readonly number[]): number[] {
  return p.map((_, k) => k).sort((a, b) => (p[b] as number) - (p[a] as number) || a - b);
}

function chain(views: readonly number[]): [number, number][] {
  return views.slice(1).map((view, i) => [views[i] as number, view]);
}
