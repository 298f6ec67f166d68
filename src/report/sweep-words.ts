// A sweep's coordinates in words: the known ones (share and surround, as in Azulay & Weiss, JMLR 2019, figure 3) as
// sizes, others by their names.
import type { Coordinates } from '../core/view.js';
import { count, plain } from './format.js';

/** How a sweep is called. */
export type SweepWords = {
  /** What is swept: "size". */
  readonly noun: string;
  readonly nouns: string;
  /** Title of the horizontal axis. */
  readonly axis: string;
  /** What the lines' parts are, in a sentence; empty where nothing is to be said. */
  readonly legend: string;
};

/** Whether coordinates are a share together with "crop" (of the area) or "mean" (the side is 1 / share of the frame). */
function isSize({ share, surround, ...others }: Coordinates): boolean {
  return typeof share === 'number' && ['crop', 'mean'].includes(String(surround)) && Object.keys(others).length === 0;
}

/** @param key the number that varies */
export function sweepWords(steps: readonly Coordinates[], key: string): SweepWords {
  return steps.every(isSize)
    ? {
        noun: 'size',
        nouns: 'sizes',
        axis: 'size',
        legend:
          'On the left crops of so much of the picture’s area, on the right the picture as an object of so much of the frame’s side.',
      }
    : { noun: key, nouns: 'steps', axis: key, legend: '' };
}

/** One step in words: "crop of 40 % of the area", "object at 1/1.6 of the frame", "share 3, kernel box". */
export function stepWords(at: Coordinates): string {
  if (isSize(at)) {
    return at['surround'] === 'crop'
      ? `crop of ${shortStep(at, 'share')} of the area`
      : `object at ${shortStep(at, 'share')} of the frame`;
  }
  return Object.entries(at)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? plain(value) : value}`)
    .join(', ');
}

/** One step's number under the axis: "40 %", "1/1.6", "3". */
export function shortStep(at: Coordinates, key: string): string {
  const value = Number(at[key]);
  if (!isSize(at)) return plain(value);
  return at['surround'] === 'crop' ? `${Number((100 * value).toPrecision(4))}\u202f%` : `1/${value}`;
}

/** The kind of view of a step: "crop", "object"; of unknown coordinates their texts. */
export function partWords(at: Coordinates): string {
  if (isSize(at)) return at['surround'] === 'crop' ? 'crop' : 'object';
  return Object.values(at)
    .filter((value) => typeof value === 'string')
    .join(' ');
}

/** That estimates are of all steps together: "pooled over the seven sizes"; null of a single step. */
export function pooledWords(steps: readonly Coordinates[]): string | null {
  if (steps.length < 2) return null;
  return `pooled over the ${count(steps.length)} ${steps.every(isSize) ? 'sizes' : 'steps of the sweep'}`;
}
