// Runs the built command line as a user would: another process, its exit code and what it prints.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The built program; `npm test` builds it first. */
export const main = path.join(root, 'dist', 'cli', 'main.js');

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Starts the program; `finished` settles when it ends. */
export function start(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): { readonly child: ChildProcess; readonly finished: Promise<Finished> } {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished };
}

/** Runs the program to its end. */
export async function invariance(
  args: readonly string[],
  options: Parameters<typeof start>[1] = {},
): Promise<Finished> {
  return start(args, options).finished;
}

/** A temporary folder of this test file, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'invariance-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
