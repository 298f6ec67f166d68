// Layers through the whole program: networks whose layers must lose nothing, or everything, and what is refused.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isEstimate } from '../../src/core/estimate.js';
import type { LayerResult, LayersResult } from '../../src/core/layers.js';
import type { Observation } from '../../src/core/observation.js';
import type { Result, RunRecord } from '../../src/core/result.js';
import { checkMemory, closerLooks, layersToLookAt } from '../../src/run/plan-layers.js';
import { makeProtocol } from '../../src/probes/protocol.js';
import { openModels } from '../../src/run/open.js';
import { invariance, temporaryFolder } from '../support/cli.js';
import { alternatingNetwork, circularNetwork, dotPictures, parityNetwork, picture } from '../support/networks.js';

const folder = temporaryFolder();
const dots = path.join(folder, 'dots');
let runs = 0;

/** The nodes that compute, without those that make the padding. */
const NODES = 'stage?/{conv,relu}';

beforeAll(async () => {
  await dotPictures(dots, 8);
});

type Looked = { readonly result: Result; readonly out: string; readonly layers: LayersResult };

async function look(model: string, ...args: string[]): Promise<Looked> {
  const out = path.join(folder, `run-${runs++}`);
  const { code, stdout, stderr } = await invariance([
    ...['layers', model, '--json', '--no-report', '--quiet', '--out', out, '--surround', 'cyclic', '--images', dots],
    ...args,
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as Result;
  return { result, out, layers: result.models[0]?.layers as LayersResult };
}

function valueOf({ estimates }: LayerResult, metric: string): number {
  const estimate = estimates[metric];
  if (!isEstimate(estimate)) throw new Error(`no ${metric}: ${estimate?.unavailable}`);
  return estimate.value;
}

describe('controls', () => {
  test('a dense circular network loses nothing at any layer', async () => {
    const { layers } = await look(circularNetwork(path.join(folder, 'dense'), 1), '--shift', '1px', '--layers', NODES);
    expect(layers.layers.map(({ name }) => name)).toEqual([
      'pixels',
      ...['stage1/conv', 'stage1/relu', 'stage2/conv', 'stage2/relu'],
    ]);
    for (const layer of layers.layers) {
      expect(valueOf(layer, 'nonShiftability')).toBe(0);
      expect(valueOf(layer, 'relativeSpread')).toBeLessThan(1e-5);
      expect(valueOf(layer, 'equivarianceErrorPixel')).toBeLessThan(1e-6);
      expect(valueOf(layer, 'equivarianceErrorFactor')).toBeLessThan(1e-6);
      expect(valueOf(layer, 'periodicMaps')).toBe(1);
    }
    expect(layers.losses).toEqual([]);
  });

  test('a strided circular network is equivariant for steps of its factor only', async () => {
    const model = circularNetwork(path.join(folder, 'stride-4'), 4);
    const { layers } = await look(model, '--shift', '1px', '--layers', NODES);
    const [, , first, conv, relu] = layers.layers as LayerResult[];
    expect(first?.factor).toEqual({ y: 1, x: 1 });
    expect(valueOf(first as LayerResult, 'equivarianceErrorPixel')).toBeLessThan(1e-6);
    for (const layer of [conv, relu] as LayerResult[]) {
      expect(layer.factor).toEqual({ y: 4, x: 4 });
      expect(valueOf(layer, 'equivarianceErrorFactor')).toBeLessThan(1e-6);
      expect(valueOf(layer, 'equivarianceErrorPixel')).toBeGreaterThan(0.1);
      expect(valueOf(layer, 'nonShiftability')).toBeGreaterThan(0.2);
      expect(valueOf(layer, 'periodicMaps')).toBe(1);
    }
    const [loss] = layers.losses;
    expect(loss).toMatchObject({ node: 'stage2/conv', before: 'stage1/relu', after: 'stage2/relu' });
    expect(isEstimate(loss?.rise) && loss.rise.low).toBeGreaterThan(0.1);
    const steps = await look(model, '--shift', '4px', '--layers', NODES);
    for (const layer of steps.layers.layers) {
      expect(valueOf(layer, 'nonShiftability')).toBe(0);
      expect(valueOf(layer, 'relativeSpread')).toBeLessThan(1e-5);
    }
  });

  test('a map whose sum alternates is not shiftable', async () => {
    const columns = path.join(folder, 'columns');
    mkdirSync(columns);
    for (const column of [10, 15]) {
      await picture(path.join(columns, `${column}.png`), (x) => (x === column ? 255 : 0));
    }
    const model = alternatingNetwork(path.join(folder, 'alternating'));
    const { layers } = await look(model, '--shift', '1px', '--path', 'horizontal', '--images', columns);
    const [pixels, even] = layers.layers as LayerResult[];
    expect(valueOf(pixels as LayerResult, 'nonShiftability')).toBe(0);
    expect(even).toMatchObject({ name: 'even/columns', factor: { y: 1, x: 2 }, channels: 1, rows: 32, columns: 16 });
    expect(valueOf(even as LayerResult, 'nonShiftability')).toBe(1);
    expect(valueOf(even as LayerResult, 'periodicMaps')).toBe(1);
  });

  test('dense and adaptively sampled zoo networks keep all sums to the end, strided ones do not', async () => {
    const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures', 'pictures');
    const deepest = async (model: string): Promise<number> => {
      const args = ['--shift', '1px', '--images', fixtures, '--limit', '6', '--local-pictures', '0'];
      const { layers } = await look(model, ...args, '--map-pictures', '0');
      return valueOf(layers.layers.at(-1) as LayerResult, 'nonShiftability');
    };
    expect(await deepest('dense')).toBe(0);
    expect(await deepest('aps-blur')).toBe(0);
    expect(await deepest('stride')).toBeGreaterThan(0.7);
  });
});

describe('runs', () => {
  test('go on after an interruption, in parts and with any number of workers, to the same result', async () => {
    const model = circularNetwork(path.join(folder, 'any-workers'), 2);
    const args = ['--shift', '1px', '--map-pictures', '3', '--local-pictures', '2'];
    const one = await look(model, ...args, '--workers', '1');
    const three = await look(model, ...args, '--workers', '3');
    expect(three.result).toEqual(one.result);
    const parts = [];
    for (const part of ['1/2', '2/2']) parts.push((await look(model, ...args, '--shard', part)).out);
    const joined = await invariance(['report', ...parts, '--out', path.join(folder, 'joined'), '--json']);
    expect(joined.stderr).toBe('');
    expect(JSON.parse(joined.stdout)).toEqual(one.result);
  });

  test('look more closely at as many pictures as asked for', async () => {
    const model = circularNetwork(path.join(folder, 'closer'), 2);
    const { out } = await look(model, '--shift', '1px', '--map-pictures', '3', '--local-pictures', '2');
    const lines = readFileSync(path.join(out, 'observations', 'closer.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const traces = lines.map((line) => (JSON.parse(line) as Observation).trace);
    expect(traces.every((trace) => trace?.sums.length === 1)).toBe(true);
    expect(traces.filter((trace) => trace?.equivariance)).toHaveLength(3);
    expect(traces.filter((trace) => trace?.strip)).toHaveLength(3);
    expect(traces.filter((trace) => trace?.local)).toHaveLength(2);
    const strip = traces.find((trace) => trace?.strip)?.strip;
    expect(strip?.views).toHaveLength(9);
    expect(strip?.layers[0]?.maps[0]).toMatchObject({ kind: 'least steady' });
    expect(strip?.layers[0]?.maps[0]?.sums).toHaveLength(9);
  });

  test('draw the same maps for the same seed, as many as asked for', async () => {
    const model = circularNetwork(path.join(folder, 'drawn'), 2);
    const sampled = (seed: string): Promise<Looked> =>
      look(model, '--shift', '1px', '--maps', '2', '--seed', seed, '--local-pictures', '0');
    const [a, b, c] = [await sampled('1'), await sampled('1'), await sampled('2')];
    expect(b.result).toEqual(a.result);
    expect(c.layers.layers.at(-1)?.estimates).not.toEqual(a.layers.layers.at(-1)?.estimates);
    const { estimates, quiet } = a.layers.layers.at(-1) as LayerResult;
    expect(estimates['nonShiftability']).toMatchObject({ n: Math.round(8 * (2 - quiet)) });
  });

  test('write the layers into the protocol, and nothing without them', async () => {
    const model = circularNetwork(path.join(folder, 'protocol'), 2);
    const { out } = await look(model, '--shift', '1px', '--sum-tolerance', '10%', '--local-pictures', '0');
    const record = JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8')) as RunRecord;
    expect(record.protocol.layers).toEqual({
      selection: ['default'],
      threshold: 0.1,
      maps: null,
      mapPictures: 16,
      localPictures: 0,
    });
    const again = await invariance([
      ...['probe', '--protocol', path.join(out, 'run.json'), '--model', model, '--images', dots],
      ...['--quiet', '--json', '--no-report', '--out', path.join(folder, 'again')],
    ]);
    expect(again.code).toBe(2);
    const plain = await makeProtocol({ shift: '1px' });
    expect('layers' in plain).toBe(false);
  });
});

describe('what is refused', () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await invariance(['probe', '--images', dots, '--no-report', '--quiet', ...args]);
    expect(code).toBe(2);
    return stderr;
  };
  const network = (): string => circularNetwork(path.join(folder, 'refused'), 2);

  test('a layer that is not there, with the nearest names', async () => {
    expect(await refused('--model', network(), '--layers', 'stage1/rel')).toContain(
      'refused: Unknown layer "stage1/rel". Did you mean "stage1/relu"',
    );
  });

  test('a glob that matches nothing', async () => {
    expect(await refused('--model', network(), '--layers', 'block*')).toContain(
      '"block*" fits none of 17. A * stays within a scope',
    );
  });

  test('a layer without spatial axes alone', async () => {
    expect(await refused('--model', network(), '--layers', 'logits')).toContain(
      'Expected at least one layer with spatial axes but "logits" names only layers without: logits.',
    );
  });

  test('a network without any layer to look at', async () => {
    expect(await refused('--model', parityNetwork(path.join(folder, 'parity')), '--layers')).toContain(
      'parity: Expected at least one layer with spatial axes',
    );
  });

  test('options of layers without --layers, and values out of range', async () => {
    expect(await refused('--maps', '10')).toContain('Add --layers.');
    expect(await refused('--layers', '--sum-tolerance', '0')).toContain(
      'Expected a share above 0, such as 20% or 0.2 for --sum-tolerance',
    );
  });

  test('whole maps that would not fit in memory, before anything runs', async () => {
    const models = await openModels([{ where: network() }]);
    const protocol = await makeProtocol({ layers: { selection: ['all'] } });
    const layers = (await layersToLookAt(models, protocol)) ?? [];
    expect(() => checkMemory(models, layers, protocol, 2, 2 ** 20)).toThrow(
      /^Whole maps of 17 layers of refused take .* in each of 2 workers.*this machine has 0\.00098 GiB.*--map-pictures 0/,
    );
    expect(() => checkMemory(models, layers, protocol, 2, 2 ** 33)).not.toThrow();
  });

  test('layers without places are skipped and said, beside others', async () => {
    const { layers } = await look(
      network(),
      '--shift',
      '1px',
      '--layers',
      'stage2/relu,logits',
      '--local-pictures',
      '0',
    );
    expect(layers.skipped).toEqual([{ name: 'logits', reason: 'it has no spatial axes' }]);
    const selected = layers.layers.filter((layer) => layer.selected);
    expect(selected.map(({ name }) => name)).toEqual(['pixels', 'stage2/relu']);
  });
});

test('the pictures of a closer look depend on seed and ids alone', async () => {
  const protocol = await makeProtocol({ layers: { mapPictures: 2, localPictures: 1 } });
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const chosen = (list: readonly string[]): string[] => {
    const looks = closerLooks(
      list.map((id) => ({ id })),
      protocol,
    );
    return ids.filter((id) => looks(id).maps);
  };
  expect(chosen(ids)).toHaveLength(2);
  expect(chosen(ids.toReversed())).toEqual(chosen(ids));
});
