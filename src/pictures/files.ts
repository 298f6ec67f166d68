// Picture files on disk: which names count as pictures, what a folder holds.
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InputError, messageOf } from '../core/errors.js';

/** Endings of files that are taken for pictures in a folder; what they hold is seen when they are decoded. */
export const PICTURE_ENDINGS = [
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.webp',
  '.tif',
  '.tiff',
  '.gif',
  '.avif',
] as const;

function looksLikePicture(name: string): boolean {
  return (PICTURE_ENDINGS as readonly string[]).includes(extname(name).toLowerCase());
}

/** Files that are asked for their size at the same time. */
const AT_ONCE = 64;

/** Sizes in bytes, in the order of `paths`; null where there is no such file. */
export async function sizesOf(paths: readonly string[]): Promise<(number | null)[]> {
  const sizes = new Array<number | null>(paths.length).fill(null);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < paths.length) {
      const i = next++;
      sizes[i] = await stat(paths[i] as string).then(
        (found) => (found.isFile() ? found.size : null),
        () => null,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return sizes;
}

/**
 * The picture files below a folder, as paths relative to it with "/". Hidden files and folders (".…") are left out;
 * links are followed, those to files only.
 *
 * @throws InputError where a folder can't be read
 */
export async function picturesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (below: string): Promise<void> => {
    const here = join(folder, below);
    const entries = await readdir(here, { withFileTypes: true }).catch((error: unknown) => {
      throw new InputError(`Expected a readable folder ${here} but reading it failed: ${messageOf(error)}.`);
    });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const relative = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await visit(relative);
      else if (looksLikePicture(entry.name)) found.push(relative);
    }
  };
  await visit('');
  return found;
}
