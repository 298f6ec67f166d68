// The attribution's section, charts and figures from a literal: what is drawn, in which order, under which words.
import { describe, expect, it } from 'vitest';
import type { AttributionPlan } from '../../src/core/attribution.js';
import { attributionOf, type AttributedModel } from '../../src/metrics/attribution.js';
import { displacementWords, attributed } from '../../src/report/attribution-words.js';
import { drawingsOf } from '../../src/report/charts/registry.js';
import { compiled } from '../../src/report/compile.js';
import { factsOf, type Facts } from '../../src/report/facts.js';
import { sectionsOf } from '../../src/report/sections/registry.js';
import { reportInput } from '../support/report-input.js';

const PICTURES = 12;
const site = (index: number, name: string) => ({
  index,
  nodes: [name],
  stride: 2,
  before: 2 ** index,
  after: 2 ** (index + 1),
});
const plan: AttributionPlan = {
  reference: 'net',
  layer: 'last',
  sites: [site(0, 'network/features/stem/conv'), site(1, 'network/features/block/conv')],
  variants: [
    { sites: [0], how: 'phases', model: 'phases-0', macsRatio: 4, leftOut: null },
    { sites: [1], how: 'phases', model: 'phases-1', macsRatio: 1.4, leftOut: null },
    { sites: [0, 1], how: 'dense', model: null, macsRatio: 42, leftOut: 'it costs 42 times the original' },
  ],
};

function modelOf(name: string, changes: number): AttributedModel {
  const pictures = Array.from({ length: PICTURES }, (_, i) => String(i).padStart(2, '0'));
  const sum = Float64Array.from(pictures, (_, i) => Math.max(0, changes - (i % 2)));
  const column = { sum, count: new Float64Array(PICTURES).fill(8) };
  return { name, labelled: 0, tallies: (metric) => (metric === 'accuracy' ? null : { pictures, column }) };
}

async function facts(): Promise<Facts> {
  const models = ['net', 'phases-0', 'phases-1'];
  const [near, far] = await Promise.all(
    (['path', 'random-pair'] as const).map((kind) => reportInput({ models, pictures: PICTURES, kind, images: false })),
  );
  const result = (changes: readonly number[]) =>
    attributionOf(
      plan,
      models.map((name, i) => modelOf(name, changes[i] ?? 0)),
      { seed: 0 },
    );
  if (!near || !far) throw new Error('the sample is gone');
  const attributedInput = { ...far, result: { ...far.result, attribution: result([6, 5, 1]) } };
  return factsOf({
    ...near,
    result: { ...near.result, attribution: result([6, 1, 5]) },
    parts: [{ name: 'random-pair', input: attributedInput }],
  });
}

describe('attribution', async () => {
  const made = await facts();
  const drawings = new Map(drawingsOf(made).map((drawing) => [drawing.id, drawing]));

  it('ranks the strides of each displacement by itself', () => {
    const rows = (id: string) => drawings.get(id)?.data['differences']?.map(({ pair }) => pair);
    expect(rows('attribution-shift-top1Change')).toEqual(['0 …stem/conv, 4×', '1 …block/conv, 1.4×']);
    expect(rows('attribution-random-pair-top1Change')).toEqual(['1 …block/conv, 1.4×', '0 …stem/conv, 4×']);
    expect(rows('attribution-shift-nonShiftability')).toHaveLength(2);
    expect(drawings.has('attribution-shift-accuracy')).toBe(false);
  });

  it('draws the curve at what an answer costs', () => {
    const steps = drawings.get('attribution-curve-top1Change')?.data['steps'];
    expect(steps?.map(({ line, at }) => [line, at])).toEqual([
      ['neighbouring positions', 1],
      ['neighbouring positions', 1.4],
      ['random pairs', 1],
      ['random pairs', 1.4],
    ]);
  });

  it('compiles', () => {
    for (const [id, { spec }] of drawings)
      if (id.startsWith('attribution')) expect(() => compiled(id, spec)).not.toThrow();
  });

  it('stands behind the answer, names its displacements and what was left out, and replaces the comparison of models', () => {
    const sections = sectionsOf(made, drawings);
    expect(sections.map(({ id }) => id).slice(0, 2)).toEqual(['answer', 'attribution']);
    expect(sections.some(({ id }) => id === 'compare')).toBe(false);
    const text = sections.find(({ id }) => id === 'attribution')?.content.html.replaceAll(/<[^>]*>|\s+/g, ' ') ?? '';
    expect(text).toContain('Left out: the last 2 strides (it costs 42 times the original).');
    expect(attributed(made).map(displacementWords)).toEqual([
      'Neighbouring positions, 1 px apart on a diagonal path',
      'Random pairs of positions',
    ]);
  });
});
