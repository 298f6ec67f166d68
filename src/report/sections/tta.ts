// Test-time averaging: what it buys, what it costs, and what the same would take in training.
import { isEstimate } from '../../core/estimate.js';
import { TTA_PANELS } from '../charts/tta.js';
import type { Facts } from '../facts.js';
import { count, estimateText, plain } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import {
  countsOf,
  gainSentence,
  isFlattered,
  overWords,
  toldCount,
  trainingSentence,
  TTA_PATHS,
  viewMilliseconds,
} from '../tta-words.js';
import { stacked, whole, type SectionMaker } from './section.js';

export const tta: SectionMaker = (facts, drawings) => {
  const counts = countsOf(facts);
  const [first, ...others] = facts.models;
  if (counts === null || first === undefined) return null;
  const content = markup`<h2>What averaging views buys</h2>
    <p class="lead">${whole(gainSentence(first, counts), facts.names)}</p>
    ${others.map((model) => markup`<p class="lead">${whole(gainSentence(model, counts), facts.names)}</p>`)}
    <p class="lead">
      An answer is the mean of the probabilities over ${overWords(facts)}, ${plain(counts.at(-1) ?? 1)} views in all, the
      first ones first. ${costSentence(facts, counts)}
      ${isFlattered(facts) ? markup`<b>The averaged shifts lie on the diagonal, which flatters them there:</b> judge by the horizontal path and by random pairs.` : 'A set that lies along a path is flattered on it, so there are a second path and random pairs to judge by.'}
    </p>
    ${stacked(drawings, TTA_PANELS)}
    <p class="foot">${trainingSentence(facts)}</p>
    ${dataTable('averaged views', viewsTable(facts))}`;
  return { id: 'tta', nav: 'Averaging', content };
};

function costSentence(facts: Facts, counts: readonly number[]): string {
  const one = viewMilliseconds(facts);
  if (one === null) return '';
  const views = toldCount(counts);
  const ms = (value: number): string => `${plain(Number(value.toPrecision(2)))}\u202fms`;
  const over = facts.models.length > 1 ? ', the mean over the models' : '';
  return `On the machine of this run one view took ${ms(one)} of a core${over}, so ${count(views)} take ${ms(one * views)}.`;
}

function viewsTable({ models }: Facts): Html {
  const rows = models.flatMap(({ name, series }) =>
    TTA_PATHS.flatMap((path) =>
      series
        .filter(({ at }) => at['path'] === path)
        .sort((a, b) => Number(a.at['views']) - Number(b.at['views']))
        .map(({ at, estimates }) => [
          name,
          path,
          String(at['views']),
          ...['top1Change', 'meanAbsoluteChange', 'accuracy'].map((metric) => {
            const estimate = estimates[metric];
            return isEstimate(estimate) ? estimateText(estimate) : '–';
          }),
        ]),
    ),
  );
  return table(
    'Estimates against averaged views',
    ['Model', 'Judged on', 'Views', 'P(top-1 change)', 'Mean absolute change', 'Accuracy'],
    rows,
  );
}
