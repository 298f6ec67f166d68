// Every kind of rewriting on random networks: it runs, gives finite answers of the right shape, and keeps what it promises.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseKind, variantsAsked } from '../../../src/graph/rewrite/asked.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { sitesOf } from '../../../src/graph/rewrite/sites.js';
import type { Variant } from '../../../src/graph/rewrite/variant.js';
import { InputError } from '../../../src/core/errors.js';
import { networkSpec, randomNetwork } from './random-graph.js';
import { distance, randomPictures, rolled, run } from './running.js';

const KINDS = ['blur3', 'blur5', 'blur5-folded', 'avgpool', 'aps', 'circular', 'aps+circular', 'dense+circular'];
const GRAPHS = 60;

/** What a kind makes of a network; none where it refuses in words. */
function variantsOf(graph: ReturnType<typeof normalForm>, kind: string): Variant[] {
  try {
    return variantsAsked(graph, parseKind(kind), null, 'model.onnx');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return [];
  }
}

test.each([{ circular: false }, { circular: true }])(
  'random networks, %o',
  async (options) => {
    const counted = { variants: 0, twins: 0, cyclic: 0 };
    for (const spec of fc.sample(networkSpec(options), { numRuns: GRAPHS, seed: 20 })) {
      const network = randomNetwork(spec, options);
      const graph = normalForm(network);
      if (sitesOf(graph).length === 0) continue;
      const picture = randomPictures(1, ...spec.side);
      const name = network.graph.output[0]?.name ?? '';
      const own = (await run(network, picture)).get(name);
      for (const kind of KINDS) {
        for (const { model, identities } of variantsOf(graph, kind)) {
          const answer = (await run(model, picture)).get(name);
          expect(answer?.dims, kind).toEqual(own?.dims);
          expect([...(answer?.data ?? [NaN])].every(Number.isFinite), kind).toBe(true);
          counted.variants++;
          for (const identity of identities) {
            if (identity.kind === 'same-answer') {
              expect(distance(answer, (await run(identity.as, picture)).get(name)), kind).toBeLessThan(1e-4);
              counted.twins++;
            }
            if (identity.kind === 'cyclic' && identity.promised) {
              const moved = (await run(model, rolled(picture, 3, -5))).get(name);
              expect(distance(answer, moved), kind).toBeLessThan(1e-5);
              counted.cyclic++;
            }
          }
        }
      }
    }
    // Networks without a subsampling and refusals don't count: enough must be left to say something.
    expect(counted.variants).toBeGreaterThan(GRAPHS * 4);
    expect(counted.twins).toBeGreaterThan(GRAPHS / 2);
    // Only where all sides divide by the strides is anything promised.
    if (options.circular) expect(counted.cyclic).toBeGreaterThan(GRAPHS / 4);
  },
  120_000,
);
