// Rewritings of published models keep their identities.
import { describe, expect, it } from 'vitest';
import { dense } from '../../../src/graph/rewrite/dense.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { phases } from '../../../src/graph/rewrite/phases.js';
import { sitesOf } from '../../../src/graph/rewrite/sites.js';
import { readModel } from '../../../src/graph/read.js';
import { hasShared, shared } from '../../support/shared.js';
import { distance, everyPlace, firstRows, randomPictures, rolled, run, type Values } from './running.js';

describe.skipIf(!hasShared)('rewritings of published models', () => {
  it.each([
    ['mobilenet-v1-0.25-128', 128, 3],
    ['mobilenet-v1-0.5-160', 160, 2],
    ['efficientnet-lite0', 224, 1],
  ])('%s: dense keeps every place that the model computes, and is what phases give', async (name, side, last) => {
    const { model } = await readModel(shared('real', 'models', name, 'model.onnx'));
    const graph = normalForm(model);
    const sites = sitesOf(graph).slice(-last);
    const picture = randomPictures(1, side, side);
    const made = dense(graph, sites);
    const names = [...made.lattice.keys()];
    const [original, rewritten] = [await run(graph.model, picture, names), await run(made.model, picture, names)];
    for (const [tensor, by] of made.lattice) {
      const found = rewritten.get(tensor);
      expect(found && distance(original.get(tensor), everyPlace(found, by)), tensor).toBe(0);
    }
    const output = graph.model.graph.output[0]?.name ?? '';
    const [one, other] = [await run(made.model, picture), await run(phases(graph, sites).model, picture)];
    expect(distance(one.get(output), other.get(output))).toBeLessThan(1e-4);
  });

  it('phases keep the phase that the model computes', async () => {
    const { model } = await readModel(shared('real', 'models', 'mobilenet-v1-0.25-128', 'model.onnx'));
    const graph = normalForm(model);
    const picture = randomPictures(2, 128, 128);
    for (const site of sitesOf(graph)) {
      const made = phases(graph, [site]);
      const names = [...made.phases.keys()];
      const [original, rewritten] = [await run(graph.model, picture, names), await run(made.model, picture, names)];
      for (const [tensor] of made.phases) {
        const found = rewritten.get(tensor);
        expect(found && distance(original.get(tensor), firstRows(found, 2)), tensor).toBe(0);
      }
    }
  });

  it('circular phases of the first sites give the mean over shifts', async () => {
    const { model } = await readModel(shared('real', 'models', 'mobilenet-v1-0.25-128', 'model.onnx'));
    const graph = normalForm(model);
    const [first] = sitesOf(graph);
    const circular = phases(graph, [], { padding: 'circular' }).model;
    const made = phases(graph, first ? [first] : [], { padding: 'circular' }).model;
    const picture = randomPictures(1, 128, 128);
    const output = graph.model.graph.output[0]?.name ?? '';
    const answers: (Values | undefined)[] = [];
    for (const dy of [0, 1])
      for (const dx of [0, 1]) answers.push((await run(circular, rolled(picture, -dy, -dx))).get(output));
    const mean = Float32Array.from(
      { length: 1001 },
      (_, i) => answers.reduce((sum, a) => sum + (a?.data[i] ?? 0), 0) / 4,
    );
    const got = (await run(made, picture)).get(output);
    expect(distance(got, { dims: got?.dims ?? [], data: mean.slice(0, got?.data.length) })).toBeLessThan(1e-5);
  });
});
