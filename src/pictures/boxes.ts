// Boxes apart from the pictures (`--boxes`): Pascal-VOC XML, COCO JSON or CSV, joined with the pictures by their names.
import { InputError } from '../core/errors.js';
import type { BoxFault } from '../core/dataset.js';
import type { Box, PictureEntry } from '../core/picture.js';
import { readBoxes } from '../dataset/read/open.js';
import { portable } from './match.js';

export type Boxed = {
  readonly entries: readonly PictureEntry[];
  /** Pictures that have boxes now. */
  readonly matched: number;
  /** Boxes that can't be used, of any picture that the file lists. */
  readonly faults: readonly BoxFault[];
};

/** Most faults that are kept to be named; a file that is wrong throughout has one each box. */
const MOST_FAULTS = 100;

/**
 * The pictures with the boxes of a file or folder in place of those they had. A box belongs to the picture whose id it
 * names; else to the one with that bare name; else, as ImageNet's XML leaves endings out, the same without ending.
 *
 * @param path a folder of Pascal-VOC XML, one such file, COCO JSON or a CSV
 * @throws {InputError} it can't be read, no box fits a picture, or a name fits several
 */
export async function withBoxes(entries: readonly PictureEntry[], path: string): Promise<Boxed> {
  const byName = namesOf(entries);
  const found = new Map<string, Box[]>();
  const faults: BoxFault[] = [];
  let first: string | null = null;
  let boxes = 0;
  const onFault = (fault: BoxFault): void => {
    if (faults.length < MOST_FAULTS) faults.push(fault);
  };
  for await (const { file, box, line } of readBoxes(path, onFault)) {
    first ??= file;
    boxes++;
    const [picture, ...others] = candidates(portable(file), byName);
    if (picture === undefined) continue;
    if (others.length > 0) {
      throw new InputError(
        `"${file}" in line ${line} of ${path} can be ${others.length + 1} pictures: "${picture}" and "${others[0] as string}"${others.length > 1 ? ' …' : ''}. Write paths relative to the pictures' folder.`,
      );
    }
    const known = found.get(picture);
    if (known) known.push(box);
    else found.set(picture, [box]);
  }
  if (found.size === 0) throw noneFits(path, entries, boxes, first, faults);
  return {
    entries: entries.map((entry) => ({ ...entry, boxes: found.get(entry.id) ?? [] })),
    matched: found.size,
    faults,
  };
}

function noneFits(
  path: string,
  entries: readonly PictureEntry[],
  boxes: number,
  first: string | null,
  faults: readonly BoxFault[],
): InputError {
  const [fault] = faults;
  if (first === null)
    return new InputError(
      `Expected boxes in ${path} but ${fault ? `none can be used; line ${fault.line} of ${fault.source}: ${fault.reason}` : 'there are none'}. Mend the file.`,
    );
  return new InputError(
    `Expected boxes of the pictures in ${path} but none of its ${boxes} names one; the first is of "${first}", the first picture is "${entries[0]?.id ?? ''}". Write paths relative to the pictures' folder.`,
  );
}

const FORMS: readonly ((id: string) => string)[] = [(id) => id, bare, (id) => plain(id), (id) => plain(bare(id))];

/** Ids by each form that a box may name them in: whole, bare, and both without ending. */
function namesOf(entries: readonly PictureEntry[]): readonly Map<string, string[]>[] {
  return FORMS.map((form) => {
    const names = new Map<string, string[]>();
    for (const { id } of entries) {
      const list = names.get(form(id));
      if (list) list.push(id);
      else names.set(form(id), [id]);
    }
    return names;
  });
}

function candidates(file: string, byName: readonly Map<string, string[]>[]): readonly string[] {
  for (const [i, form] of FORMS.entries()) {
    const found = byName[i]?.get(form(file));
    if (found) return found;
  }
  return [];
}

function bare(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function plain(id: string): string {
  return id.replace(/\.\w{3,5}$/, '');
}
