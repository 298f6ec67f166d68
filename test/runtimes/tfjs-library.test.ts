// Which TensorFlow.js is taken: a package that was missing once may be found later.
import { expect, it, vi } from 'vitest';
import { tfjsLibrary } from '../../src/runtimes/tfjs-library.js';
import { root } from '../support/cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tfjsNodeProject } from '../support/tfjs-node.js';

const { folder } = temporaryFolder();

it.skipIf(tfjsNodeProject === null || tfjsNodeProject === root)(
  'is looked for again where it was missing',
  async () => {
    const where = vi.spyOn(process, 'cwd').mockReturnValue(folder);
    await expect(tfjsLibrary('node')).rejects.toThrow("which isn't installed");
    where.mockReturnValue(tfjsNodeProject ?? '');
    expect((await tfjsLibrary('node')).runtime).toContain('@tensorflow/tfjs-node');
    where.mockRestore();
  },
);
