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
