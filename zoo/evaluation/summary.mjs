// What separates and what doesn't: each variant against its partner over all measures, in a table and in sentences.
import { listed, points, pValue } from '../../dist/metrics/words.js';
import { effectCell, effectText, item, neededText, paragraph, table } from './markdown.mjs';
import { separates } from './statistics.mjs';

/** What each variant was made to show: measure, and the sign of variant − partner; 0 where either is of interest. */
const MEANT = [
  ['maxpool', 'changes, crop', -1],
  ['avgpool', 'changes, crop', -1],
  ['blurpool', 'changes, crop', -1],
  ['blurpool', 'changes, cyclic', -1],
  ['aps-blur', 'changes, cyclic', -1],
  ['aps-blur', 'changes, crop', 0],
  ['stride-circular', 'changes, crop', 0],
  ['dense', 'changes, cyclic', -1],
  ['dense', 'changes, crop', -1],
  ['centred', 'loss towards corners', 1],
  ['texture-biased', 'shape bias', -1],
  ['stylised', 'shape bias', 1],
  ['background-biased', 'backdrop gap', 1],
  ['bagnet', 'shape bias', -1],
  ['groupnorm', 'changes, crop', 0],
  ['layernorm', 'changes, crop', 0],
  ['adversarial', 'shape bias', 1],
  ['jigsaw', 'shape bias', 1],
  ['saliency-mix', 'shape bias', 1],
  ['saliency-mix', 'changes, crop', -1],
];

const WORDS = new Map([
  [-1, 'lower'],
  [0, 'open'],
  [1, 'higher'],
]);

/** @param effects of all sections: variant minus partner, each with p after Holm over the variants of its measure */
export function summarySection(effects, cards) {
  const measures = [...new Set(effects.map(({ measure }) => measure))];
  const others = cards.filter(({ partner }) => partner !== null);
  const of = (variant, measure) => effects.find((one) => one.variant === variant && one.measure === measure);
  const meant = MEANT.map(([variant, measure, sign]) => {
    const effect = of(variant, measure);
    const isNull = cards.find(({ name }) => name === variant).honestNull;
    return { variant, measure, sign, effect, isNull, found: foundText(effect, sign) };
  });
  return `## What separates

${paragraph(
  'Each variant minus its partner, in percentage points with 95 % intervals; bold separates: p < 0.05 after',
  `Holm's adjustment over the ${others.length} variants of the measure. The measures: *changes*, the share of one-pixel steps that change`,
  'the answer, P(top-1 change); *MAC*, the mean absolute change of the probability of the first answer over a step; both',
  'under *crop*, where new content enters, and *cyclic*, where the picture is rolled and nothing is lost. *Shape bias*, how',
  'often answers follow the shape where the texture says another class. *Backdrop gap*, accuracy before the own',
  "class's backdrop minus that before another's. *Loss towards corners*, accuracy in the middle minus that in the corners.",
)}

What each variant was made for:

${table(
  ['variant', 'partner', 'measure', 'meant', 'found', 'difference'],
  meant.map(({ variant, measure, sign, effect, isNull, found }) => [
    variant,
    effect.partner,
    measure,
    `${WORDS.get(sign)}${isNull ? '; shipped as a null' : ''}`,
    found,
    effectCell(effect),
  ]),
  5,
)}

${tallyText(meant)}

All measures:

${table(
  ['', ...measures],
  others.map(({ name, partner }) => [
    `${name} − ${partner}`,
    ...measures.map((measure) => effectCell(of(name, measure))),
  ]),
)}

${others
  .map((card) =>
    sentence(
      card,
      effects.filter(({ variant }) => variant === card.name),
    ),
  )
  .join('\n')}`;
}

function foundText(effect, sign) {
  if (!separates(effect)) return `not settled: ${neededText(effect)}`;
  const found = WORDS.get(Math.sign(effect.value));
  return sign === 0 || Math.sign(effect.value) === sign ? found : `${found}: the opposite`;
}

function tallyText(meant) {
  const shows = ({ effect, sign }) => separates(effect) && Math.sign(effect.value) === sign;
  const title = ({ variant, measure }) => `${variant} (${measure})`;
  const claims = meant.filter(({ sign, isNull }) => sign !== 0 && !isNull);
  const missed = claims.filter((one) => !shows(one));
  const nulls = meant
    .filter(({ isNull }) => isNull)
    .map((one) => {
      const outcome = shows(one) ? 'is no null here' : separates(one.effect) ? 'does the opposite' : 'shows nothing';
      return `${title(one)} ${outcome}: ${effectText(one.effect)}`;
    });
  return paragraph(
    `Of ${claims.length} effects that variants were made for, ${claims.length - missed.length} show on these pictures${
      missed.length === 0 ? '' : `; ${listed(missed.map(title))} ${missed.length === 1 ? "doesn't" : "don't"}`
    }.`,
    'Where a number of pictures is given, that many would be needed for the interval to leave 0 if the difference is as',
    "large as measured (from the interval's width, before Holm).",
    `Of those shipped as nulls, ${nulls.join('; ')}.`,
  );
}

function sentence({ name, partner, changes }, effects) {
  const settled = effects.filter(separates);
  const open = effects.filter((effect) => !separates(effect)).map(({ measure }) => measure);
  const found = settled.map((effect) => `${effect.measure} (${points(effect.value)}, ${pValue(effect.pHolm)})`);
  const text =
    settled.length === 0
      ? 'nothing separates.'
      : `separates in ${found.join('; ')}.${open.length === 0 ? '' : ` Not settled: ${open.join('; ')}.`}`;
  return item(`**${name}** against ${partner} (${changes}): ${text}`);
}
