// Boxes from COCO JSON (instances): read twice as a stream, first its images and categories, then its annotations, so
// that the file may list them in any order and only the pictures' names and sizes are kept.
import { createReadStream } from 'node:fs';
import { Tokenizer, TokenParser } from '@streamparser/json';
import { InputError, messageOf, shown } from '../../core/errors.js';
import type { BoxRecord } from '../record.js';
import { checkedBox, numberOf, report, sizeFault, type OnFault } from './check.js';

const CHUNK = 1 << 18;
const NEWLINE = 10;

type Value = { readonly value: Readonly<Record<string, unknown>>; readonly list: string; readonly line: number };

function cutOff(path: string): string {
  return `Expected COCO JSON in ${path} but the file ends in the middle of it. Fetch or write it again.`;
}

/** Members of the file's lists as they are parsed, each with the line that it ends in. */
async function* membersOf(path: string, lists: readonly string[]): AsyncGenerator<Value> {
  const tokenizer = new Tokenizer();
  const parser = new TokenParser({ paths: lists.map((list) => `$.${list}.*`), keepStack: false });
  let [line, chunkStart, counted] = [1, 0, 0];
  let chunk: Buffer = Buffer.alloc(0);
  let ready: Value[] = [];
  let end = 0;
  const lineAt = (offset: number): number => {
    for (
      let at = chunk.indexOf(NEWLINE, counted);
      at >= 0 && chunkStart + at < offset;
      at = chunk.indexOf(NEWLINE, counted)
    ) {
      line++;
      counted = at + 1;
    }
    return line;
  };
  tokenizer.onToken = (token) => {
    end = token.offset;
    parser.write(token);
  };
  parser.onValue = ({ value, stack }) => {
    const list = String(stack[1]?.key ?? '');
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    ready.push({ value: isRecord ? value : {}, list, line: lineAt(end) });
  };
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  try {
    for await (const piece of stream) {
      chunk = piece as Buffer;
      counted = 0;
      tokenizer.write(chunk);
      yield* ready;
      ready = [];
      lineAt(Infinity);
      chunkStart += chunk.length;
    }
    if (!parser.isEnded) throw new InputError(cutOff(path));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `Expected COCO JSON in ${path} but it is no JSON near line ${lineAt(end)}: ${messageOf(error)}. Mend the file.`,
    );
  }
}

type Picture = { readonly file: string; readonly width: unknown; readonly height: unknown };

/**
 * All boxes of a COCO file in the order of its annotations.
 *
 * @throws InputError where it is no JSON or has no annotations
 */
export async function* readCoco(path: string, onFault?: OnFault): AsyncGenerator<BoxRecord> {
  const pictures = new Map<unknown, Picture>();
  const categories = new Map<unknown, string>();
  for await (const { value, list } of membersOf(path, ['images', 'categories'])) {
    if (list === 'categories') categories.set(value['id'], String(value['name']));
    else
      pictures.set(value['id'], { file: String(value['file_name']), width: value['width'], height: value['height'] });
  }
  let annotations = 0;
  for await (const { value, line } of membersOf(path, ['annotations'])) {
    annotations++;
    const which = `annotation ${annotations} (id ${shown(value['id'])})`;
    const record = recordOf(value, line, pictures, categories);
    if (typeof record === 'string') report({ source: path, line, reason: `${which}: ${record}` }, onFault);
    else yield record;
  }
  if (annotations === 0) {
    throw new InputError(
      `Expected the lists "images", "annotations" and "categories" of COCO JSON in ${path} but it has no annotations.`,
    );
  }
}

function recordOf(
  value: Readonly<Record<string, unknown>>,
  line: number,
  pictures: ReadonlyMap<unknown, Picture>,
  categories: ReadonlyMap<unknown, string>,
): BoxRecord | string {
  const picture = pictures.get(value['image_id']);
  if (picture === undefined) return `there is no image ${shown(value['image_id'])}`;
  const className = categories.get(value['category_id']);
  if (className === undefined) return `there is no category ${shown(value['category_id'])}`;
  const wrong = sizeFault(picture.width, picture.height);
  if (wrong !== null) return wrong;
  const [width, height] = [numberOf(picture.width), numberOf(picture.height)];
  const bbox = value['bbox'];
  if (!Array.isArray(bbox) || bbox.length !== 4)
    return `expected bbox [x, y, width, height] but received ${shown(bbox)}`;
  const [x, y, w, h] = bbox.map(numberOf) as [number, number, number, number];
  const box = checkedBox({ xmin: x, ymin: y, xmax: x + w, ymax: y + h }, width, height);
  return typeof box === 'string' ? box : { file: picture.file, width, height, className, line, box };
}
