// The audit on models that exist: the zoo's, against what their cards say, and the shared real ones, against published
// parameters and multiply-accumulates (Howard et al. 2017 and the MobileNet v1 page of TensorFlow's models; Tan & Le
// 2019 and the page of EfficientNet-lite).
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { chooseLayers } from '../../src/graph/audit/choose.js';
import { readModel } from '../../src/graph/read.js';
import { root } from '../support/cli.js';
import { hasShared, shared } from '../support/shared.js';

const zoo = path.join(root, 'zoo', 'models');
const names = existsSync(zoo) ? readdirSync(zoo).filter((name) => existsSync(path.join(zoo, name, 'card.json'))) : [];

describe.skipIf(names.length === 0)('the zoo', () => {
  it.each(names)('%s has the factor and parameters of its card', async (name) => {
    const card = JSON.parse(readFileSync(path.join(zoo, name, 'card.json'), 'utf8')) as { subsamplingFactor: number };
    const audit = auditGraph((await readModel(path.join(zoo, name, 'model.onnx'))).model);
    expect(audit.factor).toEqual({ y: card.subsamplingFactor, x: card.subsamplingFactor });
    expect(audit.layers.every(({ reach, shape }) => reach !== null && shape !== null)).toBe(true);
    expect(chooseLayers(audit).layers.at(-1)?.name).toMatch(/^stage\d\/relu$/);
  });
});

describe.skipIf(!hasShared)('real models', () => {
  it.each([
    ['mobilenet-v1-0.25-128', { macs: 14e6, parameters: 0.47e6, field: 315 }],
    ['mobilenet-v1-0.5-160', { macs: 76e6, parameters: 1.33e6, field: 315 }],
    ['efficientnet-lite0', { macs: 385e6, parameters: 4.65e6, field: 851 }],
  ])('%s', async (name, published) => {
    const audit = auditGraph((await readModel(shared('real', 'models', name, 'model.onnx'))).model);
    expect(audit.factor).toEqual({ y: 32, x: 32 });
    expect(audit.notes).toEqual([]);
    expect((audit.macs ?? 0) / published.macs).toBeCloseTo(1, 1);
    expect(audit.parameters / published.parameters).toBeCloseTo(1, 1);
    const placed = audit.layers.filter(({ places }) => places !== null);
    expect(placed.at(-1)?.field?.size).toEqual({ y: published.field, x: published.field });
  });
});
