// A folder of a test file's own, removed after it.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** @returns the folder's path, and a function that writes a file below it and returns that file's path */
export function temporaryFolder(): {
  readonly folder: string;
  readonly write: (path: string, content: Uint8Array | string | object) => string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'invariance-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write: (path, content) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      const raw = typeof content === 'string' || content instanceof Uint8Array;
      writeFileSync(file, raw ? content : JSON.stringify(content));
      return file;
    },
  };
}
