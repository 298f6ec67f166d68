// Random networks keep their identities under every rewriting.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../../src/graph/audit/audit.js';
import { dense } from '../../../src/graph/rewrite/dense.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { phases } from '../../../src/graph/rewrite/phases.js';
import { sitesOf } from '../../../src/graph/rewrite/sites.js';
import { networkSpec, randomNetwork } from './random-graph.js';
import type { Block } from './random-graph.js';
import { distance, everyPlace, firstRows, randomPictures, rolled, run } from './running.js';
import type { Values } from './running.js';

const mean = (all: readonly (Values | undefined)[]): Values => ({
  dims: all[0]?.dims ?? [],
  data: (all[0]?.data ?? new Float32Array()).map(
    (_, i) => all.reduce((sum, values) => sum + (values?.data[i] ?? Number.NaN), 0) / all.length,
  ),
});

/** What the mean of the answers is taken of. */
const answer = (softmax: boolean): string => (softmax ? 'logits' : 'answer');

/** Whether the engine rounds what its vectors hold otherwise than what is left over at a map's end. */
function rounds({ main, beside, normalised, activation }: Block): boolean {
  const averages = main.operator === 'AveragePool' || beside.operator === 'AveragePool';
  return averages || normalised || activation === 'Sigmoid';
}

describe('random networks', () => {
  it('answer in normal form as they do, bit for bit; dense and phases keep what they compute', async () => {
    await fc.assert(
      fc.asyncProperty(networkSpec(), fc.nat(), fc.nat(), async (spec, last, some) => {
        const network = randomNetwork(spec);
        const graph = normalForm(network);
        const picture = randomPictures(1, ...spec.side);
        const own = await run(network, picture);
        expect(distance(own.get('answer'), (await run(graph.model, picture)).get('answer'))).toBe(0);
        const sites = sitesOf(graph);
        if (sites.length === 0) return;
        const most = spec.blocks.some(rounds) ? 2e-6 : 0;

        const lasts = sites.slice(-1 - (last % sites.length));
        const made = dense(graph, lasts);
        const names = [...made.lattice.keys(), answer(spec.softmax)];
        const [original, rewritten] = [await run(graph.model, picture, names), await run(made.model, picture, names)];
        for (const [tensor, by] of made.lattice) {
          const found = rewritten.get(tensor);
          expect(found && distance(original.get(tensor), everyPlace(found, by)), tensor).toBeLessThanOrEqual(most);
        }
        const before = auditGraph(graph.model);
        const after = auditGraph(made.model);
        expect(after).toMatchObject({
          parameters: before.parameters,
          factor: { y: lasts[0]?.before, x: lasts[0]?.before },
        });
        const fields = new Map(after.layers.map(({ output, field }) => [output, field?.size]));
        for (const { output, field } of before.layers) {
          if (made.lattice.has(output)) expect(fields.get(output), output).toEqual(field?.size);
        }

        const byPhase = phases(graph, lasts);
        const one = (await run(byPhase.model, picture, [answer(spec.softmax)])).get(answer(spec.softmax));
        expect(distance(one, rewritten.get(answer(spec.softmax)))).toBeLessThan(1e-4);

        const chosen = sites.filter((_, i) => i === some % sites.length || (some >> i) % 2 === 1);
        const split = phases(graph, chosen);
        const two = randomPictures(2, ...spec.side);
        const tensors = [...split.phases.keys()];
        const [whole, parts] = [await run(graph.model, two, tensors), await run(split.model, two, tensors)];
        for (const tensor of tensors) {
          const found = parts.get(tensor);
          expect(found && distance(whole.get(tensor), firstRows(found, 2)), tensor).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('give with circular phases of the first sites the mean over all shifts', async () => {
    await fc.assert(
      fc.asyncProperty(networkSpec({ circular: true }), fc.nat(), async (spec, first) => {
        const graph = normalForm(randomNetwork(spec, { circular: true }));
        const sites = sitesOf(graph);
        if (sites.length === 0) return;
        const chosen = sites.slice(0, 1 + (first % Math.min(2, sites.length)));
        const by = chosen.at(-1)?.after ?? 1;
        const picture = randomPictures(1, ...spec.side);
        const name = answer(spec.softmax);
        const circular = phases(graph, [], { padding: 'circular' }).model;
        const shifts = Array.from({ length: by * by }, (_, i) => rolled(picture, -Math.floor(i / by), -(i % by)));
        const batch = {
          dims: [shifts.length, ...picture.dims.slice(1)],
          data: Float32Array.from(shifts.flatMap(({ data }) => [...data])),
        };
        const rows = (await run(circular, batch, [name])).get(name);
        const answers = shifts.map((_, i) => ({
          dims: [1, 5],
          data: rows?.data.slice(5 * i, 5 * i + 5) ?? new Float32Array(),
        }));
        const made = (await run(phases(graph, chosen, { padding: 'circular' }).model, picture, [name])).get(name);
        expect(distance(made, mean(answers))).toBeLessThan(1e-5);
      }),
      { numRuns: 50, seed: 7 },
    );
  });
});
