// What readers open: report.html, figures/ and observations.parquet, made from finished runs.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { PictureEntry } from '../core/picture.js';
import type { Result, RunRecord } from '../core/result.js';
import { buildFigures } from '../report/figures.js';
import { buildPage } from '../report/page.js';
import { joinedObservations, modelsOf } from './join.js';
import { pageInput } from './page.js';
import { writeParquet } from './parquet.js';
import { files, writeAtomically } from './store.js';

/**
 * Writes the page, the figures and the Parquet file of one or several runs into `to`.
 *
 * @param entries the pictures, where they can still be read
 * @returns the page's path
 */
export async function publish(
  to: string,
  folders: readonly string[],
  records: readonly RunRecord[],
  result: Result,
  entries: readonly PictureEntry[],
): Promise<string> {
  await writeParquet(
    path.join(to, files.parquet),
    modelsOf(records).map(({ name }) => ({ model: name, read: () => joinedObservations(folders, records, name) })),
  );
  const input = await pageInput(folders, records, result, entries);
  const page = path.join(to, files.report);
  await writeAtomically(page, buildPage(input));
  await rm(path.join(to, files.figures), { recursive: true, force: true });
  for (const { name, svg, png } of await buildFigures(input)) {
    await writeAtomically(path.join(to, files.figures, `${name}.svg`), svg);
    await writeAtomically(path.join(to, files.figures, `${name}.png`), png);
  }
  return page;
}
