// Opens a data set's boxes, whatever form they have: told by what is in the file, not by its name.
import { open, stat } from 'node:fs/promises';
import { InputError, messageOf } from '../../core/errors.js';
import type { DatasetResult } from '../../core/dataset.js';
import { isPair, type BoxRecord, type PairRecord } from '../record.js';
import type { OnFault } from './check.js';
import { readCoco } from './coco.js';
import { csvKind, readCsv } from './csv.js';
import { readVocFile, readVocFolder, xmlFiles } from './voc.js';

const FORMS = 'Give a folder of Pascal-VOC XML, a COCO JSON file or a CSV.';

/** Boxes or point pairs that are ready to be read, as often as wanted. */
export type OpenDataset = Pick<DatasetResult['source'], 'format' | 'kind'> & {
  /** Without `onFault`, the first box that can't be used ends the reading with an InputError. */
  readonly records: (onFault?: OnFault) => AsyncGenerator<BoxRecord | PairRecord>;
};

/**
 * Recognises a folder of Pascal-VOC XML, one such file, COCO JSON or a CSV.
 *
 * @throws InputError where there is nothing, or nothing of these
 */
export async function openDataset(path: string): Promise<OpenDataset> {
  const found = await stat(path).catch((error: unknown) => {
    throw new InputError(`Expected boxes at ${path} but it can't be read: ${messageOf(error)}. ${FORMS}`);
  });
  if (found.isDirectory()) {
    for await (const _ of xmlFiles(path))
      return { format: 'Pascal VOC', kind: 'boxes', records: (onFault) => readVocFolder(path, onFault) };
    throw new InputError(
      `Expected Pascal-VOC XML files in ${path} but there are none in it or its subfolders. ${FORMS}`,
    );
  }
  const start = await beginningOf(path);
  if (start.startsWith('<'))
    return { format: 'Pascal VOC', kind: 'boxes', records: (onFault) => readVocFile(path, onFault) };
  if (start.startsWith('{')) return { format: 'COCO', kind: 'boxes', records: (onFault) => readCoco(path, onFault) };
  if (start.startsWith('['))
    throw new InputError(
      `Expected COCO JSON in ${path}, an object with "images", "annotations" and "categories", but it is a list: results of a detector have no picture sizes. ${FORMS}`,
    );
  if (start.includes('\0')) throw new InputError(`Expected text in ${path} but it is binary. ${FORMS}`);
  return { format: 'CSV', kind: await csvKind(path), records: (onFault) => readCsv(path, onFault) };
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\uFEFF?\s*/, '');
  } finally {
    await file.close();
  }
}

/**
 * The boxes of a data set, one by one: a folder of Pascal-VOC XML (ImageNet's own form), COCO JSON or a CSV with the
 * columns file, width, height, class, xmin, ymin, xmax, ymax. Pixels, origin top left; a box that reaches over an edge by
 * one pixel at most is cut off there.
 *
 * @param onFault takes each box that can't be used (outside its picture, inverted, without area, not numbers, no picture
 *   size), named by file and line; without it the first one is thrown
 * @throws InputError where the data set can't be read or holds point pairs
 */
export async function* readBoxes(path: string, onFault?: OnFault): AsyncGenerator<BoxRecord> {
  const { kind, records } = await openDataset(path);
  if (kind !== 'boxes') throw new InputError(`Expected boxes in ${path} but it holds ${kind}.`);
  for await (const record of records(onFault)) if (!isPair(record)) yield record;
}
