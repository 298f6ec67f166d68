// How tables and numbers of docs/zoo.md are written.
import { listed, points, pValue } from '../../dist/metrics/words.js';
import { picturesNeeded, separates } from './statistics.mjs';

/** @param words number of leading columns with words, to the left; the others are numbers, to the right */
export function table(head, rows, words = 1) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const sides = head.map((_, column) => (column < words ? '---' : '---:'));
  return [line(head), `|${sides.join('|')}|`, ...rows.map(line)].join('\n');
}

/** Sentences as one paragraph in lines of at most 120 characters; "p = 0.01" stays together. */
export function paragraph(...sentences) {
  const lines = [''];
  const words = sentences.join(' ').match(/p [=<] \S+|\S+/g);
  for (const word of words) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= 118) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** A paragraph as an item of a list. */
export function item(...sentences) {
  return `- ${paragraph(...sentences).replaceAll('\n', '\n  ')}`;
}

/** Commands as an indented block. */
export function commands(...lines) {
  return lines.map((line) => `    ${line}`).join('\n');
}

/** A fraction in percent, without the sign: the tables' heads say the unit. */
export function percent(value, digits = 1) {
  return (100 * value).toFixed(digits).replace('-', '−');
}

/** "81.3 [79.6, 83.0]"; a dash for what has no estimate. */
export function cell(estimate) {
  if (estimate === undefined || 'unavailable' in estimate) return '–';
  return `${percent(estimate.value)} [${percent(estimate.low)}, ${percent(estimate.high)}]`;
}

/** "−3.5 [−5.6, −1.5]" in points, bold where it separates. */
export function effectCell(effect) {
  const text = points(effect.value);
  return `${separates(effect) ? `**${text}**` : text} [${points(effect.low)}, ${points(effect.high)}]`;
}

/** "−3.5 points [−5.6, −1.5], p = 0.006". */
export function effectText(effect) {
  return `${points(effect.value)} points [${points(effect.low)}, ${points(effect.high)}], ${pValue(effect.pHolm)}`;
}

/** After how many pictures an interval would leave 0, two digits; or that it does already. */
export function neededText(effect) {
  if (effect.value === 0) return 'no difference';
  if (effect.low > 0 || effect.high < 0) return 'beyond chance only before Holm';
  const needed = picturesNeeded(effect);
  const rounded = Number(needed.toPrecision(2));
  return `would take about ${rounded.toLocaleString('en-US')} pictures`;
}

/** Which differences from the partner separate, in words. */
export function separated(effects) {
  const settled = effects
    .filter(separates)
    .map((effect) => `${effect.variant} from ${effect.partner} (${effectText(effect)})`);
  const [{ measure }] = effects;
  if (settled.length === 0) return paragraph(`No variant's ${measure} separates from its partner's.`);
  return paragraph(
    `In ${measure} ${settled.length === 1 ? 'separates' : 'separate'} ${listed(settled)}. The other ${effects.length - settled.length} differences don't.`,
  );
}
