// Joins the rows of a label CSV with the pictures of a folder.
import { dirname, resolve } from 'node:path';
import { InputError } from '../core/errors.js';
import type { PictureEntry } from '../core/picture.js';
import type { LabelTable, LabelledFile } from './label-csv.js';

export type Skipped = { readonly picture: string; readonly reason: string };

/** "./a\b.png" → "a/b.png", in NFC: how the paths of a CSV and of a folder are compared. */
export function portable(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .normalize('NFC');
}

function bareName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Pictures by bare name; several may share one. */
function byBareName(entries: readonly PictureEntry[]): Map<string, PictureEntry[]> {
  const found = new Map<string, PictureEntry[]>();
  for (const entry of entries) {
    const name = bareName(entry.id);
    const list = found.get(name);
    if (list) list.push(entry);
    else found.set(name, [entry]);
  }
  return found;
}

/**
 * Gives each picture the label, boxes and facts of its row: the row whose `file` is the picture's path relative to the
 * folder, or to the CSV, or its bare name where only one picture has it.
 *
 * @returns pictures without a row have label null; rows without a picture are skipped
 * @throws InputError where a bare name fits several pictures, two rows fit one, or no row fits any
 */
export function matchLabels(
  entries: readonly PictureEntry[],
  { files }: LabelTable,
  csv: string,
  images: string,
): { entries: PictureEntry[]; skipped: Skipped[] } {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const byPath = new Map(entries.map((entry) => [resolve(entry.path).normalize('NFC'), entry]));
  const byName = byBareName(entries);
  const pictureOf = (row: LabelledFile): PictureEntry | undefined => {
    const file = portable(row.file);
    const exact = byId.get(file) ?? byPath.get(resolve(dirname(csv), file).normalize('NFC'));
    if (exact || file.includes('/')) return exact;
    const named = byName.get(file) ?? [];
    if (named.length > 1) {
      const ids = named.map(({ id }) => `"${id}"`);
      throw new InputError(
        `"${row.file}" in line ${row.line} of ${csv} can be ${ids.length} pictures of ${images}: ${ids.slice(0, 3).join(' and ')}${ids.length > 3 ? ' …' : ''}. Write paths relative to that folder.`,
      );
    }
    return named[0];
  };
  const rows = new Map<string, LabelledFile>();
  const skipped: Skipped[] = [];
  for (const row of files) {
    const picture = pictureOf(row);
    if (picture === undefined) {
      skipped.push({
        picture: row.file,
        reason: `listed in line ${row.line} of ${csv}, but there is no such picture in ${images}`,
      });
      continue;
    }
    const known = rows.get(picture.id);
    if (known)
      throw new InputError(`Picture "${picture.id}" has two lines in ${csv}: ${known.line} and ${row.line}. Keep one.`);
    rows.set(picture.id, row);
  }
  if (rows.size === 0) {
    throw new InputError(
      `Expected pictures of ${images} in ${csv} but none of its ${files.length} lines names one; the first names "${files[0]?.file ?? ''}", the folder's first picture is "${entries[0]?.id ?? ''}". Write paths relative to that folder.`,
    );
  }
  return {
    entries: entries.map((entry) => {
      const row = rows.get(entry.id);
      return row ? { ...entry, label: row.label, boxes: row.boxes, facts: row.facts } : { ...entry, label: null };
    }),
    skipped,
  };
}
