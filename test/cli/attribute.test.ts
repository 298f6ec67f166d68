// `invariance variants MODEL --attribute`: a network whose only stride is the cause must be told so, and a stopped command
// goes on with the variants that it has.
import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Result } from '../../src/core/result.js';
import { invariance, temporaryFolder, type Finished } from '../support/cli.js';
import { SIDE, circularNetwork, dotPictures } from '../support/networks.js';

const folder = temporaryFolder();
const images = path.join(folder, 'dots');
const model = path.join(folder, 'net');
const out = path.join(folder, 'out');
const command = [
  ...['variants', model, '--attribute', '--images', images, '--surround', 'cyclic', '--repeat', '2', '-o', out],
];

function resultOf(): Result {
  return JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8')) as Result;
}

let run: Finished;
beforeAll(async () => {
  await dotPictures(images, 8);
  circularNetwork(model, 2);
  run = await invariance([...command, '--quiet']);
});

test('without its only stride a circular network never changes its answer', () => {
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  const result = resultOf();
  const { attribution } = result;
  // Convolutions of 3 → 8 → 8 maps, the second with the stride, and a linear layer of 8 → 4, for one phase or for four.
  const [before, first] = [(SIDE / 2) ** 2 * 8 * 72, SIDE ** 2 * 8 * 27];
  const macsRatio = (first + 4 * before + 4 * 32) / (first + before + 32);
  expect(attribution?.sites).toEqual([{ index: 0, stride: 2, before: 1, after: 2, nodes: ['stage2/conv'] }]);
  expect(attribution?.variants).toEqual([{ sites: [0], how: 'phases', model: 'phases-0', macsRatio, leftOut: null }]);
  expect(attribution?.original['top1Change']).toMatchObject({
    value: expect.toSatisfy((value) => value > 0.2) as number,
  });
  const effect = (of: Result, metric: string) =>
    of.attribution?.effects.find((one) => one.model === 'phases-0' && one.metric === metric);
  for (const part of [result, result.parts?.['random-pair'] as Result]) {
    expect(effect(part, 'top1Change')?.value).toMatchObject({ value: 0 });
    expect(effect(part, 'nonShiftability')?.value).toMatchObject({ value: 0 });
  }
  expect(result.comparisons.every(({ a }) => a === 'net')).toBe(true);
  expect(run.stdout).toMatch(/the largest: −[\d.]+ points without 0 stage2\/conv/);
  expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toContain('Which stride loses it');
});

test('the same command goes on: variants and observations are kept', async () => {
  const file = path.join(out, 'variants', 'net-phases-0', 'model.onnx');
  const [before, bytes] = [statSync(file).mtimeMs, readFileSync(path.join(out, 'result.json'), 'utf8')];
  const again = await invariance([...command, '--quiet', '--no-report']);
  expect(again.code).toBe(0);
  expect(statSync(file).mtimeMs).toBe(before);
  expect(readFileSync(path.join(out, 'result.json'), 'utf8')).toBe(bytes);
});

test('the page can be made again from the run', async () => {
  const { code, stdout } = await invariance(['report', out, '--json']);
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as Result).attribution?.effects).toEqual(resultOf().attribution?.effects);
});

test.each([
  [
    ['variants', model, '--attribute', '--at', '0'],
    '--at has no meaning with --attribute, which takes off every stride by itself. Leave it out.',
  ],
  [['variants', model, '--limit', '3'], '--limit is for --attribute. Add it, or leave --limit out.'],
  [
    ['variants', model, '--attribute', '--images', images, '--path', 'diagonal', '-o', `${out}-path`],
    'Expected two paths for --attribute, the near one first for --path but received "diagonal". Or leave it out.',
  ],
  [
    ['variants', model, '--attribute', '--images', images, '--path', 'diagonal,grid:1,axes', '-o', `${out}-path`],
    'Expected two paths for --attribute, the near one first for --path but received "diagonal,grid:1,axes".',
  ],
  [
    ['variants', model, '--attribute', '--images', images, '--max-cost', '2', '-o', `${out}-cost`, '--quiet'],
    'None of the strides of net can be taken off: it costs 2.2 times the original, more than the 2 that are allowed (--max-cost).',
  ],
  [
    ['variants', 'aps-blur', '--attribute', '--images', images, '-o', `${out}-aps`, '--quiet'],
    "None of the strides of aps-blur can be taken off: stage1/downsample picks its places by the picture's content",
  ],
  [
    ['variants', 'dense', '--attribute', '--images', images, '-o', `${out}-dense`],
    'Expected a network that subsamples but dense has no stride: there is nothing to attribute.',
  ],
])('%j is refused in words', async (words, message) => {
  const { code, stderr } = await invariance(words);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('pictures and preprocessing are looked at before anything is rewritten', async () => {
  const into = `${out}-early`;
  const pictures = await invariance([...command.slice(0, 3), '--images', path.join(folder, 'nowhere'), '-o', into]);
  expect([pictures.code, existsSync(into)]).toEqual([2, false]);
  expect(pictures.stderr).toContain('nowhere');
  expect(pictures.stderr).not.toContain('rewriting');

  const bare = path.join(folder, 'bare.onnx');
  copyFileSync(path.join(model, 'model.onnx'), bare);
  const silent = await invariance(['variants', bare, '--attribute', '--images', images, '-o', into]);
  expect([silent.code, existsSync(into)]).toEqual([2, false]);
  expect(silent.stderr).toContain('--preprocess');
});

test('--fresh makes the variants again, for another preprocessing too', async () => {
  const file = path.join(out, 'variants', 'net-phases-0', 'model.onnx');
  const before = statSync(file).mtimeMs;
  const changed = [...command, '--quiet', '--no-report', '--no-layers', '--preprocess', 'none'];
  const refused = await invariance(changed);
  expect([refused.code, refused.stderr.includes('holds this variant with another preprocessing')]).toEqual([2, true]);
  const again = await invariance([...changed, '--fresh']);
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect(statSync(file).mtimeMs).toBeGreaterThan(before);
});
