// The folder that a comparison of finished runs is written to: never one that holds observations, and another comparison's
// only where that was asked for.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../core/errors.js';
import { readRecord } from './record.js';
import { files } from './store.js';

/** Where models that are measured for a comparison of runs go, below the comparison's own folder. */
export function measuredFolder(to: string): string {
  return path.join(to, 'models');
}

/**
 * Makes sure that a comparison may be written to a folder: it is empty, or holds a comparison of the same runs, or any
 * comparison that was joined from runs where `fresh` is set.
 *
 * @param joined folders of the runs
 * @param measures whether further models are going to be measured below the folder
 * @throws InputError where something would be lost: says what lies there
 */
export async function checkComparisonFolder(
  to: string,
  joined: readonly string[],
  { fresh, measures = false }: { readonly fresh: boolean; readonly measures?: boolean },
): Promise<void> {
  const folders = joined.map((folder) => path.resolve(folder));
  for (const written of measures ? [to, measuredFolder(to)] : [to]) {
    if (!folders.includes(path.resolve(written))) continue;
    throw new InputError(
      `${written} is one of the runs that are compared: it would be overwritten. Give another folder with --out.`,
    );
  }
  const old = await readRecord(to);
  if (old === null) return;
  const before = old.comparison?.joined ?? [];
  if (before.length === 0) {
    const names = old.models.map(({ name }) => name).join(', ');
    throw new InputError(
      `${to} holds a run that was measured (${names}): a comparison would overwrite it. Give another folder with --out.`,
    );
  }
  // Models that the runs have already aren't measured again: then nothing lies below the folder.
  const own = measures ? path.resolve(measuredFolder(to)) : null;
  const others = before.filter((folder) => folder !== own);
  if (fresh || others.toSorted().join('\n') === folders.toSorted().join('\n')) return;
  throw new InputError(
    `${to} holds a comparison of other runs: ${before.join(', ')}. Give another folder with --out, or replace it with --fresh.`,
  );
}

/** Drops what an earlier comparison left in the folder; what was measured for it stays. */
export async function dropComparison(to: string): Promise<void> {
  for (const name of [files.record, files.result, files.report, files.parquet, files.figures])
    await rm(path.join(to, name), { recursive: true, force: true });
}
