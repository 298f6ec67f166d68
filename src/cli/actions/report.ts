// What `invariance report` does: makes the page again from one or several finished or stopped runs.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Result, RunRecord } from '../../core/result.js';
import { evaluateThresholds, parseThreshold } from '../../metrics/threshold.js';
import { openRuns, pageRecord, recordOf } from '../../run/joined.js';
import { publish } from '../../run/publish.js';
import { files, jsonText, openFolder, writeAtomically } from '../../run/store.js';
import { joinRuns } from './runs.js';

export type ReportOptions = { readonly out?: string; readonly images?: string; readonly json?: boolean };

export async function report(given: readonly string[], options: ReportOptions): Promise<void> {
  const [only] = given;
  const alone = given.length === 1 && only !== undefined ? only : null;
  const runs = await openRuns(given);
  const { folders, records } = runs;
  const to = options.out ?? alone ?? path.join('reports', 'joined');
  const own = alone === null ? null : await recordOf(alone);
  const { comparison } = own ?? {};
  // The parts of a comparison that was joined are compared as its first probe is.
  const asked =
    comparison === undefined || comparison.joined.length === 0
      ? undefined
      : (record: RunRecord): RunRecord => ({ ...record, comparison: { ...comparison, joined: [] } });
  const { result: summary, entries, parts } = await joinRuns(runs, options.images, asked);
  const rules = (await expressionsOf(given)).map(parseThreshold);
  const result = { ...summary, thresholds: evaluateThresholds(rules, summary) };
  const run = pageRecord(runs, own);
  const lock = await openFolder(to);
  try {
    await writeAtomically(path.join(to, files.result), jsonText(result));
    const page = await publish(to, folders, records, result, entries, parts, run);
    process.stdout.write(options.json ? jsonText(result) : `page    ${page}\nresult  ${path.join(to, files.result)}\n`);
  } finally {
    await lock.release();
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
