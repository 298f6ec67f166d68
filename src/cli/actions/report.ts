// What `invariance report` does: makes the page again from one or several finished or stopped runs.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError, messageOf } from '../../core/errors.js';
import type { PictureEntry } from '../../core/picture.js';
import type { Result, RunRecord } from '../../core/result.js';
import { evaluateThresholds, parseThreshold } from '../../metrics/threshold.js';
import { listFilms } from '../../pictures/films.js';
import { listPictures } from '../../pictures/sources.js';
import { partFolders, withParts, type MeasuredPart } from '../../run/parts.js';
import { readRecord } from '../../run/record.js';
import { publish } from '../../run/publish.js';
import { files, jsonText, openFolder, writeAtomically } from '../../run/store.js';
import { summarise } from '../../run/summarise.js';

export type ReportOptions = { readonly out?: string; readonly images?: string; readonly json?: boolean };

export async function report(folders: readonly string[], options: ReportOptions): Promise<void> {
  const records: RunRecord[] = [];
  for (const folder of folders) {
    const record = await readRecord(folder);
    if (record === null)
      throw new InputError(
        `${folder} is not the folder of a run: it has no ${files.record}. Give folders that \`invariance probe\` made.`,
      );
    records.push(record);
  }
  const to =
    options.out ?? (folders.length === 1 && folders[0] !== undefined ? folders[0] : path.join('reports', 'joined'));
  const entries = await picturesOf(records[0] as RunRecord, options.images);
  const parts: MeasuredPart[] = [];
  for (const [name, below] of await partFolders(folders)) {
    const of: RunRecord[] = [];
    for (const folder of below) of.push((await readRecord(folder)) as RunRecord);
    const pictures = await picturesOf(of[0] as RunRecord, name === 'frames' ? undefined : options.images);
    parts.push({ name, folders: below, records: of, result: await summarise(below, of), entries: pictures });
  }
  const summary = withParts(await summarise(folders, records), parts);
  const rules = (await expressionsOf(folders)).map(parseThreshold);
  const result = { ...summary, thresholds: evaluateThresholds(rules, summary) };
  noteMissing(result, records);
  const lock = await openFolder(to);
  try {
    await writeAtomically(path.join(to, files.result), jsonText(result));
    const page = await publish(to, folders, records, result, entries, parts);
    process.stdout.write(options.json ? jsonText(result) : `page    ${page}\nresult  ${path.join(to, files.result)}\n`);
  } finally {
    await lock.release();
  }
}

/** Says where not all of the listed pictures were measured: a shard is missing, or a run was stopped. */
function noteMissing({ models, pictures }: Result, records: readonly RunRecord[]): void {
  const listed = records[0]?.pictures.count ?? 0;
  for (const { name, pictures: counts } of models) {
    const missing = listed - counts.measured - pictures.skipped.length;
    if (missing > 0) process.stderr.write(`${name}: ${missing} of ${listed} pictures are not measured in these runs\n`);
  }
}

/** The thresholds that the runs were checked against. */
async function expressionsOf(folders: readonly string[]): Promise<string[]> {
  const expressions = new Set<string>();
  for (const folder of folders) {
    const text = await readFile(path.join(folder, files.result), 'utf8').catch(() => null);
    if (text === null) continue;
    for (const { expression } of (JSON.parse(text) as Result).thresholds) expressions.add(expression);
  }
  return [...expressions];
}

/** The run's pictures where they can still be listed; a page can be made without them. */
async function picturesOf(
  { pictures, protocol }: RunRecord,
  images: string | undefined,
): Promise<readonly PictureEntry[]> {
  try {
    const source = images ?? pictures.source;
    const labels = pictures.labels === null ? {} : { labels: pictures.labels };
    const listed =
      protocol.probe.name === 'frames'
        ? await listFilms({ films: source, ...labels })
        : await listPictures({ images: source, ...labels });
    return listed.entries;
  } catch (error) {
    if (images !== undefined) throw error;
    process.stderr.write(`the pictures can't be read any more (${messageOf(error)}); the page names them instead\n`);
    return [];
  }
}
