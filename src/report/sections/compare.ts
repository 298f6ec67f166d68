// Models compared over the same pictures: which is steadier, at what cost, what is not settled. The page of a comparison
// begins with it; that of a run with several models has it behind what each answers.
import { isEstimate } from '../../core/estimate.js';
import { comparedMetrics, onlySubject, pairWidth } from '../charts/differences.js';
import { dotCosts } from '../charts/tradeoff.js';
import { comparisonNote, comparisonTable, timesNote } from '../comparison-table.js';
import { titleOf, type Facts } from '../facts.js';
import { counted, narrow, plainPercent, pValue } from '../format.js';
import { comparisonWords, FRONT, fromReference } from '../../metrics/compare-words.js';
import { listed, points } from '../../metrics/words.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import { reasonOf, settledOf, verdictOf } from '../words.js';
import { bigNumber, slot, slots, whole, type Drawings, type SectionMaker } from './section.js';

export const compare: SectionMaker = (facts, drawings) => {
  const { names, input } = facts;
  const { comparisons } = input.result;
  if (names.length < 2 || !comparisons.some(({ difference }) => isEstimate(difference))) return null;
  const content = markup`${facts.comparing ? headline(facts) : heading(facts)} ${warned(facts)}
    ${facts.comparing ? markup`<h2>The models side by side</h2>` : null} ${comparisonNote(facts)}
    <div class="scroll" tabindex="0" role="region" aria-label="Comparison">${comparisonTable(facts)}</div>
    ${note(timesNote(facts))} ${front(facts, drawings)} ${differences(facts, drawings)}`;
  return { id: 'compare', nav: facts.comparing ? null : 'Models', content };
};

function note(text: string | null): Html | null {
  return text === null ? null : markup`<p class="foot">${text}</p>`;
}

/** The answer of a comparison: the steadiest model against the reference. */
function headline(facts: Facts): Html {
  const { names, models, input } = facts;
  const { result } = input;
  const [reference] = models;
  const own = reference?.estimates['top1Change'];
  const found = models
    .slice(1)
    .flatMap(({ name, estimates }) => {
      const from = fromReference(result, name, 'top1Change');
      const change = estimates['top1Change'];
      return from && isEstimate(change) ? [{ name, from, change }] : [];
    })
    .sort((a, b) => a.from.value - b.from.value);
  const { findings } = comparisonWords(result, facts.times);
  const rest = markup`<ul class="findings">
    ${findings.map((finding) => markup`<li>${whole(narrow(finding), names)}</li>`)}
  </ul>`;
  const [best] = found;
  if (best === undefined || reference === undefined || !isEstimate(own)) {
    return markup`<h1><span class="sentence">${counted(names.length, 'model')} compared</span></h1>
      ${rest}`;
  }
  const better = best.from.value < 0;
  const number = better
    ? markup`${points(best.from.value)}<span class="word">points</span>`
    : bigNumber(plainPercent(own.value));
  const among = models.length > 2 ? `, the steadiest of ${models.length} models,` : '';
  const sentence = better
    ? `${best.name}${among} changes its answer on ${plainPercent(best.change.value)} of ${facts.words.steps}${facts.words.apart}, ${reference.name} on ${plainPercent(own.value)}.`
    : `of ${facts.words.steps}${facts.words.apart} change the answer of ${reference.name}, the reference; no model is steadier.`;
  const settled = best.from.settled ? 'settled' : 'not settled';
  const details = better
    ? [
        `95\u202f% interval ${points(best.from.low)} to ${points(best.from.high)} points`,
        `${settled}${best.from.pHolm === null ? '' : `, p ${pValue(best.from.pHolm).replace(/^(?=\d)/, '= ')} after Holm`}`,
      ]
    : [];
  return markup`<h1>
      <span class="big">${number}</span>
      <span class="sentence">${whole(sentence, names)}</span>
    </h1>
    <p class="note">${[...details, counted(result.pictures.count, 'picture'), 'the same views for all'].join(' · ')}</p>
    ${rest}`;
}

/** The section's beginning in the page of a run with several models. */
function heading(facts: Facts): Html {
  const { names, models, input, words } = facts;
  const verdict = verdictOf(
    names,
    input.result.comparisons,
    models.map(({ estimates }) => estimates),
  );
  const settled = settledOf(input.result.comparisons, input.result.pictures.count);
  return markup`<h2>Which model is steadier</h2>
    <p class="lead">
      ${whole(verdict, names)} ${whole(settled, names)}${words.pooled === null ? '' : ` All numbers here are ${words.pooled}.`}
    </p>`;
}

/** Models whose instability falls with what they know. */
function warned({ input, names }: Facts): Html | null {
  const { warnings } = comparisonWords(input.result);
  if (warnings.length === 0) return null;
  return markup`<ul class="notices">
    ${warnings.map((warning) => markup`<li>${whole(narrow(warning), names)}</li>`)}
  </ul>`;
}

/** The Pareto picture with its words. */
function front(facts: Facts, drawings: Drawings): Html | null {
  const scatter = slot(drawings, 'tradeoff');
  if (scatter === null) return null;
  const { pooled } = facts.words;
  const costs = dotCosts(facts);
  const found = comparisonWords(facts.input.result).findings.find((one) => one.startsWith(FRONT));
  return markup`<div class="beside">
    <div>
      <h3>Accuracy against stability</h3>
      <p>
        Good models sit low and to the right.${pooled === null ? '' : ` Both numbers are ${pooled}.`} The dashed line is
        the front: no model lies below and to the right of one on it.
        ${costs === null ? null : `A larger dot is a dearer answer: ${costs} multiply-accumulates, on a logarithmic scale.`}
      </p>
      ${facts.comparing || found === undefined ? null : markup`<p>${whole(narrow(found), facts.names)}</p>`}
    </div>
    ${scatter}
  </div>`;
}

function differences(facts: Facts, drawings: Drawings): Html {
  const { names, input } = facts;
  const metrics = comparedMetrics(facts);
  const reference = markup`<span class="model-name">${modelMark(names[0] ?? '')}</span>`;
  const subject = onlySubject(facts)
    ? markup` Drawn are the differences from ${reference}, the model under study; the table has all pairs.`
    : null;
  const rows = input.result.comparisons.map(({ metric, a, b, difference, pHolm }) => [
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
  const difference = subject ? markup`the other minus ${reference}, points` : 'difference in points';
  return markup`<h3>Differences over the same pictures</h3>
    <p class="caption">
      Differences are taken picture by picture, so the luck of the sample cancels. A filled dot differs from zero after
      Holm’s correction (p < 0.05) over ${facts.comparing ? 'all differences from the reference' : 'the whole table'}; a hollow one does not.${subject}
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
      Bars are single 95 % intervals; the correction is stricter, so a bar may miss zero while its dot is hollow.
    </p>
    ${dataTable(
      'differences',
      table(
        `Paired differences over the same pictures, in percentage points: ${listed(names)}`,
        ['Metric', 'Model', 'minus', 'Difference', '95\u202f% interval', 'p (Holm)'],
        rows,
      ),
    )}`;
}
