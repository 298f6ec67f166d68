// Where @tensorflow/tfjs-node is installed, for tests of TensorFlow's own library: the repository's node_modules, or the
// project that INVARIANCE_TFJS_NODE names (scripts/install-tfjs-node.sh makes one).
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './cli.js';

function isThere(folder: string): boolean {
  try {
    createRequire(path.join(folder, 'package.json')).resolve('@tensorflow/tfjs-node/package.json');
    return true;
  } catch {
    return false;
  }
}

/** A project with it; null where there is none. */
export const tfjsNodeProject: string | null =
  [process.env['INVARIANCE_TFJS_NODE'] ?? '', root].find((folder) => folder !== '' && isThere(folder)) ?? null;

if (tfjsNodeProject === null) {
  process.stdout.write(
    'skipped: @tensorflow/tfjs-node is not installed (scripts/install-tfjs-node.sh PROJECT, then INVARIANCE_TFJS_NODE=PROJECT)\n',
  );
}
