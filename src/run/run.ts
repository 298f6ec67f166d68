// The run: plans what is still to be measured, hands it to the workers, stores what comes back, and sums up.
import path from 'node:path';
import type { ComparisonRecord } from '../core/compare.js';
import { InputError } from '../core/errors.js';
import type { ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { PictureEntry } from '../core/picture.js';
import { protocolHash, type Protocol } from '../core/protocol.js';
import type { Result, RunRecord, Shard, SkippedPicture } from '../core/result.js';
import { classResolver } from '../models/classes.js';
import { modelCosts } from './cost.js';
import type { CloserLook } from './inside.js';
import { checkMemory, closerLooks, layersToLookAt } from './plan-layers.js';
import { runJobs } from './pool.js';
import { claimFolder, runName, thisMachine } from './record.js';
import {
  files,
  jsonText,
  observationsFile,
  openAppender,
  openFolder,
  readObservations,
  writeAtomically,
  type Appender,
} from './store.js';
import { summarise } from './summarise.js';
import { versions } from './versions.js';
import type { Job } from './worker.js';

/** What is to be measured, and how. */
export type RunOptions = {
  readonly models: readonly Model[];
  readonly pictures: {
    readonly entries: readonly PictureEntry[];
    /** Pictures that were already found unusable while listing. */
    readonly skipped: readonly SkippedPicture[];
    /** SHA-256 of the list. */
    readonly sha256: string;
    readonly source: string;
    readonly labels: string | null;
  };
  readonly protocol: Protocol;
  /** Folder of the run; null for one named after the run under `reports/`. */
  readonly folder: string | null;
  /** Drop what the folder holds and start again. */
  readonly fresh: boolean;
  /** Stop at the first picture that can't be used. */
  readonly strict: boolean;
  readonly shard: Shard | null;
  /** Worker threads; each has a session of its own with `threads` threads. */
  readonly workers: number;
  readonly threads: number;
  /** The command line that repeats the run, for the record. */
  readonly command: string;
  /** What the run compares its models by, where it is made for a comparison. */
  readonly comparison?: ComparisonRecord;
  /** ISO time of now: the only clock the run reads. */
  readonly now: () => string;
  /** Stops the run after the pictures in hand. */
  readonly signal: AbortSignal;
  readonly progress: (state: Progress) => void;
};

/** How far a run is. */
export type Progress = {
  readonly folder: string;
  /** Pictures measured, of these before this part of the run, and to be measured in all. */
  readonly done: number;
  readonly before: number;
  readonly total: number;
  readonly skipped: number;
  /** Views that this part of the run has measured. */
  readonly views: number;
};

export type RunOutcome = {
  readonly folder: string;
  readonly record: RunRecord;
  /** Null where the run was stopped before its end. */
  readonly result: Result | null;
};

/**
 * Measures every picture under every model and leaves `run.json`, `observations/` and `result.json` in the run's
 * folder. A run that was interrupted goes on where it stopped and ends with the same result.
 *
 * @throws InputError where an input is wrong, RunError where the run fails part-way (what was measured is kept)
 */
export async function runProbe(asked: RunOptions): Promise<RunOutcome> {
  const options = { ...asked, ...workersFor(asked) };
  const { models, protocol, pictures, shard } = options;
  const names = new Set(models.map(({ name }) => name));
  if (names.size < models.length)
    throw new InputError(
      `Two models have the same name (${models.map(({ name }) => name).join(', ')}). Name them apart: --model NAME=PATH.`,
    );

  const layers = await layersToLookAt(models, protocol);
  if (layers !== null) checkMemory(models, layers, protocol, options.workers);
  const start: RunRecord = {
    schema: 'invariance/run@1',
    command: options.command,
    protocol,
    hash: protocolHash(protocol),
    models,
    ...(layers === null ? {} : { layers: layers.flatMap((each) => each ?? []) }),
    costs: await modelCosts(models),
    ...(options.comparison === undefined ? {} : { comparison: options.comparison }),
    pictures: {
      source: pictures.source,
      labels: pictures.labels,
      count: pictures.entries.length,
      sha256: pictures.sha256,
      skipped: pictures.skipped,
    },
    shard,
    versions: await versions(models),
    machine: thisMachine(),
    workers: options.workers,
    threads: options.threads,
    started: options.now(),
    ended: null,
    seconds: 0,
    stages: {},
    state: 'running',
  };
  const folder = options.folder ?? path.join('reports', runName(start));
  const mine = pictures.entries.filter((_, i) => shard === null || i % shard.of === shard.index - 1);
  const labels = models.map((model) => {
    const resolve = classResolver(model);
    return mine.map((entry) => (entry.label === null ? null : resolve(entry.label, entry.id)));
  });

  const lock = await openFolder(folder);
  try {
    const before = await claimFolder(folder, start, options.fresh);
    const record: RunRecord =
      before === null ? start : { ...start, started: before.started, seconds: before.seconds, stages: before.stages };
    await writeAtomically(path.join(folder, files.record), jsonText(record));
    const looks = closerLooks(pictures.entries, protocol);
    const measured = await measureRest(options, folder, mine, labels, layers, looks);
    const finished: RunRecord = {
      ...record,
      pictures: {
        ...record.pictures,
        skipped: [...pictures.skipped, ...measured.skipped].sort((a, b) => (a.picture < b.picture ? -1 : 1)),
      },
      ended: options.now(),
      seconds: record.seconds + measured.seconds,
      stages: summed(record.stages, measured.stages),
      state: measured.stopped ? 'stopped' : 'done',
    };
    await writeAtomically(path.join(folder, files.record), jsonText(finished));
    if (measured.stopped) return { folder, record: finished, result: null };
    const result = await summarise([folder], [finished]);
    await writeAtomically(path.join(folder, files.result), jsonText(result));
    return { folder, record: finished, result };
  } finally {
    await lock.release();
  }
}

/**
 * Worker threads and the threads of each. TensorFlow's own library has threads of its own and crashes where several workers
 * load it side by side: a run with such a model has one worker, whose other models' sessions get all the threads.
 */
function workersFor({ models, workers, threads }: RunOptions): Pick<RunOptions, 'workers' | 'threads'> {
  const native = models.some(({ engine }) => engine !== undefined && engine.backend !== 'wasm');
  return native ? { workers: 1, threads: workers * threads } : { workers, threads };
}

type Measured = { skipped: SkippedPicture[]; seconds: number; stages: Record<string, number>; stopped: boolean };

async function measureRest(
  options: RunOptions,
  folder: string,
  entries: readonly PictureEntry[],
  labels: readonly (readonly (number | null)[])[],
  layers: readonly (ModelLayers | null)[] | null,
  looks: (picture: string) => CloserLook,
): Promise<Measured> {
  const { models, protocol, threads } = options;
  const paths = models.map(({ name }) => observationsFile(folder, name));
  const appenders: Appender[] = [];
  for (const file of paths) appenders.push(await openAppender(file));
  const done = await Promise.all(paths.map(measuredPictures));

  function* jobs(): Generator<Job> {
    for (const [number, entry] of entries.entries()) {
      const tasks = models.flatMap((_, model) =>
        done[model]?.has(entry.id) ? [] : [{ model, label: labels[model]?.[number] ?? null }],
      );
      const { id, path: file, boxes, frames } = entry;
      const film = frames === undefined ? {} : { frames };
      if (tasks.length > 0) yield { number, entry: { id, path: file, boxes, ...film }, tasks, look: looks(id) };
    }
  }

  const before = entries.filter(({ id }) => done.every((ids) => ids.has(id))).length;
  const rest = entries.length - before;
  const skipped: SkippedPicture[] = [];
  let count = before;
  let views = 0;
  const report = (): void =>
    options.progress({ folder, done: count, before, total: entries.length, skipped: skipped.length, views });
  const began = performance.now();
  let stages: Record<string, number> = {};
  try {
    report();
    if (rest > 0) {
      stages = await runJobs(
        jobs(),
        { models, protocol, threads, layers },
        Math.max(1, Math.min(options.workers, rest)),
        {
          lines: async (_, lines, seen) => {
            for (const { model, line } of lines) await appenders[model]?.append(line);
            count++;
            views += seen;
            report();
          },
          skipped: ({ entry }, reason) => {
            if (options.strict)
              throw new InputError(`${reason} Stopped because of --strict; what was measured is kept.`);
            skipped.push({ picture: entry.id, reason });
            report();
          },
        },
        options.signal,
      );
    }
  } finally {
    for (const appender of appenders) await appender.close();
  }
  if (count === 0 && !options.signal.aborted) {
    const first = skipped[0];
    throw new InputError(
      `None of the ${entries.length} pictures could be used${first ? `; the first: ${first.reason.replace(/\.$/, '')}` : ''}.`,
    );
  }
  const stopped = options.signal.aborted && count + skipped.length < entries.length;
  return { skipped, seconds: (performance.now() - began) / 1000, stages, stopped };
}

async function measuredPictures(file: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { picture } of readObservations(file)) ids.add(picture);
  return ids;
}

function summed(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]));
}
