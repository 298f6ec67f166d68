// What models cost: told once for variants of one file, and without the machine's paths where it can't be told.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseRemedies } from '../../src/remedies/registry.js';
import { withRemedies } from '../../src/remedies/variants.js';
import { modelCosts } from '../../src/run/cost.js';
import { openModels } from '../../src/run/open.js';
import { modelIdentity } from '../../src/run/record.js';
import { temporaryFolder } from '../support/cli.js';
import { circularNetwork } from '../support/networks.js';

const folder = temporaryFolder();

test('a remedy costs as many answers as it averages', async () => {
  const models = await openModels([{ where: 'stride' }, { where: 'maxpool' }]);
  const [stride, quin8, align, maxpool] = await modelCosts(withRemedies(models, parseRemedies(['quin8', 'align16'])));
  const macs = stride?.macs as number;
  expect(macs).toBeGreaterThan(2_000_000);
  expect(quin8).toEqual({ ...stride, macs: 8 * macs });
  expect(align).toEqual(stride);
  expect(maxpool).not.toEqual(stride);
});

test('what can’t be told names no path', async () => {
  const net = circularNetwork(path.join(folder, 'net'), 4);
  const [model] = await openModels([{ where: net }]);
  rmSync(net, { recursive: true });
  const [cost] = await modelCosts([model!]);
  expect(cost?.bytes).toEqual({ unavailable: "the model's files can't be read" });
  expect(JSON.stringify(cost)).not.toContain(path.basename(folder));
});

test('a backend is part of what a model is', async () => {
  const [model] = await openModels([{ where: 'stride' }]);
  const on = (backend: 'wasm' | 'node') => ({ ...model!, engine: { backend, runtime: 'one' } });
  expect(modelIdentity(on('wasm'))).not.toEqual(modelIdentity(on('node')));
});
