// Lists the pictures of a file, a folder, a folder of class folders or a CSV, without decoding any.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { InputError } from '../core/errors.js';
import type { Label, PictureEntry } from '../core/picture.js';
import { canonicalJson } from '../core/protocol.js';
import { PICTURE_ENDINGS, picturesBelow, sizesOf } from './files.js';
import { allWholeNumbers, labelOf, readLabelCsv } from './label-csv.js';
import { matchLabels, portable } from './match.js';
import type { Skipped } from './match.js';
import { byCodePoint } from './order.js';

export type PictureSource = {
  /** A file, a folder or a CSV. */
  readonly images: string;
  /** A CSV of labels apart from the pictures; "none" = no labels, not even those of class folders. */
  readonly labels?: string;
};

export type PictureList = {
  /** Sorted by id. */
  readonly entries: readonly PictureEntry[];
  readonly skipped: readonly Skipped[];
  /** What the pictures were read from. */
  readonly source: string;
  /** How it was read. */
  readonly form: 'file' | 'folder' | 'class folders' | 'CSV';
  /** Where labels come from ("labels.csv, column class_index"); null without labels. */
  readonly labelsFrom: string | null;
};

type Draft = Omit<PictureEntry, 'bytes'>;

/** Gives the drafts their sizes, sorts them, and skips files that are missing or empty. */
async function settled(
  drafts: readonly Draft[],
  missing: (draft: Draft) => string,
): Promise<{ entries: PictureEntry[]; skipped: Skipped[] }> {
  const sorted = [...drafts].sort((a, b) => byCodePoint(a.id, b.id));
  const sizes = await sizesOf(sorted.map(({ path }) => path));
  const entries: PictureEntry[] = [];
  const skipped: Skipped[] = [];
  sorted.forEach((draft, i) => {
    const before = sorted[i - 1];
    if (before?.id === draft.id) {
      throw new InputError(
        `The files ${before.path} and ${draft.path} differ only in how accents are encoded. Rename one.`,
      );
    }
    const bytes = sizes[i] ?? null;
    if (bytes === null) skipped.push({ picture: draft.id, reason: missing(draft) });
    else if (bytes === 0) skipped.push({ picture: draft.id, reason: 'the file is empty (0 bytes)' });
    else entries.push({ ...draft, bytes });
  });
  return { entries, skipped };
}

/**
 * Labels by class folder, if the folder is one of class folders: every picture lies in a subfolder, and there are
 * several of them or one named by a WordNet id. Names that are all whole numbers are class indices; "n" and eight
 * digits are WordNet ids; all others are names.
 */
function classFolders(files: readonly string[]): ReadonlyMap<string, Label> | null {
  if (files.some((file) => !file.includes('/'))) return null;
  const folders = [...new Set(files.map((file) => file.slice(0, file.indexOf('/'))))];
  const allWhole = allWholeNumbers(folders);
  const labels = new Map(folders.map((folder) => [folder, labelOf(folder.normalize('NFC'), allWhole)]));
  const [only] = labels.values();
  return folders.length > 1 || (only && 'wnid' in only) ? labels : null;
}

async function fromFolder(images: string, labels: string | undefined): Promise<PictureList> {
  const files = await picturesBelow(images);
  if (files.length === 0) {
    throw new InputError(
      `Expected pictures in the folder ${images} but it has none. Files that end in ${PICTURE_ENDINGS.join(', ')} count, in subfolders too.`,
    );
  }
  const folders = labels === undefined ? classFolders(files) : null;
  const drafts = files.map((file) => ({
    id: file.normalize('NFC'),
    path: join(images, file),
    label: folders?.get(file.slice(0, file.indexOf('/'))) ?? null,
    boxes: [],
    facts: {},
  }));
  const found = await settled(drafts, () => 'the file is a broken link, or not a file');
  const form = folders ? 'class folders' : 'folder';
  return withLabels(
    { ...found, source: images, form, labelsFrom: folders ? "the class folders' names" : null },
    labels,
  );
}

async function withLabels(list: PictureList, labels: string | undefined): Promise<PictureList> {
  if (labels === undefined || labels === 'none') return list;
  const table = await readLabelCsv(labels, true);
  const known = new Set(list.skipped.map(({ picture }) => picture));
  const { entries, skipped } = matchLabels(list.entries, table, labels, list.source);
  const others = skipped.filter(({ picture }) => !known.has(portable(picture)));
  return {
    ...list,
    entries,
    skipped: [...list.skipped, ...others],
    labelsFrom: `${basename(labels)}, column ${table.labelColumn ?? ''}`,
  };
}

/** The draft with its path as the disk spells it: accents may be encoded in one piece (NFC) or in two (NFD). */
async function asOnDisk(draft: Draft): Promise<Draft> {
  const spellings = [...new Set([draft.path, draft.path.normalize('NFC'), draft.path.normalize('NFD')])];
  if (spellings.length === 1) return draft;
  const sizes = await sizesOf(spellings);
  return { ...draft, path: spellings[sizes.findIndex((size) => size !== null)] ?? draft.path };
}

async function fromCsv(csv: string, labels: string | undefined): Promise<PictureList> {
  if (labels !== undefined && labels !== 'none') {
    throw new InputError(
      `Expected labels in one place but --images ${csv} is a CSV and --labels ${labels} is given too. Leave one out.`,
    );
  }
  const table = await readLabelCsv(csv, false);
  const folder = dirname(csv);
  const drafts = table.files.map(({ file, label, boxes, facts }) => {
    const plain = file.replaceAll('\\', '/');
    const path = isAbsolute(plain) ? plain : join(folder, plain);
    const inside = isAbsolute(plain) ? relative(resolve(folder), plain) : normalize(plain);
    return { id: portable(inside), path, label: labels === 'none' ? null : label, boxes, facts };
  });
  const found = await settled(
    await Promise.all(drafts.map(asOnDisk)),
    () => `listed in ${csv}, but there is no such file`,
  );
  if (found.entries.length === 0) {
    throw new InputError(
      `Expected the pictures that ${csv} lists but none of its ${drafts.length} files can be used; the first, "${found.skipped[0]?.picture ?? ''}": ${found.skipped[0]?.reason ?? ''}. Paths are relative to the CSV's folder; a CSV of labels for a folder goes to --labels.`,
    );
  }
  const labelsFrom =
    table.labelColumn === null || labels === 'none' ? null : `${basename(csv)}, column ${table.labelColumn}`;
  return { ...found, source: csv, form: 'CSV', labelsFrom };
}

async function fromFile(file: string, labels: string | undefined): Promise<PictureList> {
  const draft = { id: portable(basename(file)), path: file, label: null, boxes: [], facts: {} };
  const found = await settled([draft], () => 'not a file');
  const list: PictureList = { ...found, source: file, form: 'file', labelsFrom: null };
  return found.entries.length === 0 ? list : withLabels(list, labels);
}

/**
 * Lists pictures. Nothing is decoded: what a file holds is seen later.
 *
 * - a file: one picture
 * - a folder: every picture below it; with class folders (see `classFolders`) labelled by them
 * - a CSV (.csv): `file` relative to the CSV's folder, with a label column
 *
 * @throws InputError where there is nothing to measure, or labels don't fit
 */
export async function listPictures({ images, labels }: PictureSource): Promise<PictureList> {
  const found = await stat(images).catch(() => null);
  if (found === null) throw new InputError(`Expected pictures at ${images} but there is no such file or folder.`);
  const list = found.isDirectory()
    ? await fromFolder(images, labels)
    : extname(images).toLowerCase() === '.csv'
      ? await fromCsv(images, labels)
      : await fromFile(images, labels);
  if (list.entries.length === 0) {
    const [first] = list.skipped;
    throw new InputError(
      `Expected a usable picture in ${images} but all ${list.skipped.length} are skipped; the first, "${first?.picture ?? ''}": ${first?.reason ?? ''}.`,
    );
  }
  return list;
}

/** SHA-256 of a list: ids, sizes, labels and boxes, in order. Where the files lie doesn't count. */
export function listHash(entries: readonly PictureEntry[]): string {
  const hash = createHash('sha256');
  for (const { id, bytes, label, boxes } of entries) hash.update(`${canonicalJson({ id, bytes, label, boxes })}\n`);
  return hash.digest('hex');
}
