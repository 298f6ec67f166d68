// What is said of remedies: what an answer costs, and where a set of shifts lies on the path that it is judged by.
import type { ModelResult, RemedyResult, Result } from '../core/result.js';
import { isEstimate } from '../core/estimate.js';
import { percent, pointsWithInterval, pValue } from './words.js';

/** A window count: whole numbers as they are, others with two decimals. */
function windows(value: number): string {
  const rounded = value.toFixed(2);
  return Number.isInteger(Number(rounded)) ? String(Number(rounded)) : rounded;
}

/** Inferences an answer where shared windows are run once: "1.11". */
export function runText({ windowsPerAnswer }: RemedyResult): string {
  return windows(windowsPerAnswer);
}

/** How many of an answer's windows its neighbour shares: "1 of 2"; "–" without neighbours. */
export function sharedText({ inferences, sharedWithNeighbour: shared }: RemedyResult): string {
  return shared === null ? '–' : `${windows(shared)} of ${inferences}`;
}

/** "4 inferences an answer, 1.60 with shared windows run once". */
function costWords(remedy: RemedyResult): string {
  const { inferences, windowsPerAnswer } = remedy;
  const many = `${inferences} ${inferences === 1 ? 'inference' : 'inferences'} an answer`;
  return Math.abs(windowsPerAnswer - inferences) < 0.005
    ? many
    : `${many}, ${runText(remedy)} with shared windows run once`;
}

/** "shares 5 of 8 windows with its neighbour", "both look at the same window in 63 % of pairs"; null without pairs. */
function sharedWords(remedy: RemedyResult): string | null {
  const { inferences, sharedWithNeighbour: shared } = remedy;
  if (shared === null) return null;
  if (inferences === 1) return `neighbouring views look at the same window in ${percent(shared, 0)} of pairs`;
  return `a view shares ${windows(shared)} of its ${inferences} windows with its neighbour${isFlattered(remedy) ? ', which flatters it' : ''}`;
}

/** Whether a set of shifts has windows in common with its neighbours on the measured path, so that the path flatters it. */
export function isFlattered({ inferences, sharedWithNeighbour: shared, steps }: RemedyResult): boolean {
  return steps.length === 1 && inferences > 1 && shared !== null && shared >= 0.5;
}

/** A metric of a variant minus its plain model's, in words; null where there is no difference. */
function differenceWords({ comparisons }: Result, variant: string, plain: string, metric: string): string | null {
  const row = comparisons.find((one) => one.metric === metric && one.a === plain && one.b === variant);
  if (row === undefined || !isEstimate(row.difference)) return null;
  const { value, low, high } = row.difference;
  const minus = pointsWithInterval({ value: -value, low: -high, high: -low });
  return `${metric === 'accuracy' ? 'accuracy' : 'P(top-1 change)'} ${minus}${row.pHolm === null ? '' : `, ${pValue(row.pHolm)}`}`;
}

/** What each variant does to its own plain model, where tables compare it with another: the first. */
function againstPlain(result: Result): string[] {
  const { models } = result;
  const plain = models.filter(({ remedy }) => remedy === undefined);
  return models.flatMap(({ name, remedy }) => {
    const own = plain
      .filter((model) => remedy !== undefined && name.startsWith(`${model.name}+`))
      .toSorted((a, b) => b.name.length - a.name.length)[0];
    if (own === undefined || own === models[0]) return [];
    const words = ['top1Change', 'accuracy'].flatMap((metric) => differenceWords(result, name, own.name, metric) ?? []);
    return words.length === 0 ? [] : [`${name} against ${own.name} itself: ${words.join('; ')}.`];
  });
}

/** Sentences for a result with remedies; none without. */
export function remedySentences(result: Result): string[] {
  const { models, protocol, parts = {} } = result;
  const remedied = models.flatMap(({ name, remedy }: ModelResult) => (remedy === undefined ? [] : [{ name, remedy }]));
  if (remedied.length === 0) return [];
  const flattered = remedied.some(({ remedy }) => isFlattered(remedy));
  const judgedElsewhere = Object.values(parts).some((part) => part.models.some(({ remedy }) => remedy !== undefined));
  const { options } = protocol.probe;
  // Whoever names another path than the default has thought of it.
  const diagonal =
    options !== null && typeof options === 'object' && 'path' in options && options['path'] === 'diagonal';
  return [
    ...remedied.map(
      ({ name, remedy }) => `${name}: ${[costWords(remedy), sharedWords(remedy) ?? []].flat().join('; ')}.`,
    ),
    ...againstPlain(result),
    ...(flattered && diagonal && !judgedElsewhere ? [FLATTERY] : []),
    ...(protocol.layers === undefined ? [] : [NOT_INSIDE]),
  ];
}

/** What a reader must know of sets that lie on the path. */
export const FLATTERY =
  'A path flatters sets of shifts that lie on it: neighbours that share windows agree for that alone. Judge remedies on other paths too: --path diagonal,horizontal,random-pair:8.';

/** Why variants have no layers. */
export const NOT_INSIDE =
  'Layers are those of the plain model: an answer with a remedy comes from other windows, or from several, and has no maps of its own.';
