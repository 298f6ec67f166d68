// Reads a CSV of pictures: column `file`, a label in one of several columns, optional boxes, and facts.
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { InputError, messageOf, shown } from '../core/errors.js';
import type { Box, Label } from '../core/picture.js';

/** One picture of a CSV; rows that differ in their box only are one picture with several boxes. */
export type LabelledFile = {
  /** As the CSV writes it. */
  readonly file: string;
  /** Line of its first row, from 1. */
  readonly line: number;
  readonly label: Label | null;
  readonly boxes: readonly Box[];
  readonly facts: Readonly<Record<string, string>>;
};

export type LabelTable = {
  readonly files: readonly LabelledFile[];
  /** The column that labels are taken from; null without. */
  readonly labelColumn: string | null;
};

const BOX_COLUMNS = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

/** Columns that hold labels; where a CSV has several, the first of this list is used. */
const LABEL_COLUMNS = ['class_index', 'wnid', 'label', 'class', 'name'] as const;

type LabelColumn = (typeof LABEL_COLUMNS)[number];

const WHOLE = /^\d+$/;
const WNID = /^n\d{8}$/;

/** A label as free text: a WordNet id, else a name. Whole numbers are indices where all labels are. */
export function labelOf(text: string, allWhole: boolean): Label {
  if (allWhole) return { index: Number(text) };
  return WNID.test(text) ? { wnid: text } : { name: text };
}

/** Whether all texts are whole numbers, so that they are class indices. */
export function allWholeNumbers(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => WHOLE.test(text));
}

type Row = { readonly line: number; readonly cells: readonly string[] };

function rowsOf(text: string, path: string): { readonly header: readonly string[]; readonly rows: Row[] } {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as typeof records;
  } catch (error) {
    throw new InputError(`Expected a CSV in ${path} but it can't be parsed: ${messageOf(error)}. Mend the file.`);
  }
  const [header, ...rest] = records;
  if (header === undefined)
    throw new InputError(
      `Expected a CSV with a header in ${path} but the file is empty. Its first line names the columns, e.g. "file,label".`,
    );
  const columns = header.record;
  for (const { record, info } of rest) {
    if (record.length === columns.length) continue;
    throw new InputError(
      `Expected ${columns.length} cells in line ${info.lines} of ${path}, as in its header, but received ${record.length}. Put cells with commas in quotes.`,
    );
  }
  return { header: columns, rows: rest.map(({ record, info }) => ({ line: info.lines, cells: record })) };
}

type Columns = { readonly file: number; readonly label: LabelColumn | null; readonly boxes: readonly number[] | null };

function columnsOf(header: readonly string[], path: string, labelsNeeded: boolean): Columns {
  const there = header.map((name) => `"${name}"`).join(', ');
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InputError(`Expected each column once in ${path} but "${twice}" is there twice. Rename one.`);
  const file = header.indexOf('file');
  const label = LABEL_COLUMNS.find((name) => header.includes(name)) ?? null;
  const needed = `"file" and one of ${LABEL_COLUMNS.map((name) => `"${name}"`).join(', ')}`;
  const others = header.some((name) => name !== 'file' && !(BOX_COLUMNS as readonly string[]).includes(name));
  if (file < 0 || (label === null && (labelsNeeded || others))) {
    throw new InputError(
      `Expected the columns ${needed} in ${path} but its header has ${there}. Rename or add columns.`,
    );
  }
  const boxes = BOX_COLUMNS.map((name) => header.indexOf(name));
  const missing = BOX_COLUMNS.filter((_, i) => (boxes[i] ?? -1) < 0);
  if (missing.length > 0 && missing.length < 4) {
    throw new InputError(
      `Expected all of the columns "xmin", "ymin", "xmax", "ymax" in ${path} or none but ${missing.map((name) => `"${name}"`).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. Add or remove columns.`,
    );
  }
  return { file, label, boxes: missing.length === 0 ? boxes : null };
}

function boxOf({ cells, line }: Row, boxes: readonly number[] | null, path: string): Box | null {
  const texts = boxes?.map((column) => cells[column] ?? '') ?? [];
  if (texts.every((text) => text === '')) return null;
  const [xmin = NaN, ymin = NaN, xmax = NaN, ymax = NaN] = texts.map((text) => (text === '' ? NaN : Number(text)));
  if (xmin >= 0 && ymin >= 0 && xmax > xmin && ymax > ymin && Number.isFinite(xmax) && Number.isFinite(ymax))
    return { xmin, ymin, xmax, ymax };
  throw new InputError(
    `Expected 0 ≤ xmin < xmax and 0 ≤ ymin < ymax (pixels) in line ${line} of ${path} but received ${texts.join(', ')}. Mend the line, or leave all four empty.`,
  );
}

function columnLabel(text: string, column: LabelColumn, allWhole: boolean, line: number, path: string): Label | null {
  if (text === '') return null;
  const wrong = (what: string): InputError =>
    new InputError(
      `Expected ${what} in column "${column}", line ${line} of ${path} but received ${shown(text)}. Mend the line.`,
    );
  if (column === 'class_index') {
    if (!WHOLE.test(text)) throw wrong('a whole number');
    return { index: Number(text) };
  }
  if (column === 'wnid') {
    if (!WNID.test(text)) throw wrong('a WordNet id such as n01443537');
    return { wnid: text };
  }
  return column === 'name' ? { name: text } : labelOf(text, allWhole);
}

/** Adds a row to the pictures found so far: a new picture, or a further box of a known one. */
function addRow(files: Map<string, LabelledFile>, next: LabelledFile, path: string): void {
  const key = next.file.normalize('NFC');
  const known = files.get(key);
  if (known === undefined) {
    files.set(key, next);
    return;
  }
  const [box] = next.boxes;
  const sameBox = (other: Box): boolean => BOX_COLUMNS.every((side) => other[side] === box?.[side]);
  const where = `lines ${known.line} and ${next.line} of ${path}`;
  if (JSON.stringify(known.label) !== JSON.stringify(next.label)) {
    throw new InputError(`Picture "${next.file}" has two labels in ${where}. Keep one line.`);
  }
  if (box === undefined || known.boxes.length === 0 || known.boxes.some(sameBox)) {
    throw new InputError(
      `Picture "${next.file}" is there twice, in ${where}. Keep one line (several only for several boxes).`,
    );
  }
  files.set(key, { ...known, boxes: [...known.boxes, box] });
}

/**
 * Reads a CSV (UTF-8, with or without BOM; LF or CRLF; quotes as in RFC 4180). All columns but `file` and the boxes are
 * kept as facts too.
 *
 * @param labelsNeeded whether a CSV without label column is an error even if it has no further columns
 * @throws InputError that names line and column
 */
export async function readLabelCsv(path: string, labelsNeeded: boolean): Promise<LabelTable> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InputError(`Expected a readable CSV at ${path} but reading it failed: ${messageOf(error)}.`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`Expected a CSV in UTF-8 at ${path} but it has bytes that aren't. Save it as UTF-8.`);
  }
  const { header, rows } = rowsOf(text, path);
  const columns = columnsOf(header, path, labelsNeeded);
  const labelAt = columns.label === null ? -1 : header.indexOf(columns.label);
  const texts = rows.map(({ cells }) => cells[labelAt] ?? '').filter((cell) => cell !== '');
  const allWhole = allWholeNumbers(texts);
  const files = new Map<string, LabelledFile>();
  for (const row of rows) {
    const file = row.cells[columns.file] ?? '';
    if (file === '')
      throw new InputError(
        `Expected a file name in column "file", line ${row.line} of ${path} but received nothing. Mend the line.`,
      );
    const box = boxOf(row, columns.boxes, path);
    const facts = header.flatMap((name, i): [string, string][] =>
      i === columns.file || columns.boxes?.includes(i) === true ? [] : [[name, row.cells[i] ?? '']],
    );
    const label =
      columns.label === null ? null : columnLabel(row.cells[labelAt] ?? '', columns.label, allWhole, row.line, path);
    addRow(files, { file, line: row.line, label, boxes: box ? [box] : [], facts: Object.fromEntries(facts) }, path);
  }
  if (files.size === 0) throw new InputError(`Expected pictures in ${path} but there are no lines after its header.`);
  return { files: [...files.values()], labelColumn: columns.label };
}
