// A result in sentences, for the terminal. Pure words: every one follows from the result.
import { isEstimate, type Comparison, type Estimate } from '../core/estimate.js';
import type { ModelResult, Result } from '../core/result.js';
import { remedySentences } from './remedy-words.js';
import { smallestFlipSentence } from './smallest-flip-words.js';
import { thresholdSentence } from './threshold.js';
import { counted, listed, oneIn, percent, percentWithInterval, pointsWithInterval, pValue } from './words.js';

/** A difference is called settled if its p after Holm's adjustment is below this. */
const SETTLED = 0.05;

/** The metric that ranks models. */
const RANKED = 'top1Change';

/** Whether a tested difference is settled; false too where nothing could be tested. */
export function isSettled(comparison: Pick<Comparison, 'pHolm'>): boolean {
  return comparison.pHolm !== null && comparison.pHolm < SETTLED;
}

/** What the run found: models, their differences, what is missing and why, thresholds. One sentence or two a line. */
export function verdict(result: Result): string[] {
  const step = pairNoun(result);
  return [
    ...result.models.map((model) => modelSentence(model, step)),
    ...result.models.flatMap((model) => smallestFlipSentence(model) ?? []),
    ...rankingSentences(result),
    ...remarks(result),
  ];
}

/** What remedies took, what is missing and why, and the thresholds. */
export function remarks(result: Result): string[] {
  return [
    ...remedySentences(result),
    ...missingSentences(result),
    ...result.thresholds.map((threshold) => thresholdSentence(threshold, result)),
  ];
}

/** Pairs are steps of a path, unless the protocol draws both views at random. */
function pairNoun({ protocol }: Result): string {
  const { options } = protocol.probe;
  const path = options !== null && typeof options === 'object' && 'path' in options ? options['path'] : null;
  return path === 'random-pair' ? 'pair' : 'step';
}

function modelSentence({ name, estimates }: ModelResult, step: string): string {
  const change = estimates[RANKED];
  if (!isEstimate(change) && change?.value !== undefined) {
    return `${name} changes its answer on ${oneIn(change.value, step)} (${percent(change.value)}; no interval: ${change.unavailable}).`;
  }
  if (!isEstimate(change))
    return `${name}: how often its answer changes is not known (${change?.unavailable ?? 'not measured'}).`;
  const { accuracy, worstAccuracy } = estimates;
  const right = isEstimate(accuracy)
    ? ` It is right on ${percentWithInterval(accuracy)} of the pictures at the reference view${
        isEstimate(worstAccuracy) ? `, and on ${percentWithInterval(worstAccuracy)} under every view` : ''
      }.`
    : '';
  return (
    `${name} changes its answer on ${oneIn(change.value, step)} (${percentWithInterval(change)} of ` +
    `${counted(change.n, step)}, ${counted(change.pictures, 'picture')}).${right}`
  );
}

function rankingSentences({ models, comparisons }: Result): string[] {
  const ranked = models.flatMap(({ name, estimates }) => {
    const change = estimates[RANKED];
    return isEstimate(change) ? [{ name, change }] : [];
  });
  if (ranked.length < 2) return [];
  const least = Math.min(...ranked.map(({ change }) => change.value));
  const steadiest = ranked.filter(({ change }) => change.value === least).map(({ name }) => name);
  const rows = comparisons.filter(({ metric, difference }) => metric === RANKED && isEstimate(difference));
  if (steadiest.length > 1) return [`Steadiest: ${listed(steadiest)}, alike.`, ...settledCount(rows, '')];
  const [best = ''] = steadiest;
  const own = rows.filter(({ a, b }) => a === best || b === best);
  const against = own.map((row) => {
    const { value, low, high } = row.difference as Estimate;
    const other = row.a === best ? row.b : row.a;
    const change = row.a === best ? { value, low, high } : { value: -value, low: -high, high: -low };
    const text = `${other} (${pointsWithInterval(change)}, ${pValue(row.pHolm ?? 1)})`;
    return { text, settled: isSettled(row) && change.value < 0 };
  });
  const settled = against.filter((one) => one.settled).map(({ text }) => text);
  const open = against.filter((one) => !one.settled).map(({ text }) => text);
  const parts = [
    ...(settled.length > 0 ? [`steadier than ${listed(settled)}`] : []),
    ...(open.length > 0 ? [`not settled against ${listed(open)}`] : []),
  ];
  const others = rows.filter((row) => !own.includes(row));
  return [
    `Steadiest: ${best}${parts.length > 0 ? `; ${parts.join('; ')}. p is Holm’s over the whole table` : ''}.`,
    ...settledCount(others, 'other '),
  ];
}

function settledCount(rows: readonly Comparison[], which: string): string[] {
  const settled = rows.filter(isSettled).length;
  if (rows.length === 0) return [];
  if (rows.length === 1)
    return [`The ${which}pair of models ${settled === 1 ? 'differs beyond chance' : 'is not settled'}.`];
  const some = settled === 1 ? '1 differs' : `${settled} differ`;
  return [`Of the ${rows.length} ${which}pairs of models, ${settled === 0 ? 'none differs' : some} beyond chance.`];
}

function missingSentences({ models, pictures }: Result): string[] {
  const sentences: string[] = [];
  if (pictures.skipped.length > 0)
    sentences.push(
      `${counted(pictures.skipped.length, 'picture')} could not be used and ${pictures.skipped.length === 1 ? 'was' : 'were'} skipped.`,
    );
  if (pictures.labelled > 0 && pictures.labelled < pictures.count)
    sentences.push(
      `${counted(pictures.labelled, 'picture')} of ${pictures.count} ${pictures.labelled === 1 ? 'has' : 'have'} a label; metrics of the true class are over these alone.`,
    );
  for (const { name, pictures: counts } of models) {
    if (counts.invalidViews > 0)
      sentences.push(`${name} gave no answer to ${counted(counts.invalidViews, 'view')}; they are left out.`);
  }
  const gaps = new Map<string, { metric: string; reason: string; names: string[]; alone: boolean }>();
  for (const { name, estimates } of models) {
    for (const [metric, estimate] of Object.entries(estimates)) {
      if (isEstimate(estimate)) continue;
      const alone = estimate.value !== undefined;
      const key = JSON.stringify([metric, estimate.unavailable, alone]);
      const gap = gaps.get(key) ?? { metric, reason: estimate.unavailable, names: [], alone };
      gaps.set(key, { ...gap, names: [...gap.names, name] });
    }
  }
  const lines = new Map<string, string[]>();
  for (const { metric, reason, names, alone } of gaps.values()) {
    const key = `${alone ? 'Without an interval' : 'Without a number'}|${reason}${names.length < models.length ? `; ${listed(names)}` : ''}`;
    lines.set(key, [...(lines.get(key) ?? []), metric]);
  }
  for (const [key, names] of lines) {
    const [what = '', why = ''] = key.split('|');
    sentences.push(`${what}: ${listed(names)} (${why}).`);
  }
  return sentences;
}
