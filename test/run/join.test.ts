// Runs that may be told apart or must not be joined: other classes, other preprocessing, other weights under one name.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { invariance, temporaryFolder } from '../support/cli.js';
import { circularNetwork, dotPictures } from '../support/networks.js';

const folder = temporaryFolder();
const images = path.join(folder, 'dots');
const labels = path.join(folder, 'labels.csv');

beforeAll(async () => {
  await dotPictures(images, 6);
  writeFileSync(labels, `file,name\n${Array.from({ length: 6 }, (_, i) => `${i}.png,class ${i % 4}`).join('\n')}\n`);
});

function network(name: string, stride: number, change?: (folder: string) => void): string {
  const where = circularNetwork(path.join(folder, name), stride);
  change?.(where);
  return where;
}

function edit(file: string, key: string, value: unknown): void {
  const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...content, [key]: value }));
}

async function run(out: string, model: string, ...more: string[]): Promise<{ code: number | null; stderr: string }> {
  const args = ['probe', '--shift', '1px', '--quiet', '--no-report', '--images', images, '--labels', labels];
  return invariance([...args, '--out', path.join(folder, out), '--model', model, ...more]);
}

async function joined(...runs: string[]): Promise<{ code: number | null; stderr: string }> {
  return invariance(['report', ...runs.map((name) => path.join(folder, name)), '--out', path.join(folder, 'joined')]);
}

test('a corrected class list is another run: labels were resolved by the old one', async () => {
  const model = network('renamed', 2);
  expect((await run('renamed-run', model)).code).toBe(0);
  edit(path.join(model, 'config.json'), 'id2label', { 0: 'class 1', 1: 'class 0', 2: 'class 2', 3: 'class 3' });
  const again = await run('renamed-run', model);
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/holds another run: models\.0\.classes was/);
});

test('one name for two models is refused between any two runs, not only with the first', async () => {
  const [a, b] = [network('a', 2), network('b', 4)];
  expect((await run('j1', `other=${a}`)).code).toBe(0);
  expect((await run('j2', `x=${a}`, '--shard', '1/2')).code).toBe(0);
  expect((await run('j3', `x=${b}`, '--shard', '2/2')).code).toBe(0);
  const { code, stderr } = await joined('j1', 'j2', 'j3');
  expect(code).toBe(2);
  expect(stderr).toMatch(/j2 and .*j3 can't be joined: they name two different models "x", which differ in sha256/);
});

test('the same weights under another preprocessing are another model', async () => {
  const plain = network('plain', 2);
  const dimmed = network('dimmed', 2, (where) =>
    edit(path.join(where, 'preprocessor_config.json'), 'rescale_factor', 1 / 510),
  );
  expect((await run('p1', `x=${plain}`, '--shard', '1/2')).code).toBe(0);
  expect((await run('p2', `x=${dimmed}`, '--shard', '2/2')).code).toBe(0);
  const { code, stderr } = await joined('p1', 'p2');
  expect(code).toBe(2);
  expect(stderr).toMatch(/two different models "x", which differ in preprocessing\.scale/);
});

test('a missing shard is said', async () => {
  const { code, stderr } = await joined('p1');
  expect(code).toBe(0);
  expect(stderr).toContain('x: 3 of 6 pictures are not measured in these runs');
  mkdirSync(path.join(folder, 'empty'));
  const none = await joined('empty');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('is not the folder of a run');
});
