// Boxes from Pascal-VOC XML, one file a picture, ImageNet's own form: a folder of them with its subfolders, or one file.
// Coordinates are taken as the file writes them.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { SaxesParser } from 'saxes';
import { messageOf, shown } from '../../core/errors.js';
import type { BoxRecord } from '../record.js';
import { checkedBox, numberOf, report, sizeFault, type OnFault } from './check.js';

/** Files read at once. */
const AHEAD = 32;

type Found = { readonly line: number; readonly values: Record<string, string> };

/** What a file holds: its fields by path, and its objects' fields with the line of each. */
type Annotation = { readonly fields: Record<string, string>; readonly objects: readonly Found[] };

/** XML files of a folder and its subfolders, in the order of their names by code unit. */
export async function* xmlFiles(folder: string, below = ''): AsyncGenerator<string> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = path.posix.join(below, entry.name);
    if (entry.isDirectory()) yield* xmlFiles(folder, name);
    else if (/\.xml$/i.test(entry.name)) yield name;
  }
}

/** Reads the fields; throws an error that names the line where the XML is not well-formed. */
function parsed(text: string): Annotation {
  const parser = new SaxesParser();
  const fields: Record<string, string> = {};
  const objects: Found[] = [];
  const open: string[] = [];
  let object: Found | null = null;
  let content = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    open.push(name);
    content = '';
    if (open.join('/') === 'annotation/object') object = { line: parser.line, values: {} };
  });
  parser.on('text', (piece) => (content += piece));
  parser.on('cdata', (piece) => (content += piece));
  parser.on('closetag', () => {
    const at = open.join('/');
    if (at === 'annotation/object' && object !== null) {
      objects.push(object);
      object = null;
    } else if (object !== null) object.values[at.slice('annotation/object/'.length)] = content.trim();
    else fields[at] = content.trim();
    open.pop();
    content = '';
  });
  parser.write(text).close();
  return { fields, objects };
}

/** The picture's path: its name as the file gives it, in the XML's folder; the XML's own name where that is no name. */
function pictureOf(name: string, given: string | undefined): string {
  const own =
    given === undefined || given === '' || given.includes('%')
      ? path.posix.basename(name).replace(/\.xml$/i, '')
      : given;
  return path.posix.join(path.posix.dirname(name), own);
}

function* recordsOf(source: string, name: string, text: string, onFault: OnFault | undefined): Generator<BoxRecord> {
  const fault = (line: number, reason: string): void => report({ source, line, reason }, onFault);
  let annotation: Annotation;
  try {
    annotation = parsed(text);
  } catch (error) {
    const [, line = '1', reason] = /^(\d+):\d+: (.*)$/s.exec(messageOf(error)) ?? [];
    fault(Number(line), `not well-formed XML (${reason ?? messageOf(error)})`);
    return;
  }
  const { fields, objects } = annotation;
  if (!('annotation' in fields)) {
    const root = Object.keys(fields).find((at) => !at.includes('/')) ?? '';
    fault(1, `expected the element annotation but received ${shown(root)}`);
    return;
  }
  const [width, height] = [fields['annotation/size/width'], fields['annotation/size/height']];
  const wrong = sizeFault(width, height);
  const size = { width: numberOf(width), height: numberOf(height) };
  const file = pictureOf(name, fields['annotation/filename']);
  for (const { line, values } of objects) {
    if (wrong !== null) {
      fault(line, wrong);
      continue;
    }
    const side = (edge: string): string | undefined => values[`bndbox/${edge}`];
    const box = checkedBox(
      { xmin: side('xmin'), ymin: side('ymin'), xmax: side('xmax'), ymax: side('ymax') },
      size.width,
      size.height,
    );
    if (typeof box === 'string') fault(line, box);
    else yield { file, ...size, className: values['name'] || 'object', line, box };
  }
}

/** All boxes of a folder of XML files, file by file; some files are read ahead. */
export async function* readVocFolder(folder: string, onFault?: OnFault): AsyncGenerator<BoxRecord> {
  let names: string[] = [];
  for await (const name of xmlFiles(folder)) {
    names.push(name);
    if (names.length < AHEAD) continue;
    yield* ofFiles(folder, names, onFault);
    names = [];
  }
  yield* ofFiles(folder, names, onFault);
}

async function* ofFiles(
  folder: string,
  names: readonly string[],
  onFault: OnFault | undefined,
): AsyncGenerator<BoxRecord> {
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  for (const [i, name] of names.entries()) yield* recordsOf(path.join(folder, name), name, texts[i] as string, onFault);
}

/** All boxes of one XML file. */
export async function* readVocFile(file: string, onFault?: OnFault): AsyncGenerator<BoxRecord> {
  yield* recordsOf(file, path.basename(file), await readFile(file, 'utf8'), onFault);
}
