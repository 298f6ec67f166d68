// The large models and pictures that lie beside the repository, where they are there; a clone alone must pass.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './cli.js';

const folder = path.join(root, '..', 'shared');

export const hasShared = existsSync(path.join(folder, 'real', 'models'));

if (!hasShared) process.stdout.write('skipped: ../shared (real models and pictures) is not beside this clone\n');

export function shared(...parts: readonly string[]): string {
  return path.join(folder, ...parts);
}
