// Every metric, in the order of tables and pages. A new metric is one file and one line here.
import { unknownName } from '../core/errors.js';
import { accuracy } from './accuracy.js';
import { consistency } from './consistency.js';
import { everChanged } from './ever-changed.js';
import { jaggedness } from './jaggedness.js';
import { meanAbsoluteChange } from './mean-absolute-change.js';
import { meanConfidence } from './mean-confidence.js';
import type { Metric } from './metric.js';
import { top1Change } from './top1-change.js';
import { top1ChangeAmongCorrect } from './top1-change-among-correct.js';
import { top5Accuracy } from './top5-accuracy.js';
import { trueProbability } from './true-probability.js';
import { top5Distance } from './top5-distance.js';
import { trueProbabilityRange } from './true-probability-range.js';
import { worstAccuracy } from './worst-accuracy.js';

export const metrics: readonly Metric[] = [
  top1Change,
  consistency,
  top1ChangeAmongCorrect,
  meanAbsoluteChange,
  meanConfidence,
  jaggedness,
  accuracy,
  top5Accuracy,
  worstAccuracy,
  everChanged,
  trueProbabilityRange,
];

/** The metrics of a run: some probes have one more. */
export function metricsOf(probe: string): readonly Metric[] {
  if (WITH_TRUE_PROBABILITY.includes(probe)) return [...metrics, trueProbability];
  return WITH_TOP5_DISTANCE.includes(probe) ? [...metrics, top5Distance] : metrics;
}

/** Probes that show the probability of the true class against what they vary. */
const WITH_TRUE_PROBABILITY = ['scale', 'tta'];

/** Probes whose views are consecutive frames, of which ImageNet-P compares the five likeliest classes. */
const WITH_TOP5_DISTANCE = ['sequences', 'frames'];

/**
 * The metric of a name.
 *
 * @throws InputError naming the nearest and all valid names
 */
export function metricNamed(name: string): Metric {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (metric === undefined) {
    throw unknownName(
      'metric',
      name,
      metrics.map((candidate) => candidate.name),
    );
  }
  return metric;
}
