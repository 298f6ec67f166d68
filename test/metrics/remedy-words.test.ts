// What is said of remedies: each variant against its own plain model, where the tables compare it with another.
import { expect, test } from 'vitest';
import type { ModelResult } from '../../src/core/result.js';
import { remedySentences } from '../../src/metrics/remedy-words.js';
import { compared, estimateOf, modelResult, resultOf } from './results.js';

function mended(name: string, remedy: string): ModelResult {
  const of = { name: remedy, steps: [{ align: 8 }], inferences: 1 };
  return { ...modelResult(`${name}+${remedy}`, {}), remedy: { ...of, windowsPerAnswer: 1, sharedWithNeighbour: null } };
}

test('a variant of a later model is told against that model itself', () => {
  const models = [modelResult('a', {}), mended('a', 'align8'), modelResult('b', {}), mended('b', 'align8')];
  const comparisons = [
    compared('a', 'a+align8', estimateOf(0.02, 0.01, 0.03), 0.01),
    compared('a', 'b+align8', estimateOf(0.2, 0.1, 0.3), 0.01),
    compared('b', 'b+align8', estimateOf(0.05, 0.04, 0.06), 0.02),
    { ...compared('b', 'b+align8', estimateOf(0.01, -0.01, 0.03), 0.4), metric: 'accuracy' },
  ];
  const against = (of: readonly ModelResult[]): string[] =>
    remedySentences(resultOf(of, { comparisons })).filter((sentence) => sentence.includes('against'));
  expect(against(models)).toEqual([
    'b+align8 against b itself: P(top-1 change) −5.0 points [−6.0, −4.0], p = 0.020; accuracy −1.0 points [−3.0, +1.0], p = 0.40.',
  ]);
  expect(against(models.slice(0, 2))).toEqual([]);
});
