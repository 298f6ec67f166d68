// The sections and charts of kernels and films, made from observations written here.
import { beforeAll, describe, expect, test } from 'vitest';
import * as vega from 'vega';
import type { Observation } from '../../src/core/observation.js';
import type { Coordinates, Group } from '../../src/core/view.js';
import { createCollector } from '../../src/metrics/collect.js';
import { estimatesOf } from '../../src/metrics/estimate.js';
import { createKernelsCollector } from '../../src/metrics/kernels.js';
import { metricsOf } from '../../src/metrics/registry.js';
import { probeCharts } from '../../src/report/charts/registry.js';
import { choosePictures, summarise } from '../../src/report/choose.js';
import { compiled } from '../../src/report/compile.js';
import { factsOf, type Facts } from '../../src/report/facts.js';
import { flipsOf, shownFilms, stripFrames } from '../../src/report/film-facts.js';
import type { EmbeddedPicture, PageInput } from '../../src/report/input.js';
import { frames } from '../../src/report/sections/frames.js';
import { kernels } from '../../src/report/sections/kernels.js';
import { reportInput } from '../support/report-input.js';
import { observed, path, sure } from '../metrics/observing.js';

const NAMES = ['pillow-box', 'pillow-bilinear', 'opencv-area'];

/** A run's input of another probe, with observations of one's own. */
async function inputOf(probe: string, lists: Readonly<Record<string, readonly Observation[]>>): Promise<PageInput> {
  const models = Object.keys(lists);
  const ids = Object.values(lists)[0]?.map(({ picture }) => picture) ?? [];
  const base = await reportInput({ models, pictures: ids.length, id: (i) => ids[i] ?? '', images: false });
  const results = base.result.models.map((model) => {
    const collector = createCollector(metricsOf(probe));
    const own = createKernelsCollector();
    for (const observation of lists[model.name] ?? []) {
      collector.add(observation);
      if (probe === 'kernels') own.add(observation);
    }
    const found = own.result();
    return {
      ...model,
      ...estimatesOf(collector.collected(), { seed: 0 }),
      ...(found === null ? {} : { kernels: found }),
    };
  });
  const protocol = { ...base.result.protocol, probe: { name: probe, options: {} } };
  const shown = choosePictures(
    Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, list.flatMap((one) => summarise(one) ?? [])]),
    ),
    models.map((model) => ({ model, canvas: '', pixels: 100 })),
  );
  return {
    ...base,
    result: { ...base.result, protocol, models: results, comparisons: [] },
    observations: lists,
    shown,
    images: {
      [models[0] ?? '']: Object.fromEntries(
        ids.map((id) => [id, image(lists[models[0] ?? '']?.[0]?.views.length ?? 0)]),
      ),
    },
  };
}

function image(views: number): EmbeddedPicture {
  const windows = Array.from({ length: views }, (_, i) => ({ x: 10 * i, y: 0 }));
  return {
    dataUrl: 'data:image/webp;base64,AAAA',
    width: 10 * views,
    height: 10,
    wrap: false,
    windows,
    size: { width: 10, height: 10 },
  };
}

async function drawn(facts: Facts): Promise<string[]> {
  const ids: string[] = [];
  for (const chart of probeCharts) {
    for (const { id, spec, data } of [...chart.drawings(facts), ...chart.figures(facts)]) {
      const view = new vega.View(vega.parse(compiled(id, spec)), { renderer: 'none', logLevel: vega.Warn });
      for (const [name, rows] of Object.entries(data)) view.data(name, [...rows]);
      const svg = await view.toSVG();
      expect(svg, id).not.toMatch(/NaN|undefined|null/);
      ids.push(id);
    }
  }
  return ids;
}

describe('kernels', () => {
  const at: Coordinates[] = NAMES.map((kernel) => ({ kernel }));
  const groups: Group[] = [
    { at: {}, reference: 1, pairs: [[1, 0], [1, 2]], views: [0, 1, 2] }, // prettier-ignore
    { at: { kernel: 'pillow-box' }, reference: 0, pairs: [[1, 0]], views: [0], apart: true },
    { at: { kernel: 'opencv-area' }, reference: 2, pairs: [[1, 2]], views: [2], apart: true },
  ];
  const parts = { at, groups };
  const list = [
    observed('bag.png', 1, [sure(2, 0.9), sure(1, 0.6), sure(1, 0.7)], parts),
    observed('coat.png', 3, [sure(3), sure(3), sure(3)], parts),
    observed('shoe.png', 4, [sure(4), sure(4, 0.8), sure(4)], parts),
  ];
  let facts: Facts;
  beforeAll(async () => {
    facts = factsOf(await inputOf('kernels', { mine: list, other: list }));
  });

  test('are told in words, a matrix and pictures', () => {
    const html = kernels(facts, new Map())?.content.html ?? '';
    expect(html).toMatch(/made for pillow-bilinear, gives\s+1 of 3 pictures \(33\u202f%\) answers that depend/);
    expect(html).toContain('disagree on 33.3\u202f% of the pictures');
    expect(html).toMatch(/<b class="is-right">class B<\/b>\s*<span class="num">70\u202f%/);
    expect(html).toMatch(/<b class="is-wrong">class C<\/b>\s*<span class="num">90\u202f%/);
    expect(html).toContain('opencv-area, pillow-bilinear');
    expect(html.match(/<h4>/g)).toHaveLength(1);
  });

  test('say where no picture had to be resized', async () => {
    const same = list.slice(1, 2).concat(observed('a.png', 0, [sure(0), sure(0), sure(0)], parts));
    const html = kernels(factsOf(await inputOf('kernels', { mine: same })), new Map())?.content.html ?? '';
    expect(html).toContain('every picture one answer whatever the kernel');
    expect(html).toContain('Every kernel gave the same pixels');
  });

  test('draw', async () => {
    const ids = ['kernels-own', 'kernels-matrix-mine', 'kernels-matrix-other'];
    expect(await drawn(facts)).toEqual([...ids, ...ids]);
  });

  test('are silent in runs of other probes', async () => {
    const other = factsOf(await reportInput({ models: ['a'], pictures: 3, images: false }));
    expect(kernels(other, new Map())).toBeNull();
    expect(frames(other, new Map())).toBeNull();
    expect(await drawn(other)).toEqual([]);
  });
});

describe('films', () => {
  const numbers = [1, 2, 3, 5, 6];
  const at: Coordinates[] = numbers.map((frame) => ({ frame }));
  const group: Group = { ...path({}, 0, 5), reference: 0, pairs: [[0, 1], [1, 2], [3, 4]] }; // prettier-ignore
  const parts = { at, groups: [group] };
  const list = [
    observed('still', 0, [sure(0), sure(0), sure(0), sure(0), sure(0)], parts),
    observed('walk', 1, [sure(1), sure(2), sure(1), sure(2), 'logit 0 is NaN'], parts),
  ];
  let facts: Facts;
  beforeAll(async () => {
    facts = factsOf(await inputOf('frames', { mine: list, other: list }));
  });

  test('flip between neighbours, not across a hole or a missing answer', () => {
    const [walk, still] = shownFilms(facts);
    expect(walk?.name).toBe('walk');
    expect(flipsOf(walk?.tracks[0])).toEqual([1, 2]);
    expect(flipsOf(still?.tracks[0])).toEqual([]);
  });

  test('show frames that have an image', () => {
    const track = shownFilms(facts)[0]?.tracks[0];
    expect(track && stripFrames(track, (view) => view !== 2)).toEqual([0, 1, 3, 4]);
  });

  test('are told with flip probability, traces and strips', () => {
    const html = frames(facts, new Map())?.content.html ?? '';
    expect(html).toContain('40.0\u202f%');
    expect(html).toContain('5 frames, 2 flips; followed: class B');
    expect(html.match(/class="crop pixels"/g)).toHaveLength(10);
    expect(html).toContain('<span class="soft">frame 5</span>');
    expect(html).toContain('no answer');
  });

  test('draw', async () => {
    const ids = ['frames-trace-walk', 'frames-trace-still'];
    expect(await drawn(facts)).toEqual([...ids, ...ids]);
  });
});
