// Parity: the same weights as ONNX and as both kinds of TensorFlow.js model, measured in one run by `invariance compare`,
// give every view the same answer. A near-tie may swap: where the two likeliest classes of the ONNX model lie less than
// 1e-3 apart, another order of summation may turn them round, and only the probabilities are compared.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Estimate } from '../../src/core/estimate.js';
import type { LayersResult } from '../../src/core/layers.js';
import type { Observation } from '../../src/core/observation.js';
import type { Result } from '../../src/core/result.js';
import { invariance, root, temporaryFolder } from '../support/cli.js';
import { hasShared, shared } from '../support/shared.js';
import { tfjsNodeProject } from '../support/tfjs-node.js';

const NEAR_TIE = 1e-3;
const MOST_APART = 1e-4;

const folder = temporaryFolder();
const fixtures = path.join(root, 'fixtures', 'small', 'labels.csv');
/** Those of the default run. */
const everything = path.join(root, 'fixtures', 'pictures', 'labels.csv');
const zoo = path.join(root, 'zoo');

/** A zoo network in its three forms, converted here: "stride-onnx", "stride-layers", "stride-graph". */
function converted(name: string): Record<string, string> {
  const form = (kind: 'layers' | 'graph'): string => {
    const made = path.join(folder, `${name}-${kind}`);
    const { stderr, status } = spawnSync(process.execPath, [path.join(zoo, 'to-tfjs.mjs'), name, kind, made]);
    expect(stderr.toString()).toBe('');
    expect(status).toBe(0);
    return made;
  };
  return {
    [`${name}-onnx`]: path.join(zoo, 'models', name),
    [`${name}-layers`]: form('layers'),
    [`${name}-graph`]: form('graph'),
  };
}

function observations(run: string, name: string): ReadonlyMap<string, Observation> {
  const lines = readFileSync(path.join(run, 'observations', `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return new Map(lines.map((line) => JSON.parse(line) as Observation).map((seen) => [seen.picture, seen]));
}

/** What two models answered to the same views. */
type Apart = {
  readonly views: number;
  /** Views with another top-1 that aren't near-ties. */
  readonly swapped: number;
  readonly nearTies: number;
  /** Largest distance of a probability, over all classes that both list. */
  readonly most: number;
};

function apart(a: ReadonlyMap<string, Observation>, b: ReadonlyMap<string, Observation>): Apart {
  let [views, swapped, nearTies, most] = [0, 0, 0, 0];
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
  for (const [picture, { views: ours }] of a) {
    ours.forEach((view, i) => {
      const other = b.get(picture)?.views[i];
      if (other === undefined || 'invalid' in view || 'invalid' in other) throw new Error(`no answer for ${picture}`);
      const [first = 0, second = 0] = view.p;
      const near = first - second < NEAR_TIE;
      views++;
      nearTies += Number(near);
      swapped += Number(!near && view.top[0] !== other.top[0]);
      expect(other.at).toEqual(view.at);
      view.top.forEach((index, place) => {
        const theirs = other.p[other.top.indexOf(index)];
        if (theirs !== undefined) most = Math.max(most, Math.abs(theirs - (view.p[place] as number)));
      });
    });
  }
  return { views, swapped, nearTies, most };
}

async function compared(
  out: string,
  models: Record<string, string>,
  images: string,
  more: readonly string[],
  cwd?: string,
): Promise<string> {
  const run = path.join(folder, out);
  const named = Object.entries(models).map(([name, where]) => `${name}=${where}`);
  const { code, stderr } = await invariance(
    ['compare', ...named, '--images', images, '--out', run, '--no-report', '--no-timing', '--quiet', ...more],
    cwd === undefined ? {} : { cwd },
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return run;
}

/** Both TensorFlow.js forms of a network against its ONNX form. */
function expectParity(run: string, network: string, views: number): void {
  const onnx = observations(run, `${network}-onnx`);
  for (const kind of ['layers', 'graph']) {
    const found = apart(onnx, observations(run, `${network}-${kind}`));
    expect(found).toMatchObject({ views, swapped: 0 });
    expect(found.most).toBeLessThan(MOST_APART);
    // Else nothing would be left to compare.
    expect(found.nearTies).toBeLessThan(views / 20);
  }
}

describe('networks of the zoo', () => {
  const networks = ['stride', 'maxpool', 'avgpool', 'bagnet'];
  const models: Record<string, string> = {};
  beforeAll(() => {
    for (const network of networks) Object.assign(models, converted(network));
  });
  const ofStride = (): Record<string, string> =>
    Object.fromEntries(Object.entries(models).filter(([name]) => name.startsWith('stride-')));

  test('answer every view of the fixture run alike on both engines', async () => {
    const run = await compared('stride', ofStride(), everything, ['--shift', '1px']);
    expectParity(run, 'stride', 240 * 9);
    const { models: results } = JSON.parse(readFileSync(path.join(run, 'result.json'), 'utf8')) as Result;
    const [onnx, ...others] = results.map(({ estimates }) => (estimates['top1Change'] as Estimate).value);
    expect(others).toEqual([onnx, onnx]);
  }, 120_000);

  test('do so with every layer that the zoo’s converter writes', async () => {
    const run = await compared('all', models, fixtures, ['--shift', '1px', '--limit', '8']);
    for (const network of networks) expectParity(run, network, 8 * 9);
  }, 120_000);

  test.skipIf(tfjsNodeProject === null)(
    'do so on TensorFlow’s own library',
    async () => {
      const more = ['--shift', '1px', '--limit', '8', '--backend', 'node'];
      const run = await compared('native', models, fixtures, more, tfjsNodeProject ?? root);
      for (const network of networks) expectParity(run, network, 8 * 9);
    },
    120_000,
  );
});

test('layers lose as much on both engines', async () => {
  const run = path.join(folder, 'layers-run');
  const models = Object.entries(converted('stride')).flatMap(([name, where]) => ['--model', `${name}=${where}`]);
  const { code } = await invariance([
    ...['probe', '--shift', '1px', '--surround', 'cyclic', '--images', fixtures, '--limit', '6', ...models],
    ...['--layers', '--local-pictures', '0', '--out', run, '--no-report', '--quiet'],
  ]);
  expect(code).toBe(0);
  const { models: results } = JSON.parse(readFileSync(path.join(run, 'result.json'), 'utf8')) as Result;
  const [onnx, ...others] = results.map(({ layers }) => layers as LayersResult);
  const factors = (layers: LayersResult | undefined): number[] =>
    layers?.losses.map(({ factorAfter }) => factorAfter.y) ?? [];
  expect(factors(onnx)).toHaveLength(4);
  for (const other of others) {
    expect(factors(other)).toEqual(factors(onnx));
    onnx?.losses.forEach(({ to }, i) => {
      // Of thousands of maps one or two may lie on the threshold itself.
      const theirs = other.losses[i]?.to as Estimate;
      expect(Math.abs(theirs.value - (to as Estimate).value)).toBeLessThan(0.005);
    });
  }
}, 60_000);

describe.skipIf(!hasShared)('MobileNet on photographs', () => {
  const real = (suffix: string): string => shared('real', 'models', `mobilenet-v1-0.25-128${suffix}`);
  const models = {
    'mobilenet-onnx': real(''),
    'mobilenet-layers': real('-tfjs-layers'),
    'mobilenet-graph': real('-tfjs-graph'),
  };
  const photographs = shared('real', 'imagenet-256');
  const run = ['--shift', '1px', '--limit', '20'];

  test('answers every view alike on both engines', async () => {
    expectParity(await compared('mobilenet', models, photographs, run), 'mobilenet', 20 * 9);
  }, 120_000);

  test.skipIf(tfjsNodeProject === null)(
    'does so on TensorFlow’s own library',
    async () => {
      const native = [...run, '--backend', 'node'];
      const made = await compared('mobilenet-native', models, photographs, native, tfjsNodeProject ?? root);
      expectParity(made, 'mobilenet', 20 * 9);
    },
    120_000,
  );
});
