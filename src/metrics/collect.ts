// Observations into columns, one at a time and in any order: what is kept is about 130 bytes a picture (and as much
// again for each step of a sweep), never the observations.
import { InputError } from '../core/errors.js';
import { unpackedGroup, type Observation } from '../core/observation.js';
import { canonicalJson } from '../core/protocol.js';
import type { ModelResult, ViewMeans } from '../core/result.js';
import type { Coordinates, Group } from '../core/view.js';
import { growingColumn, pooled, type Column, type GrowingColumn } from './column.js';
import type { Metric } from './metric.js';
import { createViewMeans } from './view-means.js';

/** Views without an answer that are named one by one. */
const NAMED_INVALID = 100;

type InvalidView = ModelResult['invalid'][number] & { readonly index: number };

/** All that estimates and comparisons of one model need. The same for any order of `add`, to the last bit. */
export type Collected = {
  readonly metrics: readonly Metric[];
  /** Ids of the pictures, ascending (by UTF-16 code units): the rows of every column. */
  readonly pictures: readonly string[];
  /** By metric, over all groups but those that stand apart. */
  readonly columns: readonly Column[];
  /** By distinct `Group.at`, in the order of a picture's groups. */
  readonly series: readonly {
    readonly at: Coordinates;
    /** Not part of the pooled columns. */
    readonly apart: boolean;
    readonly columns: readonly Column[];
  }[];
  readonly views: readonly ViewMeans[];
  readonly counts: ModelResult['pictures'];
  readonly invalid: ModelResult['invalid'];
};

type Collector = {
  /** @throws InputError if the picture was added before, or the observation is damaged */
  readonly add: (observation: Observation) => void;
  /** What was collected so far; more may be added afterwards. */
  readonly collected: () => Collected;
};

/** Where a series was first met, counted in the order of ids: its place among the series. */
type Series = {
  readonly at: Coordinates;
  readonly apart: boolean;
  readonly columns: readonly GrowingColumn[];
  firstPicture: string;
  firstGroup: number;
};

export function createCollector(metrics: readonly Metric[]): Collector {
  const rows = new Map<string, number>();
  const series = new Map<string, Series>();
  const views = createViewMeans();
  let labelled = 0;
  let invalidViews = 0;
  let invalid: InvalidView[] = [];

  const seriesOf = (group: Group, picture: string, position: number): Series => {
    const { at, apart = false } = group;
    const key = keyOf(group);
    const known = series.get(key);
    if (known === undefined) {
      const added = {
        at,
        apart,
        columns: metrics.map(() => growingColumn()),
        firstPicture: picture,
        firstGroup: position,
      };
      series.set(key, added);
      return added;
    }
    if (picture < known.firstPicture) {
      known.firstPicture = picture;
      known.firstGroup = position;
    }
    return known;
  };

  const noteInvalid = (observation: Observation) => {
    for (const [index, view] of observation.views.entries()) {
      if (!('invalid' in view)) continue;
      invalidViews++;
      invalid.push({ picture: observation.picture, at: view.at, reason: view.invalid, index });
      if (invalid.length > 2 * NAMED_INVALID) invalid = firstInvalid(invalid);
    }
  };

  return {
    add: (observation) => {
      const { picture } = observation;
      if (rows.has(picture)) {
        throw new InputError(
          `Expected one observation of "${picture}" but there are two. Measure again with --fresh, or remove one of the lines.`,
        );
      }
      const row = rows.size;
      rows.set(picture, row);
      if (observation.label !== null) labelled++;
      noteInvalid(observation);
      views.add(observation);
      for (const [position, group] of mergedGroups(observation).entries()) {
        const { columns } = seriesOf(group, picture, position);
        for (const [m, metric] of metrics.entries()) {
          const tally = metric.tally(observation, group);
          if (tally !== null) columns[m]?.add(row, tally.sum, tally.count);
        }
      }
    },
    collected: () => {
      const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
      const order = Int32Array.from(sorted, ([, row]) => row);
      const parts = [...series.values()].sort(bySeries).map(({ at, apart, columns }) => ({
        at,
        apart,
        columns: columns.map((column) => column.rows(order)),
      }));
      const together = parts.filter(({ apart }) => !apart);
      const empty = (): Column => ({ sum: new Float64Array(order.length), count: new Float64Array(order.length) });
      const over = (m: number) => together.flatMap(({ columns }) => columns[m] ?? []);
      return {
        metrics,
        pictures: sorted.map(([id]) => id),
        columns: metrics.map((_, m) => (together.length > 0 ? pooled(over(m)) : empty())),
        series: parts,
        views: views.means(),
        counts: { measured: rows.size, labelled, invalidViews },
        invalid: firstInvalid(invalid).map(({ picture, at, reason }) => ({ picture, at, reason })),
      };
    },
  };
}

/**
 * The groups of an observation, those of equal coordinates (passes of a random protocol) as one: a picture is right, or
 * changes, once over all its passes, and counts once. The reference is the first pass's.
 */
function mergedGroups(observation: Observation): Group[] {
  const merged = new Map<string, Group>();
  for (const stored of observation.groups) {
    const group = unpackedGroup(stored);
    const key = keyOf(group);
    const before = merged.get(key);
    if (before === undefined) merged.set(key, group);
    else {
      const views = [...new Set([...before.views, ...group.views])];
      merged.set(key, { ...before, views, pairs: [...before.pairs, ...group.pairs] });
    }
  }
  return [...merged.values()];
}

/** Groups with equal keys are estimated together. */
function keyOf({ at, apart }: Pick<Group, 'at' | 'apart'>): string {
  return `${apart === true ? 'apart ' : ''}${canonicalJson(at)}`;
}

function bySeries(a: Series, b: Series): number {
  if (a.firstPicture !== b.firstPicture) return a.firstPicture < b.firstPicture ? -1 : 1;
  return a.firstGroup - b.firstGroup;
}

/** The first by picture's id, then by view. */
function firstInvalid(invalid: readonly InvalidView[]): InvalidView[] {
  return [...invalid]
    .sort((a, b) => (a.picture === b.picture ? a.index - b.index : a.picture < b.picture ? -1 : 1))
    .slice(0, NAMED_INVALID);
}
