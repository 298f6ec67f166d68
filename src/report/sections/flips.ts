// Who flips where: the pictures that each model flips, and whether models flip the same ones.
import type { PairAgreement } from '../../core/compare.js';
import { isEstimate } from '../../core/estimate.js';
import { agreementText, bothByChance } from '../../metrics/compare-words.js';
import { coefficient, listed } from '../../metrics/words.js';
import { FLIP_OPACITY } from '../charts/flips.js';
import { flipsLead } from '../flip-words.js';
import { dataTable, markup, table, trusted, type Html } from '../html.js';
import { slot, type SectionMaker } from './section.js';

export const flips: SectionMaker = ({ input, names, words }, drawings) => {
  const found = input.result.flips;
  if (found === undefined) return null;
  const [reference = ''] = names;
  const several = names.length > 2;
  const own = found.pairs.filter(({ a }) => a === reference);
  const content = markup`<h2>Who flips where</h2>
    <p class="lead">
      Pictures whose answer changes at any of their ${words.steps}, those of most models first.
      ${drawings.has('flips') ? flipsLead(found) : 'No model flips any.'}
    </p>
    ${
      drawings.has('flips')
        ? markup`<div class="heatbar">
              ${flipKey()}
            </div>
            <div class="flipchart" style="--models:${names.length}">${slot(drawings, 'flips')}</div>`
        : null
    }
    <h3>The same pictures?</h3>
    <p class="caption">
      Cohen’s kappa is 1 where two models flip the same pictures and 0 where they do so as often as chance alone would
      have it; 95 % intervals resample pictures.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Agreement">${pairTable(own, `Beside ${reference}`)}</div>
    ${several ? dataTable('agreement of all pairs', pairTable(found.pairs, null), 'All pairs of models') : null}
    ${dataTable(
      'sets of models',
      table(
        'Pictures by the models that flip them, the commonest first',
        ['Flipped by', 'Pictures'],
        found.patterns.map(({ models, pictures }) => [
          models.length === 0 ? 'none' : models.length === names.length ? 'all' : listed(models),
          String(pictures),
        ]),
      ),
      'Pictures by the models that flip them',
    )}`;
  return { id: 'flips', nav: 'Who flips where', content };
};

/** The chart's colours from a few steps to all. */
function flipKey(): Html {
  const [low, high] = FLIP_OPACITY;
  const swatches = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    trusted(`<i style="background:var(--wrong);opacity:${low + share * (high - low)}"></i>`),
  );
  return markup`<div class="ramp">
    <span>Share of a picture’s steps that change the answer</span
    ><span class="scale"><span>few</span><span class="swatches" aria-hidden="true">${swatches}</span><span>all</span></span>
  </div>`;
}

function pairTable(pairs: readonly PairAgreement[], caption: string | null): Html {
  return table(
    caption,
    ['Models', 'Both flip', 'By chance', 'Only the first', 'Only the second', 'Neither', 'Kappa', 'In words'],
    pairs.map((pair) => {
      const { a, b, both, onlyA, onlyB, neither, kappa } = pair;
      return [
        `${a}, ${b}`,
        String(both),
        bothByChance(pair).toFixed(1),
        ...[onlyA, onlyB, neither].map(String),
        isEstimate(kappa)
          ? `${coefficient(kappa.value)} [${coefficient(kappa.low)} to ${coefficient(kappa.high)}]`
          : markup`<span class="soft">–</span>`,
        agreementText(pair),
      ];
    }),
  );
}
