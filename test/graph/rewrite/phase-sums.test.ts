// Looking inside a network whose phases lie on the batch axis: a layer's sum is that of all its phases.
import { expect, it } from 'vitest';
import { join } from 'node:path';
import { auditGraph } from '../../../src/graph/audit/audit.js';
import { readModel } from '../../../src/graph/read.js';
import { dense } from '../../../src/graph/rewrite/dense.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { phases } from '../../../src/graph/rewrite/phases.js';
import { sitesOf } from '../../../src/graph/rewrite/sites.js';
import { tapGraph } from '../../../src/graph/tap.js';
import { root } from '../../support/cli.js';
import { distance, randomPictures, run } from './running.js';

it('gives the sums of the dense network, and the map that the network computed', async () => {
  const { model } = await readModel(join(root, 'zoo', 'models', 'stride', 'model.onnx'));
  const graph = normalForm(model);
  const sites = sitesOf(graph).slice(-2);
  const picture = randomPictures(2, 64, 64);
  const last = auditGraph(model).layers.findLast(({ places }) => places !== null);
  const name = last?.name ?? '';
  const tapped = async (onnx: typeof model, maps: readonly string[]) => {
    const layers = auditGraph(onnx).layers.filter((layer) => layer.name === name);
    const { model: whole, taps } = tapGraph(onnx, layers, { maps });
    const [tap] = taps;
    const names = [tap?.sum ?? '', ...(tap?.map ? [tap.map] : [])];
    const found = await run(whole, picture, names);
    return { sum: found.get(tap?.sum ?? ''), map: found.get(tap?.map ?? '') };
  };
  const [split, spread, original] = [
    await tapped(phases(graph, sites).model, [name]),
    await tapped(dense(graph, sites).model, []),
    await tapped(model, [name]),
  ];
  expect(split.sum?.dims).toEqual(spread.sum?.dims);
  expect(distance(split.sum, spread.sum)).toBeLessThan(1e-3);
  expect(distance(split.map, original.map)).toBe(0);
});
