// Every metric from literal observations against numbers worked out by hand.
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/core/observation.js';
import { unpackedGroup } from '../../src/core/observation.js';
import { metricNamed, metrics } from '../../src/metrics/registry.js';
import type { Tally } from '../../src/metrics/metric.js';
import { observed, sure, tally } from './observing.js';

function measure(name: string, observation: Observation): Tally | null {
  const [group] = observation.groups.map(unpackedGroup);
  return metricNamed(name).tally(observation, group!);
}

/*
 * Classes 0…6, true class 1, five views, reference = view 2:
 *   view 0: 1 wins (.5)              top five 1 0 2 3 4
 *   view 1: 1 wins (.4)              top five 1 0 2 3 4
 *   view 2: 1 wins (.3), 0 has .25   top five 1 0 2 3 4
 *   view 3: 0 wins (.5), 1 has .02   top five 0 2 3 4 5: the true class is out
 *   view 4: 0 wins (.3), 1 has .25   top five 0 1 2 3 4
 */
const wavering = observed('bird.png', 1, [
  [0.15, 0.5, 0.1, 0.1, 0.1, 0.03, 0.02],
  [0.2, 0.4, 0.1, 0.1, 0.1, 0.06, 0.04],
  [0.25, 0.3, 0.15, 0.1, 0.1, 0.06, 0.04],
  [0.5, 0.02, 0.14, 0.12, 0.11, 0.1, 0.01],
  [0.3, 0.25, 0.15, 0.12, 0.1, 0.05, 0.03],
]);

describe('a picture whose answer changes once and whose true class leaves the top five once', () => {
  it.each([
    ['top1Change', 1, 4],
    ['consistency', 3, 4],
    ['top1ChangeAmongCorrect', 1, 4],
    // |.5 − .4| + |.4 − .3| + |.3 − .02| + |.5 − .3|
    ['meanAbsoluteChange', 0.68, 4],
    // Of the pairs from views 0, 1, 2 (view 3 has not the true class) only 2 → 3 loses it.
    ['jaggedness', 1, 3],
    ['accuracy', 1, 1],
    ['top5Accuracy', 1, 1],
    ['worstAccuracy', 0, 1],
    ['everChanged', 1, 1],
    // .5 + .4 + .3 + .5 + .3
    ['meanConfidence', 2, 5],
    // .5 − .02
    ['trueProbabilityRange', 0.48, 1],
  ])('%s', (name, sum, count) => {
    const measured = measure(name, wavering);
    expect(measured?.sum).toBeCloseTo(sum, 12);
    expect(measured?.count).toBe(count);
  });

  it('covers every metric of the registry', () => {
    expect(metrics).toHaveLength(11);
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(11);
  });
});

describe('a picture that is always right', () => {
  const steady = observed('cat.png', 2, [sure(2), sure(2), sure(2)]);
  it.each([
    ['top1Change', tally(0, 2)],
    ['consistency', tally(2, 2)],
    ['meanAbsoluteChange', tally(0, 2)],
    ['jaggedness', tally(0, 2)],
    ['worstAccuracy', tally(1, 1)],
    ['everChanged', tally(0, 1)],
    ['trueProbabilityRange', tally(0, 1)],
  ])('%s', (name, expectation) => expect(measure(name, steady)).toEqual(expectation));
});

describe('a picture that is wrong at the reference view', () => {
  const wrong = observed('dog.png', 5, [sure(5), sure(0), sure(0)]);
  it('counts as not accurate, and not among the correct', () => {
    expect(measure('accuracy', wrong)).toEqual(tally(0, 1));
    expect(measure('top1ChangeAmongCorrect', wrong)).toBeNull();
    expect(measure('top1Change', wrong)).toEqual(tally(1, 2));
  });
  it('has its true class outside the top five where four others are as likely and come first', () => {
    expect(measure('top5Accuracy', wrong)).toEqual(tally(0, 1));
    // Only view 0 has class 5 among its five; view 1 has not.
    expect(measure('jaggedness', wrong)).toEqual(tally(1, 1));
  });
});

describe('no label', () => {
  const unlabelled = observed('x.png', null, [sure(0), sure(1), sure(1)]);
  it.each(metrics.map((metric) => [metric.name, metric.needsLabels] as const))('%s', (name, needsLabels) => {
    if (needsLabels) expect(measure(name, unlabelled)).toBeNull();
    else expect(measure(name, unlabelled)).not.toBeNull();
  });
});

describe('views without an answer', () => {
  const nan = 'NaN logits';
  it('leave their pairs out and are never an argmax', () => {
    const broken = observed('x.png', 0, [sure(0), nan, sure(0), sure(1)], { reference: 2 });
    expect(measure('top1Change', broken)).toEqual(tally(1, 1));
    expect(measure('meanConfidence', broken)).toEqual(tally(2.25, 3));
    expect(measure('accuracy', broken)).toEqual(tally(1, 1));
  });
  it('take the picture out of metrics over all of its views', () => {
    const broken = observed('x.png', 0, [sure(0), nan, sure(0)], { reference: 0 });
    for (const name of ['worstAccuracy', 'everChanged', 'trueProbabilityRange', 'top1Change', 'meanAbsoluteChange']) {
      expect(measure(name, broken), name).toBeNull();
    }
  });
  it('at the reference take the picture out of metrics of the reference', () => {
    const broken = observed('x.png', 0, [sure(0), nan, sure(0), sure(0)], { reference: 1 });
    for (const name of ['accuracy', 'top5Accuracy', 'top1ChangeAmongCorrect']) {
      expect(measure(name, broken), name).toBeNull();
    }
    expect(measure('top1Change', broken)).toEqual(tally(0, 1));
  });
  it('everywhere leave nothing', () => {
    const broken = observed('x.png', 0, [nan, nan, nan]);
    for (const { name } of metrics) expect(measure(name, broken), name).toBeNull();
  });
});

describe('special cases', () => {
  it('fewer than five classes have no top five', () => {
    const small = observed('x.png', 0, [
      [0.9, 0.1],
      [0.2, 0.8],
    ]);
    expect(measure('jaggedness', small)).toBeNull();
    expect(measure('top5Accuracy', small)).toBeNull();
    expect(measure('top1Change', small)).toEqual(tally(1, 1));
  });
  it('one view alone has no pair, no range, no change', () => {
    const single = observed('x.png', 0, [sure(0)]);
    for (const name of ['top1Change', 'everChanged', 'trueProbabilityRange', 'jaggedness']) {
      expect(measure(name, single), name).toBeNull();
    }
    expect(measure('worstAccuracy', single)).toEqual(tally(1, 1));
  });
  it('MAC looks at the first view’s class, so the order of a pair matters', () => {
    const forth = observed('x.png', null, [
      [0.6, 0.4],
      [0.1, 0.9],
    ]);
    const back = observed('x.png', null, [
      [0.1, 0.9],
      [0.6, 0.4],
    ]);
    expect(measure('meanAbsoluteChange', forth)?.sum).toBeCloseTo(0.5, 12);
    expect(measure('meanAbsoluteChange', back)?.sum).toBeCloseTo(0.5, 12);
    const third = observed('x.png', null, [
      [0.5, 0.3, 0.2],
      [0.4, 0.1, 0.5],
    ]);
    expect(measure('meanAbsoluteChange', third)?.sum).toBeCloseTo(0.1, 12);
  });
  it('damaged observations are refused by name', () => {
    const whole = observed('a/b.png', 0, [sure(0), sure(1)]);
    expect(() => measure('top1Change', { ...whole, views: whole.views.slice(0, 1) })).toThrow(
      'Expected views 0 to 0 in the observation of "a/b.png" but a group names view 1. The observation is damaged: measure the picture again.',
    );
    const untracked: Observation = {
      ...whole,
      tracked: [],
      views: [
        { at: { dx: 0 }, top: [0], p: [0.75], t: [] },
        { at: { dx: 1 }, top: [1], p: [0.75], t: [] },
      ],
    };
    expect(() => measure('meanAbsoluteChange', untracked)).toThrow(
      'Expected the probability of class 0 in the observation of "a/b.png" but it isn\'t stored.',
    );
  });
  it('an unknown metric names the nearest', () => {
    expect(() => metricNamed('top1Chnage')).toThrow('Unknown metric "top1Chnage". Did you mean "top1Change"');
  });
});
