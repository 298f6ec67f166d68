import { describe, expect, it } from 'vitest';
import type { Comparison, Estimate } from '../../src/core/estimate.js';
import type { Json, Protocol } from '../../src/core/protocol.js';
import type { Layout } from '../../src/report/layout.js';
import { pairSentence, pathSentence } from '../../src/report/picture-words.js';
import { publishedFor } from '../../src/report/published.js';
import { headlineOf, settledOf, verdictOf, wordsOf } from '../../src/report/words.js';

const estimate = (value: number, n = 960, pictures = 60): Estimate => ({
  value,
  low: value - 0.05,
  high: value + 0.06,
  n,
  pictures,
  unit: 'fraction',
  method: 'bootstrap over pictures',
});

const protocol = (options: Json, name = 'shift'): Protocol => ({
  schema: 'invariance/protocol@1',
  name: 'custom',
  probe: { name, options },
  repeat: 1,
  seed: 0,
  preprocess: 'model',
  definitions: 1,
});

const path: Layout = { kind: 'path', places: ['−1', '0', '+1'], reference: 1, axis: 'shift', noun: 'shift' };
const pairs: Layout = { kind: 'pairs', noun: 'position' };
const crop = { surround: 'crop', path: 'diagonal', step: 1 };

describe('wordsOf', () => {
  it.each<[Json, Layout, string, string]>([
    [crop, path, 'one-pixel shifts', 'What one pixel does'],
    [{ ...crop, step: 3 }, path, 'three-pixel shifts', 'What three pixels do'],
    [{ ...crop, surround: 'cyclic' }, path, 'cyclic one-pixel shifts', 'What one pixel does'],
    [{ ...crop, path: 'random-pair' }, pairs, 'random shifts', 'What a shift does'],
    [{ ...crop, path: 'random' }, pairs, 'one-pixel shifts', 'What one pixel does'],
  ])('%j', (options, layout, steps, heading) => {
    expect(wordsOf(protocol(options), layout, true)).toMatchObject({ steps, heading });
  });

  it('takes the step of a map from its positions', () => {
    const map = { surround: 'crop', path: 'map', step: 3, positions: 3 };
    const grid = (xs: readonly number[], proportional = false): Layout => ({
      kind: 'grid',
      xs,
      ys: xs,
      cells: [],
      reference: 0,
      noun: 'position',
      proportional,
    });
    const sentence = (layout: Layout) =>
      headlineOf({ name: 'n', estimates: { top1Change: estimate(0.4) } }, wordsOf(protocol(map), layout, true), 9)
        .sentence;
    expect(sentence(grid([-6, 0, 6]))).toBe(
      'of steps between neighbouring positions, six pixels apart, change the answer of n.',
    );
    for (const layout of [grid([-9, -3, 0]), grid([-6, 0, 6], true), pairs]) {
      expect(sentence(layout)).toBe('of steps between neighbouring positions change the answer of n.');
    }
    expect(sentence(grid([-1, 0, 1]))).toBe('of one-pixel shifts change the answer of n.');
  });

  it('says what is pooled, and under how many views an answer is the worst', () => {
    const estimates = { top1Change: estimate(0.4), accuracy: estimate(0.6), worstAccuracy: estimate(0.3) };
    const steps = [0.1, 0.4].map((share) => ({ at: { share, surround: 'crop' }, shift: crop }));
    const swept = headlineOf({ name: 'n', estimates }, wordsOf(protocol({ steps }, 'shift-sweep'), path, true), 9);
    expect(swept.sentence).toBe('of one-pixel shifts change the answer of n, pooled over the two sizes.');
    expect(swept.second).toBe(
      'At the centre, pooled over the two sizes, it recognises 60\u202f% of the pictures; at every position of the path only 30\u202f%.',
    );
    const drawn = wordsOf(protocol({ ...crop, path: 'random-pair' }), pairs, true);
    expect(headlineOf({ name: 'n', estimates }, drawn, null).second).toContain('under all three views');
  });

  it('takes a sweep by its middle step and knows probes that are no shifts', () => {
    const steps = [1, 2, 3].map((step) => ({ at: { share: step }, shift: { ...crop, step } }));
    expect(wordsOf(protocol({ steps }, 'shift-sweep'), path, true).steps).toBe('two-pixel shifts');
    expect(wordsOf(protocol({}, 'kernels'), path, false)).toMatchObject({
      steps: 'changes of the resize kernel',
      focus: 'the answer with the model’s own kernel',
    });
    expect(wordsOf(protocol({}, 'patches'), path, false)).toMatchObject({
      steps: 'steps',
      focus: 'the answer at the centre',
    });
  });
});

describe('headlineOf', () => {
  const words = wordsOf(protocol(crop), path, true);

  it('says the number, its interval and what accuracy hides', () => {
    const estimates = {
      top1Change: estimate(0.183),
      accuracy: estimate(0.65),
      worstAccuracy: estimate(0.43),
      top1ChangeAmongCorrect: estimate(0.085),
    };
    expect(headlineOf({ name: 'net', estimates }, words, 17)).toEqual({
      number: '18.3\u202f%',
      sentence: 'of one-pixel shifts change the answer of net.',
      note: '95\u202f% interval 13.3 to 24.3\u202f% · 176 of 960 one-pixel shifts · 60 pictures',
      second:
        'At the centre it recognises 65\u202f% of the pictures; at every one of the 17 positions only 43\u202f%. Among the pictures it gets right at the centre, 8.5\u202f% of one-pixel shifts change the answer.',
    });
  });

  it('does not say "only" of nothing lost, nor of nothing left', () => {
    const at = (worst: number) =>
      headlineOf(
        { name: 'n', estimates: { top1Change: estimate(0), accuracy: estimate(0.65), worstAccuracy: estimate(worst) } },
        words,
        9,
      ).second;
    expect(at(0.65)).toBe(
      'At the centre it recognises 65\u202f% of the pictures; at every one of the 9 positions 65\u202f%.',
    );
    expect(at(0)).toContain('positions not one.');
  });

  it('without labels says so', () => {
    const unlabelled = wordsOf(protocol(crop), path, false);
    const estimates = {
      top1Change: estimate(0.1),
      everChanged: estimate(0.35),
      accuracy: { unavailable: 'no labels' },
    };
    expect(headlineOf({ name: 'n', estimates }, unlabelled, 9).second).toBe(
      '35\u202f% of the pictures get more than one answer. The pictures have no labels, so whether an answer is right is not known.',
    );
  });

  it('gives the reason where there is no number', () => {
    const headline = headlineOf({ name: 'n', estimates: { top1Change: { unavailable: 'no pairs' } } }, words, 9);
    expect(headline).toMatchObject({ number: '–', note: 'P(top-1 change): no pairs.' });
  });

  it('counts where there is one picture', () => {
    const model = { name: 'n', estimates: { top1Change: { unavailable: 'one picture' } } };
    expect(headlineOf(model, words, 9, { changes: 3, steps: 8 })).toMatchObject({
      number: '3\u202f/\u202f8',
      sentence: 'one-pixel shifts change the answer of n on this picture.',
    });
  });
});

describe('comparisons', () => {
  const row = (a: string, b: string, value: number, pHolm: number): Comparison => ({
    metric: 'top1Change',
    a,
    b,
    difference: estimate(value),
    p: pHolm,
    pHolm,
    test: 't',
  });
  const change = (value: number) => ({ top1Change: estimate(value) });

  it('names the steadiest and by how much', () => {
    const rows = [row('a', 'b', 0.126, 0.001), row('a', 'c', -0.08, 0.2), row('b', 'c', -0.206, 0.001)];
    expect(verdictOf(['a', 'c'], rows, [change(0.183), change(0.264)])).toBe(
      'a changes its answer 8.0 points less often than c (not settled: p = 0.20).',
    );
    expect(verdictOf(['a', 'b', 'c'], rows, [change(0.183), change(0.057), change(0.264)])).toBe(
      'b changes its answer 12.6 points less often than a and 20.6 points less often than c.',
    );
    expect(settledOf(rows, 60)).toBe('With 60 pictures, the order of a and c in P(top-1 change) is not settled.');
  });

  it('sums up many models', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const rows = names.slice(1).map((name, i) => row('a', name, -0.1 * (i + 1), 0.001));
    expect(verdictOf(names, rows, [0, 0.1, 0.2, 0.3, 0.4].map(change))).toBe(
      'a changes its answer 10.0 points less often than b and 40.0 points less often than e; the other two lie between.',
    );
    expect(settledOf(rows, 1)).toBe('With 1 picture all differences in P(top-1 change) are settled.');
  });

  it('does not rank equals', () => {
    expect(verdictOf(['a', 'b'], [], [change(0), change(0)])).toBe(
      'a and b change their answers equally often: 0\u202f% of steps.',
    );
  });
});

describe('one picture', () => {
  const words = wordsOf(protocol(crop), path, true);
  const view = (answer: string | null, p: number | null) => ({ answer, p });

  it.each([
    [
      view('dog', 0.64),
      view('cat', 0.28),
      'The answer goes from “dog” to “cat”, and the probability of “dog”, which is what the picture shows, falls from 64\u202f% to 28\u202f%.',
    ],
    [
      view('dog', 0.64),
      view('dog', 0.7),
      'The answer stays “dog”, and the probability of “dog”, which is what the picture shows, rises from 64\u202f% to 70\u202f%.',
    ],
    [
      view('dog', 0.641),
      view('dog', 0.642),
      'The answer stays “dog”, and the probability of “dog”, which is what the picture shows, stays at 64\u202f%.',
    ],
    [view(null, null), view('dog', 0.7), 'One of the two views has no answer: the model gave no finite numbers there.'],
  ])('%j %j', (a, b, sentence) => {
    expect(pairSentence(a, b, 'dog', words, true)).toBe(sentence);
  });

  it('sums up its path', () => {
    const counts = { steps: 8, views: 9, changes: 3, others: 2, missing: 0 };
    expect(pathSentence(counts, true)).toBe(
      'Over the eight steps the answer changes three times; it is wrong at two of nine positions.',
    );
    const still = { ...counts, changes: 0, others: 0 };
    expect(pathSentence(still, false)).toBe('Over the eight steps the answer never changes.');
    expect(pathSentence(still, true)).toBe('Over the eight steps the answer never changes; it is never wrong.');
    expect(pathSentence({ ...still, steps: 1, views: 3 }, true)).toBe('The answer is never wrong.');
    expect(pathSentence({ ...counts, changes: 0, others: 0, missing: 1 }, false)).toBe(
      'Over the eight steps the answer never changes; there is none at one of nine positions.',
    );
  });
});

it('has published values only where the protocol is alike', () => {
  expect(publishedFor(protocol(crop), 1000)?.values['top1Change']?.map(({ value }) => value)).toEqual([
    0.062, 0.061, 0.068,
  ]);
  expect(
    publishedFor(protocol({ ...crop, surround: 'fill-mean' }), 1000)?.values['meanAbsoluteChange']?.[2]?.value,
  ).toBe(0.079);
  for (const other of [{ ...crop, step: 2 }, { ...crop, surround: 'cyclic' }, { ...crop, path: 'grid' }, null]) {
    expect(publishedFor(protocol(other), 1000)).toBeNull();
  }
  expect(publishedFor(protocol(crop, 'other'), 1000)).toBeNull();
  expect(publishedFor(protocol(crop), 10), 'not beside ten classes').toBeNull();
});
