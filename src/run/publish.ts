// What readers open: report.html, figures/ and observations.parquet, made from finished runs.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { PictureEntry } from '../core/picture.js';
import type { Result, RunRecord } from '../core/result.js';
import { buildFigures } from '../report/figures.js';
import { buildPage } from '../report/page.js';
import { joinedObservations, modelsOf } from './join.js';
import type { MeasuredPart } from './parts.js';
import { pageInput } from './page.js';
import { writeParquet } from './parquet.js';
import { files, jsonText, writeAtomically } from './store.js';

/**
 * Writes the page, the figures and the Parquet file of one or several runs into `to`.
 *
 * @param entries the pictures, where they can still be read
 * @param parts further probes of the same runs: sections of the page, figures and Parquet files of their own
 * @param run the record that the page names; by default the first run's
 * @returns the page's path
 */
export async function publish(
  to: string,
  folders: readonly string[],
  records: readonly RunRecord[],
  result: Result,
  entries: readonly PictureEntry[],
  parts: readonly MeasuredPart[] = [],
  run: RunRecord = records[0] as RunRecord,
): Promise<string> {
  await writeParquet(
    path.join(to, files.parquet),
    modelsOf(records).map(({ name }) => ({ model: name, read: () => joinedObservations(folders, records, name) })),
  );
  const others = [];
  for (const part of parts) {
    await writeAtomically(path.join(to, part.name, files.result), jsonText(part.result));
    const file = path.join(to, part.name, files.parquet);
    await writeParquet(
      file,
      modelsOf(part.records).map(({ name }) => ({
        model: name,
        read: () => joinedObservations(part.folders, part.records, name),
      })),
    );
    others.push({ name: part.name, input: await pageInput(part.folders, part.records, part.result, part.entries) });
  }
  const own = { ...(await pageInput(folders, records, result, entries)), run };
  const input = others.length === 0 ? own : { ...own, parts: others };
  const page = path.join(to, files.report);
  await writeAtomically(page, buildPage(input));
  await rm(path.join(to, files.figures), { recursive: true, force: true });
  for (const { name, svg, png } of await buildFigures(input)) {
    await writeAtomically(path.join(to, files.figures, `${name}.svg`), svg);
    await writeAtomically(path.join(to, files.figures, `${name}.png`), png);
  }
  return page;
}
