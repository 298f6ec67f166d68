// `invariance variants` through the built program: the list, a variant that probes like any model, and wrong requests.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { invariance, temporaryFolder } from '../support/cli.js';
import { hasShared, shared } from '../support/shared.js';

const folder = temporaryFolder();

test('alone it lists where the model subsamples and what each rewriting costs', async () => {
  const { code, stdout, stderr } = await invariance(['variants', 'maxpool']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^maxpool subsamples 4 times\./);
  expect(stdout).toMatch(/^3 +8 → 16 +8×8 → 4×4 +stage4\/downsample +×1\.33 +×1\.33 +×1 +– +×1 +×1$/m);
  expect(stdout).toMatch(/^– blur3-folded: .*stage1\/downsample is MaxPool, which has no weights to fold a blur into/m);

  const { sites, all } = JSON.parse((await invariance(['variants', 'stride', '--json'])).stdout) as {
    sites: { nodes: { name: string }[]; factor: number[]; cost: Record<string, unknown> }[];
    all: Record<string, { ratio: number }>;
  };
  expect(sites.map(({ nodes, factor }) => [nodes[0]?.name, ...factor])).toEqual([
    ['stage1/conv', 1, 2],
    ['stage2/conv', 2, 4],
    ['stage3/conv', 4, 8],
    ['stage4/conv', 8, 16],
  ]);
  expect(sites[0]?.cost['phases']).toEqual({ ratio: 4 });
  expect(all['aps']?.ratio).toBeCloseTo(3, 1);
});

test('it writes folders that are probed like any model', async () => {
  const into = path.join(folder, 'made');
  const args = [
    'variants',
    'stride',
    '--subsampling',
    'aps+circular,phases',
    '--at',
    'last1',
    '--export',
    'grid2',
    '-o',
    into,
  ];
  const { code, stdout, stderr } = await invariance(args);
  expect([code, stderr]).toEqual([0, '']);
  const names = ['stride-aps+circular-last1', 'stride-grid2', 'stride-phases-3'];
  expect(readdirSync(into).sort()).toEqual(names);
  expect(stdout).toMatch(/phases-3\n {2}what +at subsampling 3 \(stage4\/conv\): all phases/);
  expect(stdout).toMatch(/original's values at the places that the original computes, in 4 maps: largest difference 0/);
  expect(stdout).toContain('invariance compare stride ');

  const models = names.flatMap((name) => ['--model', path.join(into, name)]);
  const run = ['probe', '--shift', '1px', ...models, '--limit', '3', '--no-report', '--quiet', '--json'];
  const probed = await invariance([...run, '--out', path.join(folder, 'run')]);
  expect([probed.code, probed.stderr]).toEqual([0, '']);
  const result = JSON.parse(probed.stdout) as { models: { name: string; pictures: { measured: number } }[] };
  expect(result.models.map(({ name, pictures }) => [name, pictures.measured])).toEqual(names.map((name) => [name, 3]));

  const again = await invariance(args);
  expect(again.stdout).toContain('stride-grid2 (was there already)');
});

test('the command that it suggests repeats how the model wants its pictures', async () => {
  const args = ['stride', '--export', 'grid2', '--preprocess', 'inception', '-o', path.join(folder, 'prepared')];
  const { code, stdout } = await invariance(['variants', ...args]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/invariance compare stride \S+stride-grid2 --shift 1px --preprocess inception\n/);
});

describe('wrong requests', () => {
  test.each<readonly [string, string[], RegExp]>([
    ['an unknown kind', ['stride', '--subsampling', 'blur4'], /Unknown rewriting "blur4"\. Did you mean "blur3"/],
    ['an unknown modifier', ['stride', '--subsampling', 'aps+x'], /a kind with "\+circular" behind it.*"aps\+x"/],
    ['an unknown layer', ['stride', '--subsampling', 'aps', '--at', 'x'], /Unknown subsampling "x".*stage1\/conv/],
    ['more than there are', ['stride', '--subsampling', 'aps', '--at', 'last5'], /last1 to last4 for --at.*"last5"/],
    ['a place without a kind', ['stride', '--at', '1'], /Expected --subsampling beside it for --at but received "1"/],
    ['dense in the middle', ['stride', '--subsampling', 'dense', '--at', '1'], /stage3\/conv is kept behind one/],
    ['an unknown set', ['stride', '--export', 'grid5'], /Unknown set of shifts for --export "grid5"/],
    ['no stride', ['dense', '--subsampling', 'aps'], /a network that subsamples for aps but this one has no stride/],
    ['no padding', ['bagnet', '--subsampling', 'circular'], /padding to make circular but the network has none/],
    [
      'adaptive already',
      ['aps-blur', '--subsampling', 'blur3'],
      /stage1.* picks its places by the picture's content \(adaptive sampling\)/,
    ],
    ['many models', ['zoo'], /Expected one model for variants but received "zoo"/],
  ])('%s', async (_, args, says) => {
    const into = path.join(folder, 'wrong');
    const { code, stdout, stderr } = await invariance(['variants', ...args, '-o', into]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(existsSync(into)).toBe(false);
  });
});

const MODELS = ['mobilenet-v1-0.25-128', 'mobilenet-v1-0.5-160', 'efficientnet-lite0'];

describe.skipIf(!hasShared)('published models (needs ../shared)', () => {
  test.each(MODELS)('%s is rewritten in every way', { timeout: 120_000 }, async (name) => {
    const kinds = 'blur3,blur5,blur7,blur3-folded,aps,avgpool,circular,aps+circular,blur3+circular';
    const model = shared(`real/models/${name}`);
    const all = await invariance(['variants', model, '--subsampling', kinds, '-o', folder]);
    expect([all.code, all.stderr]).toEqual([0, '']);
    const last = await invariance(['variants', model, '--subsampling', 'dense,phases', '--at', 'last1', '-o', folder]);
    expect([last.code, last.stderr]).toEqual([0, '']);
    expect(
      last.stdout.match(/places that the original computes, in \d maps: largest difference (0|\d\.\de-[78])/g),
    ).toHaveLength(2);
  });
});
