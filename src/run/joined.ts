// Finished runs opened again: their records, the folders of a comparison that was joined from others, the model that goes
// first, costs that an older run doesn't tell.
import path from 'node:path';
import type { AnswerTimes } from '../core/compare.js';
import { InputError, unknownName } from '../core/errors.js';
import type { RunRecord } from '../core/result.js';
import { modelCosts } from './cost.js';
import { modelsOf } from './join.js';
import { readRecord } from './record.js';
import { files } from './store.js';

/** Runs that are joined: the folder and the record of each. */
export type Runs = {
  readonly folders: readonly string[];
  readonly records: readonly RunRecord[];
};

/** The record of a folder of a run. @throws InputError where it is none */
export async function recordOf(folder: string): Promise<RunRecord> {
  const record = await readRecord(folder);
  if (record !== null) return record;
  throw new InputError(
    `${folder} is not the folder of a run: it has no ${files.record}. Give folders that \`invariance probe\` made.`,
  );
}

/**
 * The runs of folders; in place of a comparison that was joined from runs, these runs.
 *
 * @throws InputError where a folder is none of a run, or a run of a comparison is gone
 */
export async function openRuns(folders: readonly string[]): Promise<Runs> {
  const found: { folder: string; record: RunRecord; asked: boolean }[] = [];
  for (const folder of folders) {
    const record = await recordOf(folder);
    const { joined = [], x = null, times = null } = record.comparison ?? {};
    if (joined.length === 0) {
      found.push({ folder, record, asked: false });
      continue;
    }
    for (const below of joined) {
      const own = await readRecord(below);
      if (own === null) {
        throw new InputError(`${folder} compares runs, of which ${below} is gone. Give the folders of the others.`);
      }
      // What was asked of the comparison takes the place of what its runs were made for.
      found.push({ folder: below, record: { ...own, comparison: { x, times, joined: [] } }, asked: true });
    }
  }
  const runs = new Map<string, (typeof found)[number]>();
  for (const run of found) {
    const place = path.resolve(run.folder);
    const before = runs.get(place);
    // Given twice, also as part of a comparison: once, with what was asked of that.
    if (before === undefined) runs.set(place, run);
    else if (run.asked && !before.asked) runs.set(place, { ...run, folder: before.folder });
  }
  const once = [...runs.values()];
  return { folders: once.map(({ folder }) => folder), records: once.map(({ record }) => record) };
}

/**
 * The same runs with a model as the first of all.
 *
 * @throws InputError where no run has it
 */
export function referenceFirst({ folders, records }: Runs, name: string): Runs {
  const names = modelsOf(records).map((model) => model.name);
  if (!names.includes(name)) throw unknownName('model for --reference', name, names);
  const has = ({ models }: RunRecord): boolean => models.some((model) => model.name === name);
  const order = folders
    .map((folder, i) => ({ folder, record: records[i] as RunRecord }))
    .sort((a, b) => Number(has(b.record)) - Number(has(a.record)));
  return {
    folders: order.map(({ folder }) => folder),
    records: order.map(({ record }) => modelFirst(record, name)),
  };
}

function modelFirst(record: RunRecord, name: string): RunRecord {
  const { models, costs } = record;
  const places = models.map((_, i) => i).sort((a, b) => Number(named(b)) - Number(named(a)));
  function named(place: number): boolean {
    return models[place]?.name === name;
  }
  return {
    ...record,
    models: places.flatMap((place) => models[place] ?? []),
    ...(costs === undefined ? {} : { costs: places.flatMap((place) => costs[place] ?? []) }),
  };
}

/**
 * The record that a page of these runs names: the comparison's own where it is one that was joined, else the first run's.
 *
 * @param own the record of the folder that was given, where it was one
 */
export function pageRecord({ records }: Runs, own: RunRecord | null): RunRecord {
  return own !== null && (own.comparison?.joined.length ?? 0) > 0 ? own : (records[0] as RunRecord);
}

/** Times of an earlier comparison that holds all of these runs' models: those of several were taken at other moments. */
export function earlierTimes(records: readonly RunRecord[]): AnswerTimes | null {
  const names = modelsOf(records).map(({ name }) => name);
  const timed = records.flatMap(({ comparison }) => comparison?.times ?? []);
  return timed.find(({ models }) => names.every((name) => models.some(({ model }) => model === name))) ?? null;
}

/** The record with its models' costs, told from their files where an older run doesn't tell them. */
export async function withCosts(record: RunRecord): Promise<RunRecord> {
  return record.costs === undefined ? { ...record, costs: await modelCosts(record.models) } : record;
}
