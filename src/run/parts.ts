// Runs with several probes: one part after the other, each a run of its own below the first one's folder.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PictureEntry } from '../core/picture.js';
import type { Protocol } from '../core/protocol.js';
import type { Result, RunRecord } from '../core/result.js';
import { runProbe, type RunOptions } from './run.js';
import { files } from './store.js';

/** One probe and the pictures that it is for. */
export type PartOptions = {
  readonly name: string;
  readonly protocol: Protocol;
  readonly pictures: RunOptions['pictures'];
};

/** A measured part. */
export type MeasuredPart = {
  readonly name: string;
  readonly folders: readonly string[];
  readonly records: readonly RunRecord[];
  readonly result: Result;
  readonly entries: readonly PictureEntry[];
};

/**
 * Measures the parts in their order.
 *
 * @returns those that were measured to the end, and the first one's folder; fewer than asked for where a signal stopped it
 * @throws as `runProbe`
 */
export async function runParts(
  parts: readonly PartOptions[],
  options: Omit<RunOptions, 'protocol' | 'pictures'>,
): Promise<{ readonly folder: string; readonly measured: readonly MeasuredPart[] }> {
  const measured: MeasuredPart[] = [];
  let first: string | null = null;
  for (const { name, protocol, pictures } of parts) {
    const folder: string | null = first === null ? options.folder : path.join(first, name);
    const outcome = await runProbe({ ...options, protocol, pictures, folder });
    first ??= outcome.folder;
    if (outcome.result === null) break;
    const { entries } = pictures;
    measured.push({ name, folders: [outcome.folder], records: [outcome.record], result: outcome.result, entries });
  }
  return { folder: first ?? '', measured };
}

/** The first part's result with those of the further parts in it. */
export function withParts(result: Result, parts: readonly Pick<MeasuredPart, 'name' | 'result'>[]): Result {
  if (parts.length === 0) return result;
  return { ...result, parts: Object.fromEntries(parts.map((part) => [part.name, part.result])) };
}

/**
 * The further parts of runs, by name and in their order, with the folders of all runs that have them. Which parts a run has
 * stands in its result: what else lies in its folder (parts of an earlier command, other runs) is none of it.
 */
export async function partFolders(folders: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const folder of folders) {
    const text = await readFile(path.join(folder, files.result), 'utf8').catch(() => null);
    const { parts = {} } = text === null ? {} : (JSON.parse(text) as Pick<Result, 'parts'>);
    for (const name of Object.keys(parts)) found.set(name, [...(found.get(name) ?? []), path.join(folder, name)]);
  }
  return found;
}
