// Models measured as finished runs were: under their protocols, on their pictures, in a run of their own.
import { InputError, messageOf } from '../../core/errors.js';
import type { PictureEntry } from '../../core/picture.js';
import type { RunRecord } from '../../core/result.js';
import { listHash } from '../../pictures/sources.js';
import { evenlySpread } from '../../pictures/spread.js';
import { parseRemedies } from '../../remedies/registry.js';
import { withRemedies } from '../../remedies/variants.js';
import { measuredFolder } from '../../run/comparison-folder.js';
import { checkModels, modelsOf } from '../../run/join.js';
import { recordOf, type Runs } from '../../run/joined.js';
import { checkRoom, openModels } from '../../run/open.js';
import { partFolders, runParts } from '../../run/parts.js';
import { engineRequest } from '../engine-options.js';
import { commandLine, defaultWorkers, parseModel } from '../options.js';
import { progressDisplay } from '../progress.js';
import type { ProbeOptions } from './probe.js';
import { listedPictures } from './runs.js';

/**
 * The runs with one more: these models, measured alike. Those that the runs have already are not measured again.
 *
 * @returns null where a signal stopped it (the same command goes on)
 * @throws InputError where the runs' pictures can't be listed again as they were, or a run has another model of a name
 */
export async function measureLikeRuns(
  runs: Runs,
  models: readonly string[],
  options: ProbeOptions,
): Promise<Runs | null> {
  const first = runs.records[0] as RunRecord;
  const wanted = [{ name: 'run', record: first }];
  for (const [name, [folder = '']] of await partFolders(runs.folders)) {
    wanted.push({ name, record: await recordOf(folder) });
  }
  const { preprocess } = first.protocol;
  if (preprocess !== 'model' && typeof preprocess !== 'string') {
    throw new InputError(
      `The runs were measured with a preprocessing file of their own. Measure all models together: ${together(models)}`,
    );
  }
  const opened = withRemedies(
    await openModels(models.map(parseModel), preprocess === 'model' ? undefined : preprocess, engineRequest(options)),
    parseRemedies(options.remedy),
  );
  checkModels([...runs.folders, 'the command line'], [...runs.records, { models: opened }], 'compared');
  const known = new Set(modelsOf(runs.records).map(({ name }) => name));
  const further = opened.filter(({ name }) => !known.has(name));
  if (further.length === 0) return runs;
  for (const { record } of wanted) checkRoom(further, record.protocol);
  const parts = [];
  for (const { name, record } of wanted) {
    const entries = await sameEntries(record, name === 'frames' ? undefined : options.images, models);
    const { source, labels, sha256 } = record.pictures;
    parts.push({ name, protocol: record.protocol, pictures: { entries, skipped: [], sha256, source, labels } });
  }
  const stopper = new AbortController();
  const interrupt = (): void => {
    stopper.abort();
    process.stderr.write('\nstopping after the pictures in hand\n');
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const display = progressDisplay(process.stderr, {
    quiet: options.quiet ?? false,
    seconds: () => performance.now() / 1000,
  });
  try {
    const { folder, measured } = await runParts(parts, {
      models: further,
      folder: options.out === undefined ? null : measuredFolder(options.out),
      fresh: options.fresh ?? false,
      strict: options.strict ?? false,
      shard: null,
      workers: options.workers ?? Math.max(1, Math.floor(defaultWorkers() / options.threads)),
      threads: options.threads,
      command: commandLine(process.argv.slice(2)),
      now: () => new Date().toISOString(),
      signal: stopper.signal,
      progress: display.update,
    });
    const [own] = measured;
    if (own === undefined || measured.length < parts.length) {
      process.stderr.write(`stopped; what was measured is in ${folder}, and the same command goes on\n`);
      return null;
    }
    return { folders: [...runs.folders, folder], records: [...runs.records, ...own.records] };
  } finally {
    display.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function together(models: readonly string[]): string {
  return `invariance compare MODEL… ${models.join(' ')}, with the models of the runs in place of MODEL….`;
}

/** The run's pictures as they were: all of the source, or as many as --limit left. */
async function sameEntries(
  record: RunRecord,
  images: string | undefined,
  models: readonly string[],
): Promise<readonly PictureEntry[]> {
  const { count, sha256, source } = record.pictures;
  let listed: readonly PictureEntry[];
  try {
    listed = await listedPictures(record, images);
  } catch (error) {
    throw new InputError(
      `The pictures of the runs can't be read any more: ${messageOf(error).replace(/\.$/, '')}. Say where they lie now with --images, or leave the models out.`,
    );
  }
  const found = [listed, evenlySpread(listed, count)].find((entries) => listHash(entries) === sha256);
  if (found !== undefined) return found;
  throw new InputError(
    `The pictures in ${images ?? source} aren't those of the runs any more (or the runs had boxes of their own). Measure all models together: ${together(models)}`,
  );
}
