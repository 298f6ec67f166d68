// Analytic controls through the whole program: networks that must give exactly 0, and some that must fail.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '../../src/core/result.js';
import { invariance, temporaryFolder } from '../support/cli.js';
import { circularNetwork, nanNetwork, dotPictures, parityNetwork, picture } from '../support/networks.js';

const folder = temporaryFolder();
const dots = dotPictures(path.join(folder, 'dots'), 12);
let runs = 0;

async function probe(...args: string[]): Promise<Result> {
  const out = path.join(folder, `run-${runs++}`);
  const { code, stdout, stderr } = await invariance([
    'probe',
    '--json',
    '--no-report',
    '--quiet',
    '--out',
    out,
    ...args,
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Result;
}

function valueOf(result: Result, metric: string): number {
  const estimate = result.models[0]?.estimates[metric];
  if (estimate === undefined || 'unavailable' in estimate) throw new Error(`no ${metric}`);
  return estimate.value;
}

test('a circular network without subsampling changes nothing under cyclic shifts', async () => {
  const model = circularNetwork(path.join(folder, 'dense'), 1);
  const result = await probe(
    '--shift',
    '1px',
    '--surround',
    'cyclic',
    '--path',
    'grid',
    '--model',
    model,
    '--images',
    await dots,
  );
  expect(valueOf(result, 'top1Change')).toBe(0);
  expect(valueOf(result, 'everChanged')).toBe(0);
  expect(valueOf(result, 'meanAbsoluteChange')).toBeLessThan(1e-6);
});

test('the same network with a stride of 2 or 4 is steady for steps of its stride only', async () => {
  for (const stride of [2, 4]) {
    const model = circularNetwork(path.join(folder, `stride-${stride}`), stride);
    const common = ['--surround', 'cyclic', '--model', model, '--images', await dots];
    const exact = await probe('--shift', `${stride}px`, ...common);
    expect(valueOf(exact, 'top1Change')).toBe(0);
    expect(valueOf(exact, 'meanAbsoluteChange')).toBeLessThan(1e-6);
    const broken = await probe('--shift', '1px', ...common);
    expect(valueOf(broken, 'top1Change')).toBeGreaterThan(0.05);
    expect(valueOf(broken, 'meanAbsoluteChange')).toBeGreaterThan(0.01);
  }
});

test('a network that answers with the parity of a column changes its answer at every step', async () => {
  const pictures = path.join(folder, 'columns');
  mkdirSync(pictures);
  for (const column of [10, 15, 20]) {
    await picture(path.join(pictures, `${column}.png`), (x) => (x === column ? 255 : 0));
  }
  const model = parityNetwork(path.join(folder, 'parity'));
  for (const way of ['diagonal', 'horizontal']) {
    const result = await probe(
      '--shift',
      '1px',
      '--surround',
      'cyclic',
      '--path',
      way,
      '--model',
      model,
      '--images',
      pictures,
    );
    expect(valueOf(result, 'top1Change')).toBe(1);
    expect(valueOf(result, 'consistency')).toBe(0);
  }
  const still = await probe(
    '--shift',
    '1px',
    '--surround',
    'cyclic',
    '--path',
    'vertical',
    '--model',
    model,
    '--images',
    pictures,
  );
  expect(valueOf(still, 'top1Change')).toBe(0);
  const even = await probe('--shift', '2px', '--surround', 'cyclic', '--model', model, '--images', pictures);
  expect(valueOf(even, 'top1Change')).toBe(0);
});

test('NaN logits are named and counted, never an argmax', async () => {
  const pictures = path.join(folder, 'bright');
  mkdirSync(pictures);
  await picture(path.join(pictures, 'bright.png'), () => 255);
  for (const name of ['black.png', 'dark.png']) await picture(path.join(pictures, name), () => name.length);
  const model = nanNetwork(path.join(folder, 'nan'));
  const result = await probe('--shift', '1px', '--surround', 'cyclic', '--model', model, '--images', pictures);
  const [only] = result.models;
  expect(only?.pictures).toMatchObject({ measured: 3, invalidViews: 9 });
  expect(only?.invalid[0]).toEqual({ picture: 'bright.png', at: { dx: -4, dy: -4 }, reason: '2 of 2 logits are NaN' });
  expect(only?.estimates['top1Change']).toMatchObject({ value: 0, n: 16, pictures: 2 });
});

test('workers, threads and shards change no number', async () => {
  const model = circularNetwork(path.join(folder, 'any-workers'), 2);
  const common = [
    '--shift',
    '1px',
    '--path',
    'random',
    '--repeat',
    '3',
    '--surround',
    'cyclic',
    '--seed',
    '5',
    '--model',
    model,
    '--images',
    await dots,
  ];
  const one = await probe(...common, '--workers', '1');
  const three = await probe(...common, '--workers', '3', '--threads', '2');
  expect(three).toEqual(one);
  const parts = [];
  for (const part of ['1/3', '2/3', '3/3']) {
    parts.push(path.join(folder, `part-${part[0] ?? ''}`));
    const { code } = await invariance([
      'probe',
      '--no-report',
      '--quiet',
      '--shard',
      part,
      '--out',
      parts.at(-1) as string,
      ...common,
    ]);
    expect(code).toBe(0);
  }
  const joined = await invariance(['report', ...parts, '--out', path.join(folder, 'joined'), '--json']);
  expect(joined.stderr).toBe('');
  expect(JSON.parse(joined.stdout)).toEqual(one);
});
