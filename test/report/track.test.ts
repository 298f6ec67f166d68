import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/core/observation.js';
import { changesOf, spanOf, tellingStep } from '../../src/report/steps.js';
import { shownGroup, shownViews, trackOf } from '../../src/report/track.js';

const view = (dx: number, top: number[], p: number[], t: number[]) => ({ at: { dx, dy: dx }, top, p, t });

/** Three views of a picture of class 2: right, wrong (5 wins), right. */
const wavering: Observation = {
  picture: 'a.jpg',
  label: 2,
  tracked: [2, 5],
  groups: [{ at: {}, reference: 1, pairs: 'chain', views: { from: 0, to: 3 } }],
  views: [
    view(-1, [2, 5], [0.6, 0.3], [0.6, 0.3]),
    view(0, [5, 2], [0.5, 0.4], [0.4, 0.5]),
    view(1, [2, 5], [0.9, 0.05], [0.9, 0.05]),
  ],
};

describe('trackOf', () => {
  it('follows the true class', () => {
    const track = trackOf(wavering);
    expect(track).toMatchObject({ focus: 2, reference: 1, p: [0.6, 0.4, 0.9], top: [2, 5, 2], q: [0.6, 0.5, 0.9] });
    expect(track?.pairs).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(track?.chained).toBe(true);
  });

  it('follows the answer at the reference view where there is no label', () => {
    expect(trackOf({ ...wavering, label: null })).toMatchObject({ label: null, focus: 5, p: [0.3, 0.5, 0.05] });
  });

  it('keeps views without an answer as gaps', () => {
    const views = [
      wavering.views[0],
      { at: { dx: 0, dy: 0 }, invalid: 'NaN' },
      wavering.views[2],
    ] as Observation['views'];
    expect(trackOf({ ...wavering, views })).toMatchObject({ p: [0.6, null, 0.9], top: [2, null, 2], focus: 2 });
    expect(trackOf({ ...wavering, label: null, views })).toMatchObject({ focus: 2 });
  });

  it('is null where no view has an answer', () => {
    expect(trackOf({ ...wavering, views: wavering.views.map(({ at }) => ({ at, invalid: 'NaN' })) })).toBeNull();
  });
});

describe('shown views', () => {
  it('are of the middle step of a sweep', () => {
    const steps = [0.1, 0.4, 0.7].map((share) => ({ at: { share } }));
    expect(shownGroup(steps)).toBe(1);
  });

  it('are of the first of equal groups', () => {
    expect(shownGroup([{ at: {} }, { at: {} }, { at: {} }])).toBe(0);
  });

  it('are all repeats where a group is one pair', () => {
    const pass = (first: number) => ({
      at: {},
      reference: first,
      pairs: [[first + 1, first + 2]] as const,
      views: [first, first + 1, first + 2],
    });
    expect(shownViews([pass(0), pass(3)])).toEqual({
      views: [0, 1, 2, 3, 4, 5],
      pairs: [
        [1, 2],
        [4, 5],
      ],
      reference: 0,
    });
  });
});

describe('steps', () => {
  const pairs = [
    [0, 1],
    [1, 2],
    [2, 3],
  ] as const;

  it('a right answer that turns wrong tells more than any larger change', () => {
    const p = [0.9, 0.1, 0.5, 0.4];
    expect(tellingStep({ pairs, focus: 1, p, top: [1, 1, 1, 7] })).toEqual({
      pair: 2,
      kind: 3,
      size: expect.closeTo(0.1),
    });
  });

  it('of equal kinds the deeper change wins', () => {
    const p = [0.9, 0.2, 0.8, 0.3];
    expect(tellingStep({ pairs, focus: 1, p, top: [1, 7, 1, 7] })).toEqual({
      pair: 0,
      kind: 3,
      size: expect.closeTo(0.7),
    });
  });

  it('pairs without two answers tell nothing and are no changes', () => {
    expect(tellingStep({ pairs, focus: 1, p: [0.9, null, 0.5, 0.5], top: [1, null, 2, 2] })).toMatchObject({
      pair: 2,
      kind: 0,
    });
    expect(changesOf({ pairs, top: [1, null, 2, 3] })).toBe(1);
  });

  it('span leaves gaps out', () => {
    expect(spanOf([0.2, null, 0.6])).toEqual({ mean: 0.4, low: 0.2, high: 0.6 });
    expect(spanOf([null])).toEqual({ mean: 0, low: 0, high: 0 });
  });
});
