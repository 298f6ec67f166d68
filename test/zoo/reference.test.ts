// The whole chain from picture file to logits against PyTorch in double precision: zoo/reference.json, which is written
// by zoo/ship.py from its own decoding and preprocessing of fixtures/small.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { listPictures } from '../../src/pictures/sources.js';
import { listZoo } from '../../src/models/find.js';
import { root } from '../support/cli.js';
import { FIXTURES, largestDifference, openLogits } from './logits.js';

type Reference = {
  readonly pictures: readonly string[];
  readonly logits: Readonly<Record<string, readonly (readonly number[])[]>>;
};

const reference = JSON.parse(readFileSync(path.join(root, 'zoo', 'reference.json'), 'utf8')) as Reference;
const small = await listPictures({ images: path.join(FIXTURES, 'small', 'labels.csv') });
const names = (await listZoo()).map(({ name }) => name);

test('the reference is of every shipped model and of every picture of fixtures/small', () => {
  expect(Object.keys(reference.logits).sort()).toEqual([...names].sort());
  expect([...reference.pictures].sort()).toEqual(small.entries.map(({ id }) => id));
});

describe('logits equal those of PyTorch', () => {
  test.each(names)('%s', async (name) => {
    const logits = await openLogits(name);
    const rows = reference.logits[name] ?? [];
    const differences: number[] = [];
    for (const entry of small.entries) {
      const expected = rows[reference.pictures.indexOf(entry.id)] ?? [];
      const [row] = await logits.of(await logits.scene(entry, 'crop'), [[0, 0]]);
      expect(expected).toHaveLength(8);
      differences.push(largestDifference(row as Float32Array, expected));
    }
    await logits.close();
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-4);
  });
});
