// Models compared over the same pictures: paired differences, then accuracy against stability.
import { isEstimate } from '../../core/estimate.js';
import { comparedMetrics, onlySubject, pairWidth } from '../charts/differences.js';
import { titleOf } from '../facts.js';
import { pValue } from '../format.js';
import { points } from '../../metrics/words.js';
import { dataTable, markup, table } from '../html.js';
import { modelMark } from '../model-mark.js';
import { reasonOf, settledOf, verdictOf } from '../words.js';
import { slot, slots, whole, type SectionMaker } from './section.js';

export const compare: SectionMaker = (facts, drawings) => {
  const { names, models, input } = facts;
  const { comparisons, pictures } = input.result;
  if (names.length < 2 || !comparisons.some(({ difference }) => isEstimate(difference))) return null;
  const { pooled } = facts.words;
  const metrics = comparedMetrics(facts);
  const verdict = verdictOf(
    names,
    comparisons,
    models.map(({ estimates }) => estimates),
  );
  const subject = onlySubject(facts)
    ? markup` Drawn are the differences from <span class="model-name">${modelMark(names[0] ?? '')}</span>, the model under study; the
        table has all pairs.`
    : null;
  const rows = comparisons.map(({ metric, a, b, difference, pHolm }) => [
    titleOf(metric),
    a,
    b,
    ...(isEstimate(difference)
      ? [
          points(difference.value),
          `${points(difference.low)} to ${points(difference.high)}`,
          pHolm === null ? '–' : pValue(pHolm),
        ]
      : [markup`<span class="soft">${reasonOf(difference)}</span>`, '–', '–']),
  ]);
  const difference = subject
    ? markup`the other minus <span class="model-name">${modelMark(names[0] ?? '')}</span>, points`
    : 'difference in points';
  const scatter = slot(drawings, 'tradeoff');
  const settled = whole(settledOf(comparisons, pictures.count), names);
  const content = markup`<h2>Which model is steadier</h2>
    <p class="lead">
      ${whole(verdict, names)} ${scatter ? null : settled} Differences are taken picture by picture, so the luck of the
      sample cancels.${pooled === null ? '' : ` All numbers here are ${pooled}.`} A filled dot differs from zero after Holm’s correction over the whole table (p < 0.05); a hollow
      one does not.${subject}
    </p>
    <div class="panels differences" style="--panels:${metrics.length};--names:${pairWidth(facts)}px">
      ${metrics.map(
        (metric) =>
          markup`<figure class="panel">
            <figcaption>${titleOf(metric)}<span class="soft">${difference}</span></figcaption>
            ${slots(drawings, `differences-${metric}`)}
          </figure>`,
      )}
    </div>
    <p class="foot">
      Bars are single 95 % intervals; the correction is stricter, so a bar may miss zero while its dot is hollow.
    </p>
    ${dataTable('differences', table('Paired differences over the same pictures, in percentage points', ['Metric', 'Model', 'minus', 'Difference', '95\u202f% interval', 'p (Holm)'], rows))}
    ${
      scatter
        ? markup`<div class="beside">
            <div>
              <h3>Accuracy against stability</h3>
              <p>Good models sit low and to the right.${pooled === null ? '' : ` Both numbers are ${pooled}.`} ${settled}</p>
            </div>
            ${scatter}
          </div>`
        : null
    }`;
  return { id: 'compare', nav: 'Models', content };
};
