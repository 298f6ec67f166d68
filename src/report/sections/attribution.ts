// Which stride loses the invariance: what taking each off changes for near and for far displacements, in words, ranked
// panels and curves; what each costs.
import { isEstimate } from '../../core/estimate.js';
import {
  attributionSentence,
  costLabel,
  orderSentence,
  rankedSites,
  siteLabel,
  type AttributedRow,
} from '../../metrics/attribution-words.js';
import { points, pValue } from '../../metrics/words.js';
import { attributed, attributedTitle, displacementWords, type Attributed } from '../attribution-words.js';
import { attributedMetrics, siteWidth } from '../charts/attribution.js';
import { directionOf, type Facts } from '../facts.js';
import { narrow } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { reasonOf } from '../words.js';
import { slots, stacked, whole, type Drawings, type SectionMaker } from './section.js';

export const attribution: SectionMaker = (facts, drawings) => {
  const all = attributed(facts);
  const [near, far] = all;
  if (near === undefined) return null;
  const sentences = [
    ...all.map((one) => attributionSentence(one.result, displacementWords(one))),
    ...(far === undefined ? [] : [orderSentence(near.result, far.result)]),
  ];
  const content = markup`<h2>Which stride loses it</h2>
    <p class="lead">
      A layer with a stride keeps one place of every few; which one is kept depends on where the object stands. Here each
      stride is taken off in turn: the layer is computed at every place, what it would have skipped goes on beside what it
      keeps, and the answers are averaged. The weights stay as they are, so what the change of answer loses is that
      stride’s part in it. In all charts phases-N is the model without stride N, dense-lastN the model without its last N
      strides.
    </p>
    <ul class="findings">
      ${sentences.map((sentence) => markup`<li>${whole(narrow(sentence), facts.names)}</li>`)}
    </ul>
    ${all.map((one) => panels(facts, one, drawings))} ${together(near, drawings)} ${leftOut(near)}
    <p class="foot">
      Rows are ordered by the change of answer; behind each stride stands what an answer without it costs, in multiply-accumulates of the model’s own. A filled dot differs from zero after Holm’s correction over all effects of
      its displacement (p < 0.05), bars are single 95 % intervals. Differences are taken picture by picture, over the same
      views. ${near.result.layer === null ? null : markup`Non-shiftable maps are those of ${near.result.layer}, the last layer before the pooling: the share whose sum leaves its mean over the views by more than a fifth.`}
      This is analysis and no mend: an average over phases costs what the table says, and averaging over shifts of the
      picture gives the same without rewriting.
    </p>
    ${dataTable('attribution', numbers(all))}`;
  return { id: 'attribution', nav: 'Strides', content };
};

function panels(facts: Facts, one: Attributed, drawings: Drawings): Html {
  const metrics = attributedMetrics(one.result);
  return markup`<h3>${displacementWords(one)}</h3>
    <div class="panels differences" style="--panels:${metrics.length};--names:${siteWidth(facts)}px">
      ${metrics.map(
        (metric) =>
          markup`<figure class="panel">
            <figcaption>${attributedTitle(metric)}<span class="soft">without the stride minus with it, points</span></figcaption>
            ${slots(drawings, `attribution-${one.name}-${metric}`)}
          </figure>`,
      )}
    </div>`;
}

/** Curves from no stride taken off to as many as were measured. */
function together({ result }: Attributed, drawings: Drawings): Html | null {
  const curves = attributedMetrics(result).map((metric) => ({
    id: `attribution-curve-${metric}`,
    title: attributedTitle(metric),
    note: metric === 'nonShiftability' ? 'lower is better' : directionOf(metric),
  }));
  if (!curves.some(({ id }) => drawings.has(id))) return null;
  return markup`<h3>From none to all</h3>
    <p class="caption">
      The last strides taken off together, by dilating what follows where that can be done. Each stride more multiplies the
      places of all layers behind it, and with them the cost.
    </p>
    ${stacked(drawings, curves)}`;
}

function leftOut({ result }: Attributed): Html | null {
  const rows = result.variants.filter((variant) => variant.leftOut !== null);
  if (rows.length === 0) return null;
  const which = (sites: readonly number[]): string =>
    sites.length === 1
      ? `stride ${result.sites
          .filter(({ index }) => index === sites[0])
          .map(siteLabel)
          .join('')}`
      : `the last ${sites.length} strides`;
  return markup`<p class="foot">
    Left out: ${rows.map(({ sites, leftOut: reason }) => `${which(sites)} (${reason ?? ''})`).join('; ')}.
  </p>`;
}

function numbers(all: readonly Attributed[]): Html {
  const rows = all.flatMap((one) =>
    rankedSites(one.result)
      .filter(({ variant }) => variant.model !== null)
      .flatMap((row) => attributedMetrics(one.result).map((metric) => [displacementWords(one), ...cells(row, metric)])),
  );
  const head = ['Displacement', 'Stride', 'Factor', 'Cost', 'Metric', 'Difference', '95\u202f% interval', 'p (Holm)'];
  return table('What taking off each stride changes, percentage points', head, rows);
}

function cells({ sites, variant, effects }: AttributedRow, metric: string): (string | Html)[] {
  const effect = effects[metric];
  const known = [
    sites.map(siteLabel).join(', '),
    sites.map(({ before, after }) => `${before} → ${after}`).join(', '),
    costLabel(variant),
    attributedTitle(metric),
  ];
  if (!isEstimate(effect?.difference)) {
    return [...known, markup`<span class="soft">${reasonOf(effect?.difference)}</span>`, '–', '–'];
  }
  const { value, low, high } = effect.difference;
  const p = effect.pHolm === null ? '–' : pValue(effect.pHolm);
  return [...known, points(value), `${points(low)} to ${points(high)}`, p];
}
