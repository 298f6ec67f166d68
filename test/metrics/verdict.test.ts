// Sentences and numbers as people read them.
import { describe, expect, it } from 'vitest';
import { verdict } from '../../src/metrics/verdict.js';
import {
  counted,
  listed,
  oneIn,
  percent,
  percentWithInterval,
  points,
  pointsWithInterval,
  pValue,
} from '../../src/metrics/words.js';
import { compared, estimateOf, modelResult, resultOf } from './results.js';

const difference = (value: number, low: number, high: number) => ({
  ...estimateOf(value, low, high),
  unit: 'difference of fractions',
});

describe('numbers', () => {
  it.each([
    [0, 'no step'],
    [0.0003, '1 step in 3,333'],
    [0.061, '1 step in 16'],
    [0.14, '1 step in 7'],
    [0.2, '1 step in 5'],
    [0.34, '1 step in 3'],
    [0.4, '2 steps in 5'],
    [0.5, '1 step in 2'],
    [0.74, '3 steps in 4'],
    [0.9, '9 steps in 10'],
    [0.95, 'all but 1 step in 20'],
    [1, 'every step'],
  ])('%d is %s', (fraction, words) => expect(oneIn(fraction, 'step')).toBe(words));
  it('percentages never round to none or all', () => {
    expect([0, 0.0004, 0.0612, 0.9996, 1].map((value) => percent(value))).toEqual([
      '0.0 %',
      '< 0.1 %',
      '6.1 %',
      '> 99.9 %',
      '100.0 %',
    ]);
    expect(percent(0.874, 0)).toBe('87 %');
  });
  it('intervals, points, p, counts and lists', () => {
    expect(percentWithInterval({ value: 0.061, low: 0.049, high: 0.074 })).toBe('6.1 % [4.9, 7.4]');
    expect(pointsWithInterval({ value: -0.031, low: -0.0502, high: 0.0001 })).toBe('−3.1 points [−5.0, 0.0]');
    expect(points(0.02)).toBe('+2.0');
    expect([0.0002, 0.0496, 0.31].map(pValue)).toEqual(['p < 0.001', 'p = 0.050', 'p = 0.31']);
    expect([counted(1, 'picture'), counted(1600, 'step'), counted(2, 'entry', 'entries')]).toEqual([
      '1 picture',
      '1,600 steps',
      '2 entries',
    ]);
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('verdict', () => {
  const steady = modelResult('blurpool', { top1Change: estimateOf(0.025, 0.018, 0.033) });
  const shaky = modelResult('maxpool', { top1Change: estimateOf(0.061, 0.049, 0.074) });
  const exact = modelResult('aps', { top1Change: estimateOf(0, 0, 0.019) });

  it('of one model', () => {
    const model = modelResult('efficientnet-lite0', {
      top1Change: estimateOf(0.061, 0.049, 0.074),
      accuracy: estimateOf(0.87, 0.816, 0.91, 200),
      worstAccuracy: estimateOf(0.75, 0.686, 0.805, 200),
    });
    expect(verdict(resultOf([model]))).toEqual([
      'efficientnet-lite0 changes its answer on 1 step in 16 (6.1 % [4.9, 7.4] of 1,600 steps, 200 pictures). ' +
        'It is right on 87.0 % [81.6, 91.0] of the pictures at the reference view, and on 75.0 % [68.6, 80.5] under every view.',
    ]);
  });
  it('speaks of pairs where both views are random', () => {
    const result = resultOf([steady]);
    const probe = { name: 'shift', options: { path: 'random-pair' } };
    expect(verdict({ ...result, protocol: { ...result.protocol, probe } })[0]).toBe(
      'blurpool changes its answer on 1 pair in 40 (2.5 % [1.8, 3.3] of 1,600 pairs, 200 pictures).',
    );
  });
  it('of several models names the steadiest, and what is settled', () => {
    const comparisons = [
      compared('maxpool', 'blurpool', difference(0.036, 0.02, 0.05), 0.0004),
      compared('maxpool', 'aps', difference(0.061, 0.049, 0.074), 0.0002),
      compared('blurpool', 'aps', difference(0.025, -0.001, 0.05), 0.08),
    ];
    expect(verdict(resultOf([shaky, steady, exact], { comparisons }))).toEqual([
      'maxpool changes its answer on 1 step in 16 (6.1 % [4.9, 7.4] of 1,600 steps, 200 pictures).',
      'blurpool changes its answer on 1 step in 40 (2.5 % [1.8, 3.3] of 1,600 steps, 200 pictures).',
      'aps changes its answer on no step (0.0 % [0.0, 1.9] of 1,600 steps, 200 pictures).',
      'Steadiest: aps; steadier than maxpool (−6.1 points [−7.4, −4.9], p < 0.001); not settled against blurpool ' +
        '(−2.5 points [−5.0, +0.1], p = 0.080). p is Holm’s over the whole table.',
      'The other pair of models differs beyond chance.',
    ]);
  });
  it('of models alike names both', () => {
    const twin = modelResult('twin', { top1Change: estimateOf(0.025, 0.018, 0.033) });
    expect(
      verdict(
        resultOf([steady, twin], { comparisons: [compared('blurpool', 'twin', difference(0, -0.01, 0.01), 1)] }),
      ).slice(2),
    ).toEqual(['Steadiest: blurpool and twin, alike.', 'The pair of models is not settled.']);
  });
  it('says what is missing and why, once', () => {
    const unlabelled = { unavailable: 'no labels' };
    const a = modelResult('a', { ...steady.estimates, accuracy: unlabelled, jaggedness: unlabelled });
    const b = modelResult(
      'b',
      { top1Change: { unavailable: 'no pictures' }, accuracy: unlabelled, jaggedness: unlabelled },
      3,
    );
    const pictures = { ...resultOf([]).pictures, skipped: [{ picture: 'x.png', reason: 'empty' }] };
    expect(verdict(resultOf([a, b], { pictures })).slice(1)).toEqual([
      'b: how often its answer changes is not known (no pictures).',
      '1 picture could not be used and was skipped.',
      'b gave no answer to 3 views; they are left out.',
      'Without a number: accuracy and jaggedness (no labels).',
      'Without a number: top1Change (no pictures; b).',
    ]);
  });
  it('ends with the thresholds', () => {
    const thresholds = [{ expression: 'top1Change > 0.05', model: 'blurpool', value: 0.025, holds: false }];
    expect(verdict(resultOf([steady], { thresholds })).at(-1)).toBe(
      'Passed: --fail-if "top1Change > 0.05": blurpool has 0.025.',
    );
  });
});
