// Lists films: folders of numbered frames, and animated files. A film is one "picture" of a run; nothing is decoded but
// the headers of files that may be animated.
import { open, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '../core/errors.js';
import { missingFrames } from '../core/film.js';
import type { FilmFrame, Label, PictureEntry } from '../core/picture.js';
import { PICTURE_ENDINGS, picturesBelow, sizesOf } from './files.js';
import { allWholeNumbers, labelOf, readLabelCsv } from './label-csv.js';
import { matchLabels, type Skipped } from './match.js';
import { byCodePoint } from './order.js';
import type { PictureList } from './sources.js';

export type FilmSource = {
  /** A folder of numbered pictures, a folder of films (folders, animated files) or one animated file. */
  readonly films: string;
  /** A CSV of labels, `file` a film's folder or file; "none" = no labels, not even those of class folders. */
  readonly labels?: string;
  /** Holes, and whatever keeps a film from being used, are errors. */
  readonly strict?: boolean;
};

/**
 * Lists films, each an entry whose `frames` are in the order of their numbers (omitted for animated files).
 *
 * A folder of class folders labels its films: `DIR/bag/glide/001.png`, `DIR/bag/glide.webp`. Frames that are missing in
 * between are listed as skipped; the film is measured without the steps across them.
 *
 * @throws {InputError} there is no film, labels don't fit, or with `strict` the first thing that is skipped
 */
export async function listFilms({ films, labels, strict = false }: FilmSource): Promise<PictureList> {
  const found = await stat(films).catch(() => null);
  if (found === null)
    throw new InputError(`Expected films at ${films} for --frames but there is no such file or folder.`);
  const single = !found.isDirectory();
  const root = single ? dirname(films) : films;
  const files = single ? [basename(films)] : await picturesBelow(films);
  if (files.length === 0) {
    throw new InputError(
      `Expected films in ${films} for --frames but it has no pictures. Files that end in ${PICTURE_ENDINGS.join(', ')} count, in subfolders too.`,
    );
  }
  const { drafts, skipped } = await filmsOf(root, files);
  if (strict && skipped[0]) throw new InputError(`${skipped[0].picture}: ${skipped[0].reason} (--strict).`);
  if (drafts.length === 0) {
    throw new InputError(
      `Expected a film in ${films} for --frames but there is none; the first of ${skipped.length} problems, "${skipped[0]?.picture ?? ''}": ${skipped[0]?.reason ?? ''}.`,
    );
  }
  const named = labels === undefined && !single ? classLabels(drafts) : null;
  const entries = drafts
    .map((draft): PictureEntry => ({ ...draft, label: named?.get(draft.id) ?? null, boxes: [], facts: {} }))
    .sort((a, b) => byCodePoint(a.id, b.id));
  const list: PictureList = {
    entries,
    skipped,
    source: films,
    form: single ? 'file' : named ? 'class folders' : 'folder',
    labelsFrom: named ? "the class folders' names" : null,
  };
  if (labels === undefined || labels === 'none') return list;
  const table = await readLabelCsv(labels, true);
  const matched = matchLabels(entries, table, labels, films);
  return {
    ...list,
    entries: matched.entries,
    skipped: [...skipped, ...matched.skipped],
    labelsFrom: `${basename(labels)}, column ${table.labelColumn ?? ''}`,
  };
}

type Draft = Pick<PictureEntry, 'id' | 'path' | 'bytes' | 'frames'>;

async function filmsOf(root: string, files: readonly string[]): Promise<{ drafts: Draft[]; skipped: Skipped[] }> {
  const sizes = await sizesOf(files.map((file) => join(root, file)));
  const byFolder = new Map<string, { file: string; bytes: number }[]>();
  const drafts: Draft[] = [];
  const skipped: Skipped[] = [];
  for (const [i, file] of files.entries()) {
    const bytes = sizes[i] ?? null;
    if (bytes === null || bytes === 0) {
      skipped.push({
        picture: file,
        reason: bytes === 0 ? 'the file is empty (0 bytes)' : 'the file is a broken link, or not a file',
      });
    } else if (await looksAnimated(join(root, file))) {
      drafts.push({ id: file.normalize('NFC'), path: join(root, file), bytes });
    } else {
      const folder = dirname(file);
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), { file, bytes }]);
    }
  }
  for (const [folder, members] of byFolder) {
    const id = (folder === '.' ? basename(resolve(root)) : folder).normalize('NFC');
    const film = filmOf(members.map(({ file }) => file));
    if ('reason' in film) {
      skipped.push({ picture: id, reason: film.reason });
      continue;
    }
    const bytes = members.reduce((sum, member) => sum + member.bytes, 0);
    const frames = film.frames.map(({ number, path }): FilmFrame => ({ number, path: join(root, path) }));
    drafts.push({ id, path: join(root, folder), bytes, frames });
    for (const missing of missingFrames(frames.map(({ number }) => number))) {
      skipped.push({ picture: `${id}, frame ${missing}`, reason: 'missing; the step across it is left out' });
    }
  }
  return { drafts, skipped };
}

/** The frames of a folder by the last number in their names, or why it is no film. */
function filmOf(files: readonly string[]): { readonly frames: readonly FilmFrame[] } | { readonly reason: string } {
  const frames: FilmFrame[] = [];
  const byNumber = new Map<number, string>();
  for (const path of files) {
    const name = basename(path);
    const digits = /(\d+)\D*$/.exec(name.slice(0, name.length - extname(name).length))?.[1];
    if (digits === undefined) return { reason: `"${name}" has no number; expected names such as frame-001.png` };
    const number = Number(digits);
    if (!Number.isSafeInteger(number)) return { reason: `the number of "${name}" is too long to be counted` };
    const before = byNumber.get(number);
    if (before !== undefined) return { reason: `"${before}" and "${name}" have the same number, ${number}` };
    byNumber.set(number, name);
    frames.push({ number, path });
  }
  if (frames.length < 2) return { reason: 'it has one frame; expected a film of two or more' };
  return { frames: frames.sort((a, b) => a.number - b.number) };
}

/** Labels by the films' first folder, where there are several such folders or one named by a WordNet id. */
function classLabels(drafts: readonly Draft[]): ReadonlyMap<string, Label> | null {
  if (drafts.some(({ id }) => !id.includes('/'))) return null;
  const folderOf = (id: string): string => id.slice(0, id.indexOf('/'));
  const folders = [...new Set(drafts.map(({ id }) => folderOf(id)))];
  const allWhole = allWholeNumbers(folders);
  const labels = new Map(folders.map((folder) => [folder, labelOf(folder, allWhole)]));
  const [only] = labels.values();
  if (folders.length < 2 && !(only && 'wnid' in only)) return null;
  return new Map(drafts.map(({ id }) => [id, labels.get(folderOf(id)) as Label]));
}

/** Whether the file is taken for an animation: every GIF, and WebP whose header says so (RFC 9649, section 2.7). */
async function looksAnimated(path: string): Promise<boolean> {
  const ending = extname(path).toLowerCase();
  if (ending !== '.webp') return ending === '.gif';
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(21), 0, 21, 0);
    return bytesRead === 21 && buffer.toString('latin1', 8, 16) === 'WEBPVP8X' && ((buffer[20] as number) & 2) !== 0;
  } finally {
    await file.close();
  }
}
