// What one probe of a run found, as lines for the terminal.
import type { Result } from '../core/result.js';
import { verdict } from '../metrics/verdict.js';
import { halfSentence, sizesOfProtocol } from '../report/scale-words.js';
import { comparisonLines } from './compare-table.js';
import { layersText } from './inside-table.js';
import { comparisonTable, nothingChanges, protocolLines, resultTable, seriesTable } from './table.js';

/** Protocol, estimates, comparisons, sentences and layers; of models with remedies, what these differ by and cost. */
export function partLines(result: Result): string[] {
  const { models, protocol } = result;
  if (protocol.probe.name === 'kernels' && nothingChanges(result)) {
    return [
      ...protocolLines(result),
      '',
      'No kernel changes any answer or probability: the pictures have the size already that the models resize to, so that nothing is resized. Give larger or smaller pictures with --images.',
    ];
  }
  if (models.some(({ remedy }) => remedy !== undefined)) return comparisonLines(result, []);
  const sizes = sizesOfProtocol(protocol);
  const half = sizes === null ? [] : models.map((model) => halfSentence(model, sizes).replace(/\s/g, ' '));
  return [
    ...protocolLines(result),
    '',
    ...resultTable(result),
    ...seriesTable(models),
    '',
    ...(models.length > 1 ? [...comparisonTable(result), ''] : []),
    ...verdict(result),
    ...half,
    ...layersText(result),
  ];
}
