// What `invariance compare` does: measures models together, or joins finished runs, and says how the models differ, what
// each costs, and which pictures each flips.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { AnswerTimes, ComparisonRecord } from '../../core/compare.js';
import { expected, InputError, unknownName } from '../../core/errors.js';
import type { Model } from '../../core/model.js';
import type { Result, RunRecord } from '../../core/result.js';
import { evaluateThresholds, checkParts, parseThreshold, thresholdFails } from '../../metrics/threshold.js';
import { answerTimes, type AnswerTime } from '../../metrics/times.js';
import { checkNumberName, comparedNumber } from '../../run/compared-number.js';
import { checkComparisonFolder, dropComparison } from '../../run/comparison-folder.js';
import { modelCosts } from '../../run/cost.js';
import { checkComparable, modelsOf } from '../../run/join.js';
import { earlierTimes, openRuns, referenceFirst, withCosts, type Runs } from '../../run/joined.js';
import type { MeasuredPart } from '../../run/parts.js';
import { runName } from '../../run/record.js';
import { files, jsonText, openFolder, writeAtomically } from '../../run/store.js';
import { timeModels } from '../../run/timing.js';
import { comparisonLines } from '../compare-table.js';
import { commandLine } from '../options.js';
import { measureLikeRuns } from './measure-like-runs.js';
import { probe, type Comparing, type ProbeOptions } from './probe.js';
import { joinRuns } from './runs.js';

export type CompareOptions = ProbeOptions & {
  readonly reference?: string;
  readonly x?: string;
  readonly timing: boolean;
};

/** Options that say nothing of how pictures are measured: finished runs take them. */
const OF_RUNS = ['reference', 'x', 'timing', 'out', 'fresh', 'images', 'failIf', 'json', 'report', 'quiet'];
/** Further ones where models are measured as the runs were. */
const OF_MEASURING = [
  ...['remedy', 'workers', 'threads', 'strict', 'model'],
  ...['runtime', 'backend', 'inputName', 'outputName'],
];

/**
 * @param named models and folders of runs, in their order
 * @param given names of the options that stand on the command line
 */
export async function compare(
  named: readonly string[],
  options: CompareOptions,
  given: readonly string[],
): Promise<void> {
  if (options.x !== undefined) checkNumberName(options.x);
  const runs: string[] = [];
  const models: string[] = [];
  for (const name of named) ((await isRun(name)) ? runs : models).push(name);
  models.push(...options.model);
  if (runs.length === 0) {
    await probe({ ...options, model: models }, comparing(options));
    return;
  }
  const allowed = [...OF_RUNS, ...(models.length > 0 ? OF_MEASURING : [])];
  const foreign = given.find((key) => !allowed.includes(key));
  if (foreign !== undefined) {
    throw new InputError(
      `--${foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} has no meaning for finished runs: they were measured under a protocol and pictures of their own. Leave it out, or give models alone.`,
    );
  }
  await compareRuns(await openRuns(runs), models, options);
}

/** Whether an argument is the folder of a run: it has a run.json. */
async function isRun(name: string): Promise<boolean> {
  return stat(path.join(name, files.record)).then(
    (found) => found.isFile(),
    () => false,
  );
}

function checkEnough(names: readonly string[]): void {
  if (names.length > 1) return;
  throw expected(
    'compare',
    'two models or more',
    names[0] ?? 'none',
    'Name another model, or the folder of a run with one.',
  );
}

/** What `probe` does for a comparison of models that it measures itself. */
function comparing(options: CompareOptions): Comparing {
  const display = timingDisplay(options);
  return {
    ordered: (models) => {
      checkEnough(models.map(({ name }) => name));
      return withFirst(models, options.reference);
    },
    record: async (models) => ({
      x: options.x === undefined ? null : await comparedNumber(options.x, models, await modelCosts(models)),
      times: null,
      joined: [],
    }),
    timed: async (run, signal) => {
      const [record] = run.records;
      const [folder] = run.folders;
      if (record?.comparison === undefined || folder === undefined || !options.timing) return run;
      const comparison = { ...record.comparison, times: await timesOf(record.models, signal, display) };
      const timed: MeasuredPart = { ...run, records: [{ ...record, comparison }] };
      await writeAtomically(path.join(folder, files.record), jsonText(timed.records[0]));
      return timed;
    },
    lines: (result, times) => comparisonLines(result, shownTimes(result, times)),
  };
}

/** Times against the result's reference, its first model. */
function shownTimes({ models: [reference] }: Result, times: AnswerTimes | null): AnswerTime[] {
  return times === null || reference === undefined ? [] : answerTimes(times, reference.name);
}

function withFirst(models: readonly Model[], name: string | undefined): readonly Model[] {
  if (name === undefined) return models;
  const first = models.find((model) => model.name === name);
  if (first === undefined) {
    throw unknownName(
      'model for --reference',
      name,
      models.map((model) => model.name),
    );
  }
  return [first, ...models.filter((model) => model !== first)];
}

type TimingDisplay = (round: number, of: number) => void;

function timingDisplay({ quiet }: CompareOptions): TimingDisplay {
  return (round, of) => {
    if (!(quiet ?? false) && round === 0) process.stderr.write(`timing the models in turns, ${of} rounds\n`);
  };
}

async function timesOf(
  models: readonly Model[],
  signal: AbortSignal,
  progress: TimingDisplay,
): Promise<AnswerTimes | null> {
  return timeModels(models, { signal, now: () => performance.now(), progress });
}

async function compareRuns(given: Runs, models: readonly string[], options: CompareOptions): Promise<void> {
  checkComparable(given.folders, given.records, 'compared');
  const rules = options.failIf.map(parseThreshold);
  const { out, fresh = false } = options;
  if (out !== undefined) await checkComparisonFolder(out, given.folders, { fresh, measures: models.length > 0 });
  const measured = models.length === 0 ? given : await measureLikeRuns(given, models, options);
  if (measured === null) {
    process.exitCode = 130;
    return;
  }
  const names = modelsOf(measured.records).map(({ name }) => name);
  checkEnough(names);
  const ordered = options.reference === undefined ? measured : referenceFirst(measured, options.reference);
  checkComparable(ordered.folders, ordered.records, 'compared');
  const known = await Promise.all(ordered.records.map(withCosts));
  const all = modelsOf(known);
  const costs = all.map(({ name }) => {
    const record = known.find((one) => one.models.some((model) => model.name === name));
    const place = record?.models.findIndex((model) => model.name === name) ?? -1;
    return record?.costs?.[place];
  });
  const told = costs.flatMap((cost) => cost ?? []);
  const x = options.x === undefined ? null : await comparedNumber(options.x, all, told);
  const times = options.timing
    ? await timesOf(all, new AbortController().signal, timingDisplay(options))
    : earlierTimes(known);
  const comparison: ComparisonRecord = {
    x,
    times,
    joined: ordered.folders.map((folder) => path.resolve(folder)),
  };
  const [first] = known as [RunRecord, ...RunRecord[]];
  // Also of a run that attributes: whichever comes first, its models are compared like all others.
  const asked = (record: RunRecord): RunRecord => ({ ...record, comparison: { ...comparison, joined: [] } });
  const runs = { folders: ordered.folders, records: known.map(asked) };
  const { result: summary, entries, parts } = await joinRuns(runs, options.images, asked);
  checkParts(
    rules,
    parts.map(({ name }) => name),
  );
  const result = { ...summary, thresholds: evaluateThresholds(rules, summary) };
  const run: RunRecord = {
    ...first,
    command: commandLine(process.argv.slice(2)),
    models: all,
    costs: told,
    shard: null,
    seconds: known.reduce((sum, { seconds }) => sum + seconds, 0),
    comparison,
  };
  const to = out ?? path.join('reports', `compare-${runName(run)}`);
  await checkComparisonFolder(to, comparison.joined, { fresh });
  const lock = await openFolder(to);
  try {
    await dropComparison(to);
    await writeAtomically(path.join(to, files.record), jsonText(run));
    await writeAtomically(path.join(to, files.result), jsonText(result));
    const page = options.report
      ? await (
          await import('../../run/publish.js')
        ).publish(to, runs.folders, runs.records, result, entries, parts, run)
      : null;
    const lines = [
      ...comparisonLines(result, shownTimes(result, times)),
      ...Object.entries(result.parts ?? {}).flatMap(([name, part]) => [
        '',
        `— ${name} —`,
        ...comparisonLines(part, []),
      ]),
      '',
      `page    ${page ?? '– (--no-report)'}`,
      `result  ${path.join(to, files.result)}`,
    ];
    process.stdout.write(options.json ? jsonText(result) : `${lines.join('\n')}\n`);
  } finally {
    await lock.release();
  }
  if (result.thresholds.some(thresholdFails)) process.exitCode = 1;
}
