// What `invariance probe` does: measures models on pictures under a protocol and leaves a run with its page.
import path from 'node:path';
import type { AnswerTimes, ComparisonRecord } from '../../core/compare.js';
import { InputError } from '../../core/errors.js';
import type { Model } from '../../core/model.js';
import type { PictureEntry } from '../../core/picture.js';
import type { Result } from '../../core/result.js';
import { zooCards } from '../../models/card.js';
import { withBoxes } from '../../pictures/boxes.js';
import { defaultPictures } from '../../pictures/defaults.js';
import { listFilms } from '../../pictures/films.js';
import { listHash, listPictures } from '../../pictures/sources.js';
import { evenlySpread } from '../../pictures/spread.js';
import { checkParts, evaluateThresholds, parseThreshold, thresholdFails } from '../../metrics/threshold.js';
import { makeParts, type PartFlags } from '../../probes/parts.js';
import { parseShare, type LayersRequest } from '../../probes/layers.js';
import { parseRemedies } from '../../remedies/registry.js';
import { withRemedies } from '../../remedies/variants.js';
import { checkRoom, openModels } from '../../run/open.js';
import { runParts, withParts, type MeasuredPart } from '../../run/parts.js';
import type { RunOptions } from '../../run/run.js';
import { files, jsonText, writeAtomically } from '../../run/store.js';
import { engineRequest, type EngineOptions } from '../engine-options.js';
import { commandLine, defaultWorkers, parseModel, parseShard } from '../options.js';
import { parseLayers } from '../layer-table.js';
import { progressDisplay } from '../progress.js';
import { partLines } from '../part-lines.js';
import { aligned } from '../table.js';

export type ProbeOptions = EngineOptions & {
  readonly shift?: string;
  readonly model: readonly string[];
  readonly remedy: readonly string[];
  readonly images?: string;
  readonly labels?: string;
  readonly preprocess?: string;
  readonly surround?: string;
  readonly path?: string;
  readonly canvas?: number;
  readonly object?: string;
  readonly translate?: string;
  readonly fill?: string;
  readonly rotate?: string;
  readonly scale?: string;
  readonly scaleSurround?: string;
  readonly crop?: string;
  readonly cropMargin?: string;
  readonly cropSmall?: string;
  /** true: every kernel; text: a list. */
  readonly kernels?: true | string;
  readonly frames?: string;
  readonly tta?: string;
  readonly boxes?: string;
  readonly protocol?: string;
  readonly corrupt?: string;
  readonly repeat?: number;
  readonly seed?: number;
  readonly limit?: number;
  readonly threads: number;
  readonly shard?: string;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly strict?: boolean;
  readonly failIf: readonly string[];
  readonly json?: boolean;
  readonly report: boolean;
  readonly quiet?: boolean;
  /** true: each block; text: "all", a glob, or a list. */
  readonly layers?: boolean | string;
  readonly sumTolerance?: string;
  readonly maps?: number;
  readonly mapPictures?: number;
  readonly localPictures?: number;
};

/** Milliseconds within which a second signal is the same press, sent to the group and to the process. */
const SAME_PRESS = 500;

/** What `invariance compare` does with the models of a run beyond measuring them. */
export type Comparing = {
  /** The models in the order of the comparison; refuses fewer than two. */
  readonly ordered: (models: readonly Model[]) => readonly Model[];
  /** What the run's record gets, known before anything is measured. */
  readonly record: (models: readonly Model[]) => Promise<ComparisonRecord>;
  /** The run with the models' times in its record. */
  readonly timed: (run: MeasuredPart, signal: AbortSignal) => Promise<MeasuredPart>;
  /** @param times of the models; null for further parts */
  readonly lines: (result: Result, times: AnswerTimes | null) => string[];
};

/** @param comparing where the run is made to compare its models */
export async function probe(options: ProbeOptions, comparing: Comparing | null = null): Promise<void> {
  const rules = options.failIf.map(parseThreshold);
  const shard = options.shard === undefined ? null : parseShard(options.shard);
  const parts = await makeParts({
    ...given('shift', options.shift),
    ...given('preset', options.protocol),
    ...given('surround', options.surround),
    ...given('path', options.path),
    ...given('canvas', options.canvas),
    ...given('object', options.object),
    ...given('repeat', options.repeat),
    ...given('seed', options.seed),
    ...given('preprocess', options.preprocess),
    ...given('layers', layersRequest(options)),
    ...given('corrupt', options.corrupt),
    flags: partFlags(options),
  });
  checkParts(
    rules,
    parts.slice(1).map(({ name }) => name),
  );
  const remedies = parseRemedies(options.remedy);
  const requests = (options.model.length > 0 ? options.model : ['zoo']).map(parseModel);
  const opened = withRemedies(await openModels(requests, options.preprocess, engineRequest(options)), remedies);
  const models = comparing?.ordered(opened) ?? opened;
  for (const { protocol } of parts) checkRoom(models, protocol);
  const most = <Item>(items: readonly Item[]): readonly Item[] =>
    options.limit === undefined ? items : evenlySpread(items, options.limit);
  const needed = parts.some(({ name }) => name !== 'frames');
  const films = options.frames === undefined ? null : await filmPictures(options.frames, options, needed, most);
  const stills = needed ? await stillPictures(options, most) : null;
  const comparison = await comparing?.record(models);

  const stopper = new AbortController();
  let asked = -Infinity;
  const interrupt = (signal: NodeJS.Signals): void => {
    const again = performance.now() - asked;
    if (!stopper.signal.aborted) {
      asked = performance.now();
      stopper.abort();
      process.stderr.write('\nstopping after the pictures in hand (Ctrl-C again stops at once)\n');
    } else if (again > SAME_PRESS) {
      // By the signal's own action: ending the process in order would tear down sessions that are computing.
      process.off(signal, interrupt);
      process.kill(process.pid, signal);
    }
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const display = progressDisplay(process.stderr, {
    quiet: options.quiet ?? false,
    seconds: () => performance.now() / 1000,
  });
  try {
    const { folder, measured } = await runParts(
      parts.map((part) => ({ ...part, pictures: (part.name === 'frames' ? films : stills) as RunPictures })),
      {
        models,
        folder: options.out ?? null,
        fresh: options.fresh ?? false,
        strict: options.strict ?? false,
        shard,
        workers: options.workers ?? Math.max(1, Math.floor(defaultWorkers() / options.threads)),
        threads: options.threads,
        command: commandLine(process.argv.slice(2)),
        ...given('comparison', comparison),
        now: () => new Date().toISOString(),
        signal: stopper.signal,
        progress: display.update,
      },
    );
    display.stop();
    const [run, ...others] = measured;
    if (run === undefined || measured.length < parts.length) {
      process.stderr.write(`stopped; what was measured is in ${folder}, and the same command goes on\n`);
      process.exitCode = 130;
      return;
    }
    const first = (await comparing?.timed(run, stopper.signal)) ?? run;
    const whole = withParts(first.result, others);
    const result: Result = { ...whole, thresholds: evaluateThresholds(rules, whole) };
    await writeAtomically(path.join(folder, files.result), jsonText(result));
    const page = options.report
      ? await (
          await import('../../run/publish.js')
        ).publish(folder, first.folders, first.records, result, first.entries, others)
      : null;
    if (options.json) process.stdout.write(jsonText(result));
    else print(linesOf(result, first, comparing), folder, page, await cardLines(models));
    for (const { picture, reason } of result.pictures.skipped.slice(0, 10))
      process.stderr.write(`skipped ${reason.includes(picture) ? '' : `${picture}: `}${reason}\n`);
    if (result.thresholds.some(thresholdFails)) process.exitCode = 1;
  } finally {
    display.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** What the embedded models among these are, from their cards. */
async function cardLines(models: readonly Model[]): Promise<string[]> {
  const cards = await zooCards();
  const plain = models.filter(({ remedy }) => remedy === undefined);
  const known = plain.flatMap(({ sha256 }) => cards.filter((card) => card.sha256 === sha256));
  if (known.length === 0) return [];
  const rows = known.map(({ name, partner, changes }) => [
    name,
    `${partner === null ? '' : `${partner}, but `}${changes}`,
  ]);
  return ['', 'What the embedded models are', ...aligned(rows, ['left', 'left'])];
}

/** What asks for other probes than the shift, as it was written. */
function partFlags({
  translate,
  fill,
  rotate,
  scale,
  scaleSurround,
  crop,
  cropMargin,
  cropSmall,
  kernels,
  frames,
  tta,
}: ProbeOptions): PartFlags {
  return { translate, fill, rotate, scale, scaleSurround, crop, cropMargin, cropSmall, kernels, frames, tta };
}

type RunPictures = RunOptions['pictures'];

async function stillPictures(
  { images, labels, boxes }: ProbeOptions,
  most: (entries: readonly PictureEntry[]) => readonly PictureEntry[],
): Promise<RunPictures> {
  const source = picturesFor(images, labels);
  const listed = await listPictures({ images: source.images, ...given('labels', source.labels ?? undefined) });
  const entries = most(await boxed(listed.entries, boxes));
  return {
    entries,
    skipped: listed.skipped,
    sha256: listHash(entries),
    source: path.resolve(source.images),
    labels: labelsPath(source.labels),
  };
}

/** The films of `--frames`. `--labels` is for them where they are all that is measured. */
async function filmPictures(
  frames: string,
  { images, labels, strict }: ProbeOptions,
  others: boolean,
  most: (entries: readonly PictureEntry[]) => readonly PictureEntry[],
): Promise<RunPictures> {
  if (images !== undefined && !others) {
    throw new InputError('--images has no meaning with --frames alone, which has its own pictures. Leave it out.');
  }
  const own = others ? undefined : labels;
  const listed = await listFilms({ films: frames, ...given('labels', own), ...given('strict', strict) });
  const entries = most(listed.entries);
  return {
    entries,
    skipped: listed.skipped,
    sha256: listHash(entries),
    source: path.resolve(frames),
    labels: labelsPath(own ?? null),
  };
}

/** The pictures with boxes of `--boxes`; what can't be used is said on standard error. */
async function boxed(entries: readonly PictureEntry[], boxes: string | undefined): Promise<readonly PictureEntry[]> {
  if (boxes === undefined) return entries;
  const found = await withBoxes(entries, boxes);
  const [fault] = found.faults;
  if (fault !== undefined) {
    process.stderr.write(
      `${boxes}: some boxes can’t be used, the first in line ${fault.line} of ${fault.source}: ${fault.reason}\n`,
    );
  }
  return found.entries;
}

function linesOf(result: Result, { records: [record] }: MeasuredPart, comparing: Comparing | null): string[] {
  const of = (part: Result, times: AnswerTimes | null): string[] => comparing?.lines(part, times) ?? partLines(part);
  return [
    ...of(result, record?.comparison?.times ?? null),
    ...Object.entries(result.parts ?? {}).flatMap(([name, part]) => ['', `— ${name} —`, ...of(part, null)]),
  ];
}

function print(found: readonly string[], folder: string, page: string | null, cards: readonly string[]): void {
  const lines = [
    ...found,
    ...cards,
    '',
    `page    ${page ?? '– (--no-report)'}`,
    `result  ${path.join(folder, files.result)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Where labels lie, from any folder; "none" is no path. */
function labelsPath(labels: string | null): string | null {
  return labels === null || labels === 'none' ? labels : path.resolve(labels);
}

/** What to look at inside the networks; undefined where nothing was asked for. */
function layersRequest(options: ProbeOptions): LayersRequest | undefined {
  const { layers, sumTolerance, maps, mapPictures, localPictures } = options;
  const flags = {
    ...(typeof layers === 'string' ? { selection: parseLayers(layers) } : {}),
    ...(sumTolerance === undefined ? {} : { threshold: parseShare(sumTolerance, '--sum-tolerance') }),
    ...given('maps', maps),
    ...given('mapPictures', mapPictures),
    ...given('localPictures', localPictures),
  };
  if (layers !== undefined) return flags;
  const [flag] = Object.keys(flags);
  if (flag === undefined || options.protocol !== undefined) return flag === undefined ? undefined : flags;
  throw new InputError(
    '--sum-tolerance, --maps, --map-pictures and --local-pictures say how to look inside the networks. Add --layers.',
  );
}

/** What was asked for, else the pictures that come with this program. */
export function picturesFor(
  images: string | undefined,
  labels: string | undefined,
): { images: string; labels: string | null } {
  if (images !== undefined) return { images, labels: labels ?? null };
  if (labels !== undefined) throw new InputError('--labels needs --images: the pictures that the labels are for.');
  return { images: defaultPictures(), labels: null };
}

/** An option as a member, left out where it wasn't given. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
