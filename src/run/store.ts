// The run's folder: observations appended as JSON Lines and synced in groups, JSON files written atomically, a lock.
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, stat, truncate, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { InputError, RunError, messageOf } from '../core/errors.js';
import type { Observation } from '../core/observation.js';

/** Lines between two fsyncs: a power cut costs at most these; a killed process costs none. */
const SYNC_EVERY = 64;

/** Where the parts of a run lie. */
export const files = {
  record: 'run.json',
  result: 'result.json',
  report: 'report.html',
  parquet: 'observations.parquet',
  observations: 'observations',
  figures: 'figures',
  lock: 'run.lock',
} as const;

/** File of one model's observations: its name, with what a file system may refuse replaced. */
export function observationsFile(folder: string, model: string): string {
  return path.join(folder, files.observations, `${model.replace(/[^\p{L}\p{N}._+-]/gu, '_')}.jsonl`);
}

/**
 * Makes a folder and those above it, one by one: Node's recursive mkdir never ends where a file system takes none
 * (/proc answers "no such file" for a new folder in a folder that is there).
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((await stat(folder).catch(() => null))?.isDirectory()) return;
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await mkdir(folder);
  }
}

/**
 * Makes the folder and takes its lock, so that two runs never write the same files.
 *
 * @throws InputError where the folder can't be written or another live run holds it
 */
export async function openFolder(folder: string): Promise<{ readonly release: () => Promise<void> }> {
  const lock = path.join(folder, files.lock);
  try {
    await makeFolder(folder);
    await takeLock(lock, folder);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `Can't write to the output folder ${folder}: ${messageOf(error)}. Give a writable folder with --out.`,
    );
  }
  return { release: () => rm(lock, { force: true }) };
}

/** The lock is a hard link to a file that holds the process id already: it is never seen empty, and only one gets it. */
async function takeLock(lock: string, folder: string): Promise<void> {
  const own = `${lock}.${process.pid}`;
  try {
    await writeFile(own, String(process.pid));
    for (;;) {
      try {
        await link(own, lock);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (holder !== process.pid && isAlive(holder)) {
        throw new InputError(
          `Another run (process ${holder}) is writing to ${folder}. Wait for it, or give another folder with --out.`,
        );
      }
      await rm(lock, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes a file under another name, syncs it and renames it: readers see the old one or the new one, never half. */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await makeFolder(path.dirname(file));
    const handle = await open(part, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new RunError(
      `Can't write ${file}: ${messageOf(error)}. What was measured is kept; free space or rights, then run the same command again.`,
    );
  }
}

/** Pretty JSON as this project writes it, with a newline at the end. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Appends observations to one file. */
export type Appender = {
  readonly append: (line: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Opens a file of observations for appending; a torn last line (from a killed run) is cut off first.
 *
 * @throws RunError when a write fails (disk full): lines written before are kept
 */
export async function openAppender(file: string): Promise<Appender> {
  await makeFolder(path.dirname(file));
  await cutTornLine(file);
  const handle = await open(file, 'a');
  let unsynced = 0;
  const failed = (error: unknown): RunError =>
    new RunError(
      `Can't write to ${file}: ${messageOf(error)}. What was measured is kept; free space, then run the same command again to go on.`,
    );
  return {
    append: async (line) => {
      try {
        await handle.appendFile(`${line}\n`);
        if (++unsynced >= SYNC_EVERY) {
          unsynced = 0;
          await synced(handle);
        }
      } catch (error) {
        throw failed(error);
      }
    },
    close: async () => {
      try {
        await synced(handle);
      } catch (error) {
        throw failed(error);
      } finally {
        await handle.close();
      }
    },
  };
}

async function synced(handle: FileHandle): Promise<void> {
  try {
    await handle.datasync();
  } catch (error) {
    // Pipes and some special files can't be synced; there is nothing to lose in them.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  }
}

/** Cuts what follows the last newline. */
async function cutTornLine(file: string): Promise<void> {
  const size = (await stat(file).catch(() => null))?.size ?? 0;
  if (size === 0) return;
  const handle = await open(file, 'r');
  try {
    const chunk = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - chunk.length);
      const { bytesRead } = await handle.read(chunk, 0, end - start, start);
      const newline = chunk.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (newline >= 0) {
        if (start + newline + 1 < size) await truncate(file, start + newline + 1);
        return;
      }
      end = start;
    }
    await truncate(file, 0);
  } finally {
    await handle.close();
  }
}

/**
 * The observations of one file, in the order they were written, one at a time in bounded memory. Of several lines for
 * one picture the first counts; a torn or unreadable line is left out (its picture is measured again).
 */
export async function* readObservations(file: string): AsyncGenerator<Observation> {
  if ((await stat(file).catch(() => null)) === null) return;
  const seen = new Set<string>();
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  for await (const line of lines) {
    const observation = parsedLine(line);
    if (observation === null || seen.has(observation.picture)) continue;
    seen.add(observation.picture);
    yield observation;
  }
}

function parsedLine(line: string): Observation | null {
  try {
    const value = JSON.parse(line) as Observation;
    return typeof value.picture === 'string' && Array.isArray(value.views) ? value : null;
  } catch {
    return null;
  }
}
