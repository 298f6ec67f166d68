// Kernel × kernel disagreement from literals.
import { expect, test } from 'vitest';
import type { Group } from '../../src/core/view.js';
import { createKernelsCollector } from '../../src/metrics/kernels.js';
import { observed, sure } from './observing.js';

const KERNELS = ['box', 'own', 'area'];
const whole: Group = { at: {}, reference: 1, pairs: [[1, 0], [1, 2]], views: [0, 1, 2] }; // prettier-ignore
const parts = { groups: [whole], at: KERNELS.map((kernel) => ({ kernel })) };

const observations = [
  // All agree, and to the last digit.
  observed('same', 0, [sure(0), sure(0), sure(0)], parts),
  observed('agree', 0, [sure(0, 0.5), sure(0), sure(0)], parts),
  // The own kernel alone: class 2 where others see 3.
  observed('own', 2, [sure(3, 0.9), sure(2, 0.6), sure(3, 0.8)], parts),
  observed('box', null, [sure(4, 0.5), sure(1), sure(1, 0.8)], parts),
  observed('gap', 1, ['logit 0 is NaN', sure(1), sure(5)], parts),
];

function resultOf(list = observations) {
  const collector = createKernelsCollector();
  for (const observation of list) collector.add(observation);
  return collector.result();
}

test('shares of pictures that both kernels answer', () => {
  expect(resultOf()).toMatchObject({
    kernels: KERNELS,
    reference: 'own',
    disagreement: [
      [0, 2 / 4, 1 / 4],
      [2 / 4, 0, 2 / 5],
      [1 / 4, 2 / 5, 0],
    ],
    untouched: 1,
    dependent: 3,
  });
});

test('pictures that depend on the kernel, largest swing of the own answer first', () => {
  const pictures = resultOf()?.pictures ?? [];
  expect(pictures.map(({ picture }) => picture)).toEqual(['box', 'gap', 'own']);
  expect(pictures[0]?.swing).toBeCloseTo(0.8 - 0.1, 6);
  expect(pictures[1]?.swing).toBeCloseTo(0.75 - 0.05, 6);
  expect(pictures[2]?.swing).toBeCloseTo(0.6 - 0.02, 6);
  expect(pictures[2]).toMatchObject({
    label: 2,
    answers: [
      { top1: 2, kernels: [1], p: [0.6] },
      { top1: 3, kernels: [0, 2], p: [0.9, 0.8] },
    ],
  });
});

test('is the same for any order', () => {
  expect(resultOf([...observations].reverse())).toEqual(resultOf());
});

test('is none without observations', () => {
  expect(resultOf([])).toBeNull();
});
