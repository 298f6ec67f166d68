// Sections and charts of shifts, turns, sequences and searches for the worst pose, from literals.
import { describe, expect, test } from 'vitest';
import * as vega from 'vega';
import type { Protocol } from '../../src/core/protocol.js';
import type { Coordinates, Group } from '../../src/core/view.js';
import { createCollector } from '../../src/metrics/collect.js';
import { estimatesOf } from '../../src/metrics/estimate.js';
import { metricsOf } from '../../src/metrics/registry.js';
import { createSmallestFlipCollector } from '../../src/metrics/smallest-flip.js';
import { smallestFlipSentence } from '../../src/metrics/smallest-flip-words.js';
import type { Observation } from '../../src/core/observation.js';
import { roundTicks } from '../../src/report/charts/linear-lines.js';
import { drawingsOf, figuresOf } from '../../src/report/charts/registry.js';
import { compiled } from '../../src/report/compile.js';
import { factsOf } from '../../src/report/facts.js';
import type { PageInput } from '../../src/report/input.js';
import { sectionsOf } from '../../src/report/sections/registry.js';
import { observed, path, sure } from '../metrics/observing.js';
import { reportInput } from '../support/report-input.js';

/** A page of runs of another probe: the same observations for both models. */
async function inputOf(probe: Protocol['probe'], observations: readonly Observation[]): Promise<PageInput> {
  const input = await reportInput({ models: ['net', 'other'], pictures: 2, images: false });
  const ids = observations.map(({ picture }) => picture);
  const collector = createCollector(metricsOf(probe.name));
  const flips = createSmallestFlipCollector(null);
  for (const observation of observations) {
    collector.add(observation);
    flips.add(observation);
  }
  const estimates = estimatesOf(collector.collected(), { seed: 1 });
  const smallestFlip = probe.name === 'shift' ? flips.result() : null;
  const { result, shown } = input;
  return {
    ...input,
    result: {
      ...result,
      protocol: { ...result.protocol, probe },
      pictures: { ...result.pictures, count: ids.length, labelled: ids.length },
      models: result.models.map((model) => ({ ...model, ...estimates, ...(smallestFlip ? { smallestFlip } : {}) })),
      comparisons: [],
    },
    observations: { net: observations, other: observations },
    shown: {
      ...shown,
      rows: ids,
      pictures: ids,
      embedded: { net: ids, other: ids },
      first: { net: ids[0] ?? '', other: ids[0] ?? '' },
    },
  };
}

/** Text of a section without tags. */
function textOf(input: PageInput, id: string): string {
  const facts = factsOf(input);
  const drawings = new Map(drawingsOf(facts).map((drawing) => [drawing.id, drawing]));
  const section = sectionsOf(facts, drawings).find((one) => one.id === id);
  return (section?.content.html ?? '')
    .replaceAll('<wbr>', '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

async function drawsWhole(input: PageInput): Promise<string[]> {
  const facts = factsOf(input);
  const drawings = drawingsOf(facts);
  expect(new Set(drawings.map(({ id }) => id)).size).toBe(drawings.length);
  for (const { id, spec, data, signals } of [...drawings, ...figuresOf(facts)]) {
    const view = new vega.View(vega.parse(compiled(id, spec)), { renderer: 'none', logLevel: vega.Warn });
    for (const [name, rows] of Object.entries(data)) view.data(name, [...rows]);
    for (const [name, value] of Object.entries(signals ?? {})) view.signal(name, value);
    expect(await view.toSVG(), id).not.toMatch(/NaN|undefined|null/);
  }
  return drawings.map(({ id }) => id);
}

describe('rotate', () => {
  const angles = [-10, -5, 0, 5, 10];
  const at = angles.map((angle) => ({ angle }));
  const options = { kernel: 'bilinear', border: 'reflect', surround: 'picture', from: -10, to: 10, steps: 5 };
  const seen = ['p', 'q'].map((id, i) =>
    observed(
      id,
      0,
      angles.map((angle) => sure(Math.abs(angle) > 5 * i ? 1 : 0)),
      { at },
    ),
  );

  test('curves against the angle, with what was done', async () => {
    const input = await inputOf({ name: 'rotate', options }, seen);
    expect(await drawsWhole(input)).toEqual(expect.arrayContaining(['rotate-accuracy', 'rotate-trueProbability']));
    const text = textOf(input, 'rotate');
    expect(text).toContain('Upright it recognises 100.0 % of the pictures, at every angle 0.0 %.');
    expect(text).toContain('what the picture has beyond the window comes in, and beyond its edges it is mirrored');
    // At 5 degrees one of the two pictures is right.
    expect(text).toMatch(/Accuracy net 5° 50\.0 %/);
  });
});

describe('sequences', () => {
  test('flip probability and top-5 distance of each, and curves', async () => {
    const at: Coordinates[] = [
      ...[-1, 0, 1].map((dx) => ({ sequence: 'translate', dx })),
      ...[0.9, 1, 1.1].map((scale) => ({ sequence: 'scale', scale })),
    ];
    const groups = [path({ sequence: 'translate' }, 0, 3), path({ sequence: 'scale' }, 3, 6)];
    const said = [sure(0), sure(0), sure(1), sure(0), sure(0), sure(0)];
    const observations = ['p', 'q', 'r'].map((id) => observed(id, 0, said, { at, groups }));
    const options = {
      sequences: [
        { name: 'translate', vary: 'dx', from: -1, to: 1, steps: 3 },
        { name: 'scale', vary: 'scale', from: 0.9, to: 1.1, steps: 3 },
      ],
    };
    const input = await inputOf({ name: 'sequences', options }, observations);
    const [model] = input.result.models;
    expect(model?.series.map(({ estimates }) => [estimates['top1Change'], estimates['top5Distance']])).toMatchObject([
      [{ value: 0.5 }, { value: 1, unit: 'places' }],
      [{ value: 0 }, { value: 0 }],
    ]);
    expect(await drawsWhole(input)).toEqual(expect.arrayContaining(['sequences-translate', 'sequences-scale']));
    expect(textOf(input, 'sequences')).toMatch(/net translate 50\.0 %.*? 1\.00 \[1\.00 to 1\.00\]/);
  });
});

describe('spatial', () => {
  test('accuracy under each attack', async () => {
    const at = [
      { angle: 0, dx: 0, dy: 0 },
      { angle: 5, dx: 0, dy: 0 },
      { angle: 3, dx: 1, dy: 0 },
      { angle: 4, dx: 0, dy: 1 },
    ];
    const groups: Group[] = [
      { at: { attack: 'grid' }, reference: 0, pairs: [[0, 1]], views: [0, 1] },
      { at: { attack: 'random' }, reference: 0, pairs: [[0, 2]], views: [2], apart: true },
      { at: { attack: 'worst of 2' }, reference: 0, pairs: [[0, 2], [0, 3]], views: [2, 3], apart: true }, // prettier-ignore
    ];
    const observations = [
      observed('p', 0, [sure(0), sure(1), sure(0), sure(0)], { at, groups }),
      observed('q', 0, [sure(0), sure(0), sure(0), sure(2)], { at, groups }),
    ];
    const input = await inputOf({ name: 'spatial', options: {} }, observations);
    await drawsWhole(input);
    expect(textOf(input, 'spatial')).toContain(
      'net recognises 100.0 % of the pictures as they are, 100.0 % under a random pose, 50.0 % under the worst of 2, 50.0 % at every pose of the grid.',
    );
  });
});

describe('shift', () => {
  const at = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));
  const pairs = [[0, 1], [1, 2], [3, 4], [4, 5], [6, 7], [7, 8], [0, 3], [1, 4], [2, 5], [3, 6], [4, 7], [5, 8]] as const; // prettier-ignore
  const group: Group = { at: {}, reference: 4, pairs, views: at.map((_, i) => i) };
  const options = { surround: 'fill-inpaint', path: 'map', step: 1, positions: 3, range: [-1, 1] };

  test('maps of accuracy and probability, over all pictures and of single ones; the smallest flip', async () => {
    const observations = ['p', 'q'].map((id, i) =>
      observed(
        id,
        0,
        at.map(({ dx }) => sure(i === 1 && dx === 1 ? 1 : 0)),
        { at, groups: [group] },
      ),
    );
    const input = await inputOf({ name: 'shift', options }, observations);
    const ids = await drawsWhole(input);
    const part = input.result.protocol.hash.slice(0, 8);
    for (const name of ['accuracy-net', 'accuracy-other', 'value-net', 'picture-0', 'picture-1'])
      expect(ids).toContain(`shift-map-${part}-${name}`);
    const text = textOf(input, 'shift');
    expect(text).toContain('net : half of the pictures change their answer within 1 px; 50.0 % keep theirs');
    expect(text).toContain('round it what is blurred out of it');
  });

  test('the smallest flip in words', () => {
    const distances = (at: [number, number][], half: number | null, tenth: number | null) => ({
      reach: 8,
      at: at.map(([distance, value]) => ({
        distance,
        pictures: 1,
        within: { value, low: 0.1, high: 0.9, n: 10, pictures: 10, unit: 'fraction', method: 'Wilson' as const },
      })),
      quantiles: [
        { share: 0.1, distance: tenth },
        { share: 0.5, distance: half },
      ],
    });
    const sentence = (never: number, largest: ReturnType<typeof distances>) =>
      smallestFlipSentence({ name: 'net', smallestFlip: { pictures: 10, never, largest, euclidean: largest } });
    expect(sentence(4, distances([[1, 0.2], [3, 0.6]], 3, 1))).toBe('net: half of the pictures change their answer within 3 px, a tenth within 1 px; 40.0 % keep theirs at every shift up to 8 px.'); // prettier-ignore
    expect(sentence(0, distances([[0.5, 1]], 0.5, 0.5))).toBe('net: half of the pictures change their answer within 0.5 px; none keeps its answer as far as 8 px.'); // prettier-ignore
    expect(sentence(8, distances([[2, 0.2]], null, 2))).toBe('net: 20.0 % [10.0, 90.0] of 10 pictures change their answer within 8 px, the farthest that was looked at, a tenth within 2 px.'); // prettier-ignore
    expect(sentence(10, distances([], null, null))).toBe('net: no picture of 10 changes its answer within 8 px, the farthest that was looked at.'); // prettier-ignore
    expect(smallestFlipSentence({ name: 'net' })).toBeNull();
  });
});

test.each([
  [0, 4, 4, [0, 1, 2, 3, 4]],
  [0, 2, 4, [0, 0.5, 1, 1.5, 2]],
  [-15, 15, 9, [-15, -10, -5, 0, 5, 10, 15]],
  [0.4, 1.15, 9, [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1]],
])('round ticks from %d to %d', (from, to, most, ticks) => expect(roundTicks(from, to, most)).toEqual(ticks));
