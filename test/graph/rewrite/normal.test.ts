// The normal form: the same answers bit for bit, constants folded, padding in numbers.
import { describe, expect, it } from 'vitest';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { sitesOf } from '../../../src/graph/rewrite/sites.js';
import { readModel } from '../../../src/graph/read.js';
import { hasShared, shared } from '../../support/shared.js';
import { distance, randomPictures, run } from './running.js';

const count = (nodes: readonly { readonly opType: string }[], operator: string): number =>
  nodes.filter(({ opType }) => opType === operator).length;

describe.skipIf(!hasShared)('normal form of published models', () => {
  it.each([
    ['efficientnet-lite0', 224, 94],
    ['mobilenet-v1-0.5-160', 160, 57],
    ['mobilenet-v1-0.25-128', 128, 57],
  ])('answers as %s does, bit for bit', async (name, side, nodes) => {
    const { model } = await readModel(shared('real', 'models', name, 'model.onnx'));
    const before = model.graph.node.length;
    const normal = normalForm(model);
    expect(normal.model.graph.node).toHaveLength(nodes);
    expect(count(normal.model.graph.node, 'Pad') + count(normal.model.graph.node, 'Constant')).toBe(0);
    expect(normal.fixedBatch).toBeNull();
    expect(model.graph.node).toHaveLength(before);
    const picture = randomPictures(2, side, side);
    const [one, other] = [await run(model, picture), await run(normal.model, picture)];
    for (const [output, values] of one) expect(distance(values, other.get(output))).toBe(0);
    expect(sitesOf(normal).map(({ stride, before: from, after }) => [stride, from, after])).toEqual([
      [2, 1, 2],
      [2, 2, 4],
      [2, 4, 8],
      [2, 8, 16],
      [2, 16, 32],
    ]);
  });
});
