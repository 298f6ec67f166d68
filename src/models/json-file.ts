// Reads the small JSON files beside a model, with messages that name file and key.
import { readFile } from 'node:fs/promises';
import { InputError, expected, messageOf } from '../core/errors.js';

/** A JSON object as read from a file, with the file's name for messages. */
export type JsonFile = { readonly name: string; readonly content: Readonly<Record<string, unknown>> };

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * A file's JSON object.
 *
 * @returns null where there is no such file
 * @throws InputError where it can't be read, isn't JSON or isn't an object
 */
export async function readJsonFile(path: string): Promise<JsonFile | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new InputError(`Expected a readable file ${path} but reading it failed: ${messageOf(error)}.`);
  }
  return { name: path, content: parseJsonObject(text, path) };
}

/** @throws InputError where the text isn't JSON or isn't an object */
function parseJsonObject(text: string, path: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new InputError(`Expected JSON in ${path} but it can't be parsed: ${messageOf(error)}. Mend the file.`);
  }
  if (!isRecord(content)) throw expected(path, 'a JSON object', content);
  return content;
}

/** A member that is a finite number above 0. */
export function positive(file: JsonFile, key: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw expected(`"${key}" in ${file.name}`, 'a number above 0', value);
}

/** A member that is a whole number of pixels, 1 or more. */
export function pixels(file: JsonFile, key: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw expected(`"${key}" in ${file.name}`, 'a whole number of pixels above 0', value);
}

/** A member that is one number for all three channels or a list of three. */
export function perChannel(file: JsonFile, key: string, value: unknown): [number, number, number] {
  const list = typeof value === 'number' ? [value, value, value] : value;
  if (
    Array.isArray(list) &&
    list.length === 3 &&
    list.every((item) => typeof item === 'number' && Number.isFinite(item))
  ) {
    return [list[0] as number, list[1] as number, list[2] as number];
  }
  throw expected(`"${key}" in ${file.name}`, 'a number or a list of three (red, green, blue)', value);
}
