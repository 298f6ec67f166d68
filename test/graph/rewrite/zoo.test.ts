// The zoo's own networks: normal form bit for bit, and rewritings that keep what the networks compute.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../src/graph/read.js';
import { dense } from '../../../src/graph/rewrite/dense.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { phases } from '../../../src/graph/rewrite/phases.js';
import { sitesOf } from '../../../src/graph/rewrite/sites.js';
import { root } from '../../support/cli.js';
import { distance, kept, randomPictures, run } from './running.js';

const folder = join(root, 'zoo', 'models');
/** What is refused, by model and rewriting; everything else is kept bit for bit. */
const REFUSED: Readonly<Record<string, { readonly dense: string; readonly phases?: string }>> = {
  'aps-blur': {
    dense: "picks its places by the picture's content (adaptive sampling)",
    phases: "picks its places by the picture's content (adaptive sampling)",
  },
  dense: {
    dense: 'the network has none, or none was chosen',
    phases: 'the network has none, or none was chosen',
  },
  groupnorm: { dense: 'stage3/norm/groups turns the map into a list' },
};

describe('zoo', () => {
  it.each(readdirSync(folder))('%s', async (name) => {
    const { model } = await readModel(join(folder, name, 'model.onnx'));
    const graph = normalForm(model);
    const picture = randomPictures(2, 64, 64);
    const output = model.graph.output[0]?.name ?? '';
    const [one, other] = [await run(model, picture), await run(graph.model, picture)];
    expect(distance(one.get(output), other.get(output))).toBe(0);
    const sites = sitesOf(graph);
    for (const rewrite of [dense, phases]) {
      const reason = REFUSED[name]?.[rewrite === dense ? 'dense' : 'phases'];
      if (reason === undefined) expect(await kept(graph.model, rewrite(graph, sites.slice(-2)), picture)).toBe(0);
      else expect(() => rewrite(graph, sites.slice(-2))).toThrow(reason);
    }
  });
});
