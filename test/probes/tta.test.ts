// Test-time averaging: a mean of one view is that view, sets are nested, shared windows are measured once.
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { randomFor } from '../../src/core/random.js';
import type { AveragedView, View } from '../../src/core/view.js';
import { findProbe } from '../../src/probes/registry.js';
import { changesOf, nestedSizes, shiftsNearest } from '../../src/probes/tta/changes.js';
import { normaliseTtaOptions, parseTtaFlag } from '../../src/probes/tta/options.js';
import { mirrored, ttaRoom } from '../../src/probes/tta/tta.js';
import { frameOf, pictureOf, pixelsOf, viewsOf } from './frames.js';

const frame = frameOf(32, 48);
const picture = pictureOf(60, 50);

function run(text: string) {
  const probe = findProbe('tta');
  const options = probe.normalise(parseTtaFlag(text));
  const generator = probe.views(picture, frame, options, (...keys) => randomFor(0, ...keys));
  const views: (View | AveragedView)[] = [];
  let step = generator.next([]);
  for (; !step.done; step = generator.next([])) views.push(...step.value);
  return { views, groups: step.value };
}

describe('views', () => {
  it('of the run’s own group are the default shift’s, bit for bit', () => {
    const { views, groups } = run('shift:5,flip');
    const shifted = viewsOf(picture, frame, {});
    const own = groups[0]!;
    expect(own).toMatchObject({ at: {}, reference: 4 });
    expect(own).not.toHaveProperty('apart');
    own.views.forEach((index, i) => {
      const view = views[index] as View;
      expect(view.at).toEqual(shifted.views[i]!.at);
      expect(pixelsOf(view, frame).data).toEqual(pixelsOf(shifted.views[i]!, frame).data);
    });
  });

  it('that are the mean of one are that one itself', () => {
    const { views, groups } = run('shift:5,flip');
    const single = groups.filter(({ at }) => at['views'] === 1);
    expect(single.map(({ at }) => at['path'])).toEqual(['diagonal', 'horizontal', 'random pairs']);
    for (const group of single) for (const index of group.views) expect(views[index]).not.toHaveProperty('mean');
  });

  it('are measured once, and means are of windows before them, nested', () => {
    const { views, groups } = run('shift:5,flip,scale:2');
    const windows = views.filter((view): view is View => !('mean' in view));
    const keys = windows.map(({ at }) => JSON.stringify(at));
    expect(new Set(keys).size).toBe(keys.length);
    const means = new Map<string, readonly number[]>();
    for (const view of views) {
      if (!('mean' in view)) continue;
      expect(view.mean).toHaveLength(Number(view.at['views']));
      expect(new Set(view.mean).size).toBe(view.mean.length);
      expect(Math.max(...view.mean)).toBeLessThan(windows.length);
      const place = `${view.at['dx']} ${view.at['dy']}`;
      const smaller = means.get(place) ?? [];
      expect(view.mean.slice(0, smaller.length)).toEqual(smaller);
      means.set(place, view.mean);
    }
    expect([...new Set(groups.slice(1).map(({ at }) => at['views']))]).toEqual([1, 2, 4, 8, 16, 20]);
    for (const group of groups)
      for (const [a, b] of group.pairs) expect(group.views).toEqual(expect.arrayContaining([a, b]));
  });

  it('averaged at an offset are the changed views of that offset', () => {
    const { views, groups } = run('shift:2:horizontal,flip');
    const all = groups.find(({ at }) => at['views'] === 4 && at['path'] === 'diagonal')!;
    const mean = views[all.views[0]!] as AveragedView;
    expect(mean.at).toEqual({ dx: -4, dy: -4, views: 4 });
    expect(mean.mean.map((index) => views[index]!.at)).toEqual([
      { dx: -4, dy: -4 },
      { dx: -3, dy: -4 },
      { dx: -4, dy: -4, flip: 1 },
      { dx: -3, dy: -4, flip: 1 },
    ]);
    const [plain, , flipped] = mean.mean.map((index) => pixelsOf(views[index] as View, frame));
    expect(mirrored(flipped!)).toEqual({ ...plain!, data: plain!.data });
  });

  it('use the shift’s canvas where it has room, else one that has', () => {
    const room = (text: string, side: number, resizeTo: number | null) =>
      ttaRoom(normaliseTtaOptions(parseTtaFlag(text)), frameOf(side, resizeTo));
    expect(room('shift:5,flip', 224, 256)).toEqual({ side: 256, far: 5 });
    expect(room('shift:9:diagonal', 32, 40)).toEqual({ side: 48, far: 8 });
    expect(() => ttaRoom(normaliseTtaOptions({ over: [{ kind: 'flip' }], canvas: 36 }), frameOf(32))).toThrow(
      'Expected a canvas of at least 40 px',
    );
  });
});

describe('changes', () => {
  it('are every combination, the first kind changing fastest, the unchanged view first', () => {
    const changes = changesOf(normaliseTtaOptions(parseTtaFlag('flip,shift:3:vertical,scale:2')));
    expect(changes).toHaveLength(12);
    expect(changes.slice(0, 4)).toEqual([
      { shift: [0, 0], flip: false, scale: 1 },
      { shift: [0, 0], flip: true, scale: 1 },
      { shift: [0, 1], flip: false, scale: 1 },
      { shift: [0, 1], flip: true, scale: 1 },
    ]);
    expect(changes.at(-1)).toEqual({ shift: [0, -1], flip: true, scale: 1.1 });
  });
  it('take the nearest shifts first', () => {
    expect(shiftsNearest(5, 'around')).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ]);
    expect(shiftsNearest(9, 'around').slice(5)).toEqual([
      [1, 1],
      [-1, 1],
      [-1, -1],
      [1, -1],
    ]);
    expect(shiftsNearest(5, 'diagonal').map(([dx]) => dx)).toEqual([0, 1, -1, 2, -2]);
    for (const count of [13, 25, 49, 81]) {
      const found = shiftsNearest(count, 'around');
      expect(new Set(found.map(String)).size).toBe(count);
      const far = Math.max(...found.map(([x, y]) => x ** 2 + y ** 2));
      // Whatever lies nearer than the farthest is in it.
      const nearer = Array.from({ length: 441 }, (_, i) => [(i % 21) - 10, Math.floor(i / 21) - 10] as const);
      expect(found.length).toBeGreaterThanOrEqual(nearer.filter(([x, y]) => x ** 2 + y ** 2 < far).length);
    }
  });
  it('join in powers of two', () => {
    expect(nestedSizes(30)).toEqual([1, 2, 4, 8, 16, 30]);
    expect(nestedSizes(8)).toEqual([1, 2, 4, 8]);
    expect(nestedSizes(2)).toEqual([1, 2]);
  });
});

describe('--tta', () => {
  it('is written out in the protocol', () => {
    expect(normaliseTtaOptions(parseTtaFlag('shift:5, flip, scale:3'))).toEqual({
      over: [{ kind: 'shift', count: 5, along: 'around' }, { kind: 'flip' }, { kind: 'scale', count: 3, factor: 1.1 }],
      canvas: 'model',
      reach: 4,
      step: 1,
    });
  });
  it.each(['', 'shift', 'flip:2', 'scale:1', 'shift:99', 'turn:3', 'shift:5:up', 'scale:3:diagonal', 'shift:5;flip'])(
    'refuses %j',
    (text) => {
      expect(() => parseTtaFlag(text)).toThrow(InputError);
      expect(() => parseTtaFlag(text)).toThrow('--tta');
    },
  );
  it('refuses a kind twice and more views than anyone averages', () => {
    expect(() => normaliseTtaOptions(parseTtaFlag('flip,flip'))).toThrow('each kind of change once');
    expect(() => normaliseTtaOptions(parseTtaFlag('shift:81,flip,scale:8'))).toThrow('at most 512 averaged views');
  });
});
