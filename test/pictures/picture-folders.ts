// Folders of picture files written for a test, what is listed of them, and the messages of those that are refused.
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import type { Label } from '../../src/core/picture.js';
import { listPictures, type PictureSource } from '../../src/pictures/sources.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Files by name; their content doesn't matter, as nothing is decoded. */
export function pictures(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'pixels']));
}

/** Labels by picture id. */
export async function labels(source: PictureSource): Promise<Record<string, Label | null>> {
  const { entries } = await listPictures(source);
  return Object.fromEntries(entries.map(({ id, label }) => [id, label]));
}

/** Picture folders in a temporary folder of the test file's own. */
export function pictureFolders(): {
  readonly folder: string;
  readonly write: (path: string, content: Uint8Array | string) => string;
  readonly put: (name: string, files: Record<string, string>) => string;
  readonly messageOf: (source: PictureSource) => Promise<string>;
} {
  const { folder, write } = temporaryFolder();
  return {
    folder,
    write,
    put: (name, files) => {
      mkdirSync(`${folder}/${name}`, { recursive: true });
      for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content);
      return `${folder}/${name}`;
    },
    messageOf: async (source) => {
      const error: unknown = await listPictures(source).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message.replaceAll(folder, '.');
    },
  };
}
