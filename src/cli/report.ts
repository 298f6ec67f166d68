// `invariance report`: makes the page again from one or several finished or stopped runs.
import { Command } from 'commander';
import path from 'node:path';
import { InputError, messageOf } from '../core/errors.js';
import type { PictureEntry } from '../core/picture.js';
import type { RunRecord } from '../core/result.js';
import { listPictures } from '../pictures/sources.js';
import { readRecord } from '../run/record.js';
import { publish } from '../run/publish.js';
import { files, jsonText, openFolder, writeAtomically } from '../run/store.js';
import { summarise } from '../run/summarise.js';

export function reportCommand(): Command {
  return new Command('report')
    .description(
      'make the page again from one run, or one page from several (shards, or other models on the same pictures)',
    )
    .argument('<run...>', 'folders of runs')
    .option('--out <folder>', 'where to write (default: the run’s folder; of several runs reports/joined)')
    .option('--images <path>', 'where the pictures lie now, if not where the run found them')
    .option('--json', 'print result.json on standard output and nothing else')
    .action(report);
}

async function report(folders: string[], options: { out?: string; images?: string; json?: boolean }): Promise<void> {
  const records: RunRecord[] = [];
  for (const folder of folders) {
    const record = await readRecord(folder);
    if (record === null)
      throw new InputError(
        `${folder} is not the folder of a run: it has no ${files.record}. Give folders that \`invariance probe\` made.`,
      );
    records.push(record);
  }
  const to = options.out ?? (folders.length === 1 ? (folders[0] as string) : path.join('reports', 'joined'));
  const result = await summarise(folders, records);
  const entries = await picturesOf(records[0] as RunRecord, options.images);
  const lock = await openFolder(to);
  try {
    await writeAtomically(path.join(to, files.result), jsonText(result));
    const page = await publish(to, folders, records, result, entries);
    process.stdout.write(options.json ? jsonText(result) : `page    ${page}\nresult  ${path.join(to, files.result)}\n`);
  } finally {
    await lock.release();
  }
}

/** The run's pictures where they can still be listed; a page can be made without them. */
async function picturesOf({ pictures }: RunRecord, images: string | undefined): Promise<readonly PictureEntry[]> {
  try {
    const { entries } = await listPictures({
      images: images ?? pictures.source,
      ...(pictures.labels === null ? {} : { labels: pictures.labels }),
    });
    return entries;
  } catch (error) {
    if (images !== undefined) throw error;
    process.stderr.write(`the pictures can't be read any more (${messageOf(error)}); the page names them instead\n`);
    return [];
  }
}
