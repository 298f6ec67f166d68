// What `report` and `compare` share of finished runs: their pictures, their parts, what is missing of them.
import { messageOf } from '../../core/errors.js';
import type { PictureEntry } from '../../core/picture.js';
import type { Result, RunRecord } from '../../core/result.js';
import { listFilms } from '../../pictures/films.js';
import { listPictures } from '../../pictures/sources.js';
import { partFolders, withParts, type MeasuredPart } from '../../run/parts.js';
import { readRecord } from '../../run/record.js';
import type { Runs } from '../../run/joined.js';
import { summarise } from '../../run/summarise.js';

/** One result of several runs. */
export type JoinedRuns = {
  /** With those of the further parts. */
  readonly result: Result;
  readonly entries: readonly PictureEntry[];
  readonly parts: readonly MeasuredPart[];
};

/**
 * Joins runs and their further parts. What can't be had any more is said on standard error.
 *
 * @param images where the pictures lie now, if not where the run found them
 * @param partRecord what is changed in the records of further parts
 */
export async function joinRuns(
  { folders, records }: Runs,
  images: string | undefined,
  partRecord: (record: RunRecord) => RunRecord = (record) => record,
): Promise<JoinedRuns> {
  const entries = await picturesOf(records[0] as RunRecord, images);
  const parts: MeasuredPart[] = [];
  for (const [name, below] of await partFolders(folders)) {
    const of: RunRecord[] = [];
    for (const folder of below) of.push(partRecord((await readRecord(folder)) as RunRecord));
    const pictures = await picturesOf(of[0] as RunRecord, name === 'frames' ? undefined : images);
    parts.push({ name, folders: below, records: of, result: await summarise(below, of), entries: pictures });
  }
  const result = withParts(await summarise(folders, records), parts);
  noteMissing(result, records);
  return { result, entries, parts };
}

/** Says where not all of the listed pictures were measured: a shard is missing, or a run was stopped. */
function noteMissing({ models, pictures }: Result, records: readonly RunRecord[]): void {
  const listed = records[0]?.pictures.count ?? 0;
  for (const { name, pictures: counts } of models) {
    const missing = listed - counts.measured - pictures.skipped.length;
    if (missing > 0) process.stderr.write(`${name}: ${missing} of ${listed} pictures are not measured in these runs\n`);
  }
}

/** The run's pictures where they can still be listed; a page can be made without them. */
async function picturesOf(record: RunRecord, images: string | undefined): Promise<readonly PictureEntry[]> {
  try {
    return await listedPictures(record, images);
  } catch (error) {
    if (images !== undefined) throw error;
    process.stderr.write(`the pictures can't be read any more (${messageOf(error)}); the page names them instead\n`);
    return [];
  }
}

/** All pictures where the run found them, or where they lie now. */
export async function listedPictures(
  { pictures, protocol }: RunRecord,
  images: string | undefined,
): Promise<readonly PictureEntry[]> {
  const source = images ?? pictures.source;
  const labels = pictures.labels === null ? {} : { labels: pictures.labels };
  const listed =
    protocol.probe.name === 'frames'
      ? await listFilms({ films: source, ...labels })
      : await listPictures({ images: source, ...labels });
  return listed.entries;
}
