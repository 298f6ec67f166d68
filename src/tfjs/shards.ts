// The files that hold a TensorFlow.js model's weights: read, checked against the manifest, joined.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError, messageOf } from '../core/errors.js';
import { elementsOf, packedBytes } from './manifest.js';
import type { ManifestGroup } from './manifest.js';
import type { TfjsWeight } from './model.js';

/** The weights in memory and where each lies. */
export type ReadShards = {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly weights: readonly TfjsWeight[];
  readonly shards: readonly string[];
};

type Shard = { readonly name: string; readonly file: string; readonly bytes: Uint8Array };

async function readShard(folder: string, name: string, path: string): Promise<Shard> {
  const file = join(folder, name);
  try {
    return { name, file, bytes: await readFile(file) };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new InputError(
      missing
        ? `Expected the weights "${name}" beside ${path}, as its manifest says, but there is no such file. Copy or download it into ${folder} too.`
        : `Expected a readable file ${file} but reading it failed: ${messageOf(error)}.`,
    );
  }
}

const SHARD_UNIT = 1024;

/**
 * The shard whose length must be wrong where the sum is: with its length put right, all but the last are equal and whole
 * kibibytes, as every converter writes them. null where more than one could be.
 */
function wrongShard(
  shards: readonly Shard[],
  needed: number,
): { readonly shard: Shard; readonly expected: number } | null {
  const sizes = shards.map(({ bytes }) => bytes.length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  const found = shards.flatMap((shard, i) => {
    const expected = needed - (sum - shard.bytes.length);
    const mended = sizes.with(i, expected);
    const full = mended.slice(0, -1);
    const [size = mended[0] ?? 0] = full;
    const regular = full.every((each) => each === size && each % SHARD_UNIT === 0) && (mended.at(-1) ?? 0) <= size;
    return expected > 0 && (regular || shards.length === 1) ? [{ shard, expected }] : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

function wrongLength(shards: readonly Shard[], needed: number, path: string): InputError {
  const wrong = wrongShard(shards, needed);
  const todo = 'Copy or download it again.';
  if (wrong !== null) {
    const { name, bytes } = wrong.shard;
    return new InputError(
      `Expected ${wrong.expected} bytes in "${name}" by the manifest of ${path} but it has ${bytes.length}. ${todo}`,
    );
  }
  const sum = shards.reduce((total, { bytes }) => total + bytes.length, 0);
  const list = shards.map(({ name, bytes }) => `${name} ${bytes.length}`).join(', ');
  return new InputError(
    `Expected ${needed} bytes of weights by the manifest of ${path} but its files have ${sum}: ${list}. Copy or download them again.`,
  );
}

/** Bytes of texts, each behind its length (32 bits, little-endian); null where the data ends before. */
function textBytes(view: DataView, at: number, count: number): number | null {
  let end = at;
  for (let i = 0; i < count; i++) {
    if (end + 4 > view.byteLength) return null;
    end += 4 + view.getUint32(end, true);
  }
  return end - at;
}

/** Places of a group's weights from `base` on, and the bytes that it needs; texts that leave the data count as short. */
function placed(
  { weights }: ManifestGroup,
  data: Uint8Array,
  base: number,
): { readonly weights: TfjsWeight[]; readonly needed: number } {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const found = weights.map((weight): TfjsWeight => {
    const bytes = packedBytes(weight) ?? textBytes(view, at, elementsOf(weight.shape)) ?? data.length + 1;
    const place = { ...weight, at: base + at, bytes };
    at += bytes;
    return place;
  });
  return { weights: found, needed: at };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Reads all shards of a manifest.
 *
 * @param path the model.json that the manifest is of; shards lie relative to it
 * @throws InputError for a missing shard, and for one whose length isn't that of its weights, with both lengths
 */
export async function readShards(groups: readonly ManifestGroup[], path: string): Promise<ReadShards> {
  const folder = dirname(path);
  const weights: TfjsWeight[] = [];
  const files: string[] = [];
  const parts: Uint8Array[] = [];
  let base = 0;
  for (const group of groups) {
    const shards: Shard[] = [];
    for (const name of group.paths) shards.push(await readShard(folder, name, path));
    const data = joined(shards.map(({ bytes }) => bytes));
    const { weights: found, needed } = placed(group, data, base);
    if (needed !== data.length) throw wrongLength(shards, needed, path);
    weights.push(...found);
    files.push(...shards.map(({ file }) => file));
    parts.push(data);
    base += data.length;
  }
  return { data: parts.length === 1 ? (parts[0] as Uint8Array<ArrayBuffer>) : joined(parts), weights, shards: files };
}
