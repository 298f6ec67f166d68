// The answer: one number, large; its interval and n; what accuracy hides; all models by the main estimates.
import { isEstimate } from '../../core/estimate.js';
import { directionOf, headlineFor, titleOf, type Facts } from '../facts.js';
import { counted, estimateText, grouped, percent, plain } from '../format.js';
import { listed } from '../../metrics/words.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { reasonOf } from '../words.js';
import { nameWidth } from '../charts/estimates.js';
import { bigNumber, modelOptions, segments, slots, whole, type Drawings, type SectionMaker } from './section.js';

/** Beyond this many models the one under study is chosen from a menu. */
const MOST_BUTTONS = 6;

export const answer: SectionMaker = (facts, drawings) => {
  const { models, names, panels } = facts;
  const [subject] = models;
  if (!subject) return null;
  const headline = headlineFor(facts, 0);
  const text = markup`<span id="answer-number" class="big">${bigNumber(headline.number)}</span>
    <span id="answer-sentence" class="sentence">${whole(headline.sentence, names)}</span>`;
  // The page of a comparison has its answer before this one.
  const heading = facts.comparing
    ? markup`<h2>Each model by itself</h2>
        <p class="headline">${text}</p>`
    : markup`<h1>${text}</h1>`;
  const content = markup`${heading}
    <p class="note" id="answer-note">${headline.note}</p>
    <p class="second" id="answer-second">${headline.second}</p>
    ${notices(facts)} ${modelPicker(names)}
    ${panels.length > 0 ? panelsOf(facts, drawings) : null} ${estimatesTable(facts)}`;
  return { id: 'answer', nav: facts.comparing ? 'Each model' : null, content };
};

/** A panel a metric. */
function panelsOf(facts: Facts, drawings: Drawings): Html {
  const { names, panels } = facts;
  return markup`<div class="panels estimates" style="--panels:${panels.length};--names:${nameWidth([...names, 'published'])}px">
      ${panels.map(
        (metric) =>
          markup`<figure class="panel">
            <figcaption>
              <a href="#def-${metric}">${titleOf(metric)}</a><span class="soft">${directionOf(metric)}</span>
            </figcaption>
            ${slots(drawings, `estimates-${metric}`)}
          </figure>`,
      )}
    </div>
    <p class="foot">${footnote(facts)}</p>`;
}

function modelPicker(names: readonly string[]): Html | null {
  if (names.length < 2) return null;
  if (names.length > MOST_BUTTONS) {
    return markup`<p class="controls">
      <label class="soft" for="model-select">Model under study</label>
      <select id="model-select">
        ${modelOptions(names)}
      </select>
    </p>`;
  }
  const options = names.map((text, i) => ({ value: String(i), text }));
  return segments('model', 'Model under study', options, '0', 'models');
}

/** What a reader must know before trusting the number: views without an answer, pictures left out, failed checks. */
function notices({ input, models }: Facts): Html | null {
  const { skipped } = input.result.pictures;
  const lost = models.filter(({ pictures }) => pictures.invalidViews > 0);
  const failed = input.result.thresholds.filter(({ holds }) => holds !== false);
  const passed = input.result.thresholds.length - failed.length;
  const lines = [
    ...lost.map(
      ({ name, pictures, invalid }) =>
        `${name} gave no finite numbers for ${counted(pictures.invalidViews, 'view')}${invalid[0] ? ` (the first: ${invalid[0].picture})` : ''}; they are left out, never counted as an answer.`,
    ),
    ...(skipped.length > 0
      ? [
          `${counted(skipped.length, 'picture')} could not be used and ${skipped.length === 1 ? 'is' : 'are'} left out; the reasons are at the end.`,
        ]
      : []),
    ...failed.map(({ expression, model, value, holds }) =>
      holds === null
        ? `Check failed for ${model}: ${expression} can't be told, the value is unavailable.`
        : `Check failed for ${model}: ${expression} (it is ${value === null ? 'unavailable' : plain(Number(value.toPrecision(4)))}).`,
    ),
    ...(passed > 0 ? [`${counted(passed, 'check')} passed.`] : []),
  ];
  return lines.length === 0
    ? null
    : markup`<ul class="notices">
        ${lines.map((line) => markup`<li>${line}</li>`)}
      </ul>`;
}

function footnote(facts: Facts): string {
  const { panels, published, models, words } = facts;
  const instabilities = panels.filter((metric) =>
    ['top1Change', 'meanAbsoluteChange', 'jaggedness', 'everChanged'].includes(metric),
  );
  const sentences = ['Dots are estimates, bars 95\u202f% intervals.'];
  if (words.pooled !== null) sentences.push(`All are ${words.pooled}.`);
  if (words.everywhere !== null && panels.includes('everChanged')) {
    sentences.push(`“${titleOf('everChanged')}” compares the answers ${words.everywhere}.`);
  }
  if (instabilities.length > 1) sentences.push('The instabilities share one axis.');
  if (published) {
    const values = panels.flatMap((metric) => {
      const list = published.values[metric];
      return list
        ? [`${titleOf(metric)}: ${list.map(({ name, value }) => `${name} ${percent(value)}`).join(', ')}`]
        : [];
    });
    if (values.length > 0) {
      sentences.push(
        `Light ticks, for orientation only: ${published.caution} (${values.join('. ')}; ${published.source}).`,
      );
    }
  }
  const missing = ['accuracy', 'jaggedness'].filter((metric) => !panels.includes(metric));
  const reasons = new Map<string, string[]>();
  for (const metric of missing) {
    const reason = reasonOf(models[0]?.estimates[metric]);
    if (reason !== '') reasons.set(reason, [...(reasons.get(reason) ?? []), titleOf(metric)]);
  }
  for (const [reason, titles] of reasons) sentences.push(`Not shown: ${listed(titles)} (${reason}).`);
  return sentences.join(' ');
}

function estimatesTable({ listed: metrics, models, names }: Facts): Html {
  const rows = metrics.map((metric) => [
    titleOf(metric),
    ...models.map(({ estimates }) => {
      const estimate = estimates[metric];
      return isEstimate(estimate)
        ? `${estimateText(estimate)}, n = ${grouped(estimate.n)}`
        : markup`<span class="soft">${reasonOf(estimate)}</span>`;
    }),
  ]);
  return dataTable('estimates', table('Estimates with 95\u202f% intervals', ['Estimate', ...names], rows));
}
