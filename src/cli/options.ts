// Values of options, checked as they are read: each error names the option, what was expected and what was received.
import os from 'node:os';
import { expected } from '../core/errors.js';
import type { Shard } from '../core/result.js';
import { withoutSecrets } from '../models/shown-url.js';
import type { ModelRequest } from '../run/open.js';

/** A parser of whole numbers from `low` on. */
export function wholeNumber(name: string, low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `from ${low} to ${high}`;
    throw expected(name, `a whole number ${range}`, text);
  };
}

/** A parser of numbers between 0 and 1. */
export function fraction(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value > 0 && value < 1) return value;
    throw expected(name, 'a number between 0 and 1', text);
  };
}

/** Collects an option that may be given several times. */
export function repeated(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** "2/4": the second of four parts. */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.of >= shard.index) return shard;
  throw expected('--shard', 'I/N with I from 1 to N, like 2/4', text);
}

/** A model as written: a path or name, or NAME=PATH to give it a name of its own. */
export function parseModel(text: string): ModelRequest {
  const [, name, where] = /^([\p{L}\p{N}._+-]+)=(.+)$/su.exec(text) ?? [];
  return name !== undefined && where !== undefined ? { name, where } : { where: text };
}

/** Worker threads by default: one a core that this process may use. */
export function defaultWorkers(): number {
  return os.availableParallelism();
}

/** The command line in a form that a shell takes back, without the secrets in URLs: it is kept in results and shown. */
export function commandLine(words: readonly string[]): string {
  return ['invariance', ...words.map(withoutSecrets)]
    .map((word) => (/^[\p{L}\p{N}@%+=:,./_-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
