// Boxes or point pairs from a CSV, row by row: file, width, height, class, and xmin, ymin, xmax, ymax or x1, y1, x2, y2.
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { InputError, messageOf, shown } from '../../core/errors.js';
import type { BoxRecord, PairRecord } from '../record.js';
import { checkedBox, checkedPair, numberOf, report, sizeFault, type OnFault } from './check.js';

const COMMON = ['file', 'width', 'height'] as const;
const BOX = ['xmin', 'ymin', 'xmax', 'ymax'] as const;
const PAIR = ['x1', 'y1', 'x2', 'y2'] as const;

export type CsvKind = 'boxes' | 'point pairs';

type Row = { readonly record: string[]; readonly info: { readonly lines: number } };

async function* rowsOf(path: string): AsyncGenerator<Row> {
  const stream = createReadStream(path);
  const rows = stream.pipe(
    parse({ bom: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true }),
  );
  stream.on('error', (error) => rows.destroy(error));
  try {
    for await (const row of rows) yield row as Row;
  } catch (error) {
    throw new InputError(`Expected a CSV in ${path} but it can't be read: ${messageOf(error)}. Mend the file.`);
  } finally {
    stream.destroy();
  }
}

/**
 * What the header says that the rows hold.
 *
 * @throws InputError where columns are missing or there twice
 */
export async function csvKind(path: string): Promise<CsvKind> {
  for await (const { record } of rowsOf(path)) return kindOf(record, path);
  throw new InputError(`Expected boxes in ${path} but the file is empty.`);
}

function kindOf(header: readonly string[], path: string): CsvKind {
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InputError(`Expected each column once in ${path} but ${shown(twice)} is there twice. Rename one.`);
  const has = (names: readonly string[]): boolean => names.every((name) => header.includes(name));
  if (has(COMMON) && has(BOX) !== has(PAIR)) return has(BOX) ? 'boxes' : 'point pairs';
  const found = header.map((name) => `"${name}"`).join(', ');
  throw new InputError(
    `Expected the columns file, width, height, class (if there are several) and xmin, ymin, xmax, ymax (boxes) or x1, y1, x2, y2 (point pairs) in ${path} but its header has ${found.length > 200 ? `${found.slice(0, 200)}…` : found}. Give boxes as a CSV with these columns, a COCO JSON file or a folder of Pascal-VOC XML.`,
  );
}

/** All records of a CSV in the order of its lines. */
export async function* readCsv(path: string, onFault?: OnFault): AsyncGenerator<BoxRecord | PairRecord> {
  let columns: Map<string, number> | null = null;
  let kind: CsvKind = 'boxes';
  for await (const { record, info } of rowsOf(path)) {
    if (columns === null) {
      kind = kindOf(record, path);
      columns = new Map(record.map((name, i) => [name, i]));
      continue;
    }
    const line = info.lines;
    const known = columns;
    const cell = (name: string): string => record[known.get(name) ?? -1] ?? '';
    const fault = (reason: string): void => report({ source: path, line, reason }, onFault);
    if (record.length !== known.size) {
      fault(`expected ${known.size} cells as in the header but received ${record.length}`);
      continue;
    }
    const wrong = cell('file') === '' ? 'the file name is missing' : sizeFault(cell('width'), cell('height'));
    if (wrong !== null) {
      fault(wrong);
      continue;
    }
    const [width, height] = [numberOf(cell('width')), numberOf(cell('height'))];
    const listed = { file: cell('file'), width, height, className: cell('class') || 'object', line };
    if (kind === 'boxes') {
      const box = checkedBox(
        { xmin: cell('xmin'), ymin: cell('ymin'), xmax: cell('xmax'), ymax: cell('ymax') },
        width,
        height,
      );
      if (typeof box === 'string') fault(box);
      else yield { ...listed, box };
    } else {
      const pair = checkedPair({ x1: cell('x1'), y1: cell('y1'), x2: cell('x2'), y2: cell('y2') }, width, height);
      if (typeof pair === 'string') fault(pair);
      else yield { ...listed, ...pair };
    }
  }
}
