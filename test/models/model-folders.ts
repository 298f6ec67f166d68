// Model folders written for a test and loaded, and the messages of those that are refused.
import { expect } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import type { Model } from '../../src/core/model.js';
import { loadModel, type LoadOptions } from '../../src/models/load.js';
import { temporaryFolder } from '../support/temporary-folder.js';

type Files = Record<string, Uint8Array | string | object>;

/** A config.json with these class names. */
export function names(...list: string[]): object {
  return { id2label: Object.fromEntries(list.map((name, i) => [i, name])) };
}

/** A preprocessor_config.json for inputs of 4×4. */
export const preprocessor = {
  image_processor_type: 'ViTImageProcessor',
  size: { height: 4, width: 4 },
  resample: 2,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
};

/** Model folders in a temporary folder of the test file's own. */
export function modelFolders(): {
  readonly folder: string;
  readonly write: (path: string, content: Uint8Array | string | object) => string;
  readonly loaded: (name: string, files: Files, options?: LoadOptions) => Promise<Model>;
  readonly messageOf: (promise: Promise<unknown>) => Promise<string>;
} {
  const { folder, write } = temporaryFolder();
  return {
    folder,
    write,
    loaded: async (name, files, options = {}) => {
      for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content);
      return loadModel(`${folder}/${name}`, options);
    },
    messageOf: async (promise) => {
      const error: unknown = await promise.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message.replaceAll(folder, '.');
    },
  };
}
