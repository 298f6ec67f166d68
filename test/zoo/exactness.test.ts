// The two analytic controls of the zoo, on the shipped files in onnxruntime: `dense` is the mean of `stride-circular`
// over all cyclic shifts of its stride; `aps-blur` (Chaman & Dokmanić, CVPR 2021) is exact under every cyclic shift.
import path from 'node:path';
import { expect, test } from 'vitest';
import { randomFor } from '../../src/core/random.js';
import { listPictures } from '../../src/pictures/sources.js';
import { FIXTURES, largestDifference, openLogits, type Shift } from './logits.js';

const { entries } = await listPictures({ images: path.join(FIXTURES, 'small', 'labels.csv') });

/** Every offset of a square lattice. */
function allShifts(side: number): Shift[] {
  return Array.from({ length: side * side }, (_, i): Shift => [i % side, Math.floor(i / side)]);
}

/** The entry of each kind with the given number. */
function ofEachKind(number: string): typeof entries {
  return entries.filter(({ id }) => id.includes(number));
}

test("dense's logits are the mean of stride-circular's over the 256 cyclic shifts", async () => {
  const [dense, strided] = [await openLogits('dense'), await openLogits('stride-circular')];
  const differences: number[] = [];
  for (const entry of ofEachKind('003')) {
    const rows = await strided.of(await strided.scene(entry, 'cyclic'), allShifts(16));
    const mean = Array.from({ length: 8 }, (_, k) => rows.reduce((sum, row) => sum + (row[k] as number), 0) / 256);
    const scene = await dense.scene(entry, 'cyclic');
    for (const row of await dense.of(scene, [
      [0, 0],
      [5, 11],
    ]))
      differences.push(largestDifference(row, mean));
    // The mean is of rows that do differ.
    expect(Math.max(...rows.map((row) => largestDifference(row, mean)))).toBeGreaterThan(0.1);
  }
  expect(differences).toHaveLength(6);
  expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
  await Promise.all([dense.close(), strided.close()]);
});

test("aps-blur's logits are bit for bit the same under all 4096 cyclic shifts of a picture", async () => {
  const logits = await openLogits('aps-blur');
  const rows = await logits.of(await logits.scene(ofEachKind('mixed-002')[0]!, 'cyclic'), allShifts(64));
  expect(rows).toHaveLength(4096);
  expect(new Set(rows.map((row) => row.join())).size).toBe(1);
  await logits.close();
});

test("aps-blur's logits are bit for bit the same under sampled cyclic shifts of all small fixtures", async () => {
  const logits = await openLogits('aps-blur');
  const { below } = randomFor(1, 'cyclic shifts');
  for (const entry of entries) {
    const shifts = Array.from({ length: 31 }, (): Shift => [below(64), below(64)]);
    const rows = await logits.of(await logits.scene(entry, 'cyclic'), [[0, 0], ...shifts]);
    expect(new Set(rows.map((row) => row.join())).size, entry.id).toBe(1);
  }
  await logits.close();
});

test('the same shifts change the logits of blurpool, its partner', async () => {
  const logits = await openLogits('blurpool');
  const rows = await logits.of(await logits.scene(ofEachKind('mixed-002')[0]!, 'cyclic'), allShifts(16));
  expect(new Set(rows.map((row) => row.join())).size).toBe(256);
  await logits.close();
});
