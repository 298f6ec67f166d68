// The smallest shift that flips, in a sentence: for the terminal and the page.
import type { ModelResult } from '../core/result.js';
import { counted, percent, percentWithInterval } from './words.js';

/** "half of the pictures flip within 3 px, a tenth within 1 px; 12.5 % keep …"; null where there is nothing to say. */
export function smallestFlipSentence({
  name,
  smallestFlip,
}: Pick<ModelResult, 'name' | 'smallestFlip'>): string | null {
  if (smallestFlip === undefined) return null;
  const { largest, never, pictures } = smallestFlip;
  const reach = `${pixels(largest.reach)}, the farthest that was looked at`;
  const last = largest.at.at(-1)?.within;
  if (last === undefined) {
    return `${name}: no picture of ${pictures} changes its answer within ${reach}.`;
  }
  const within = (share: number): number | null =>
    largest.quantiles.find((one) => one.share === share)?.distance ?? null;
  const [tenth, half] = [within(0.1), within(0.5)];
  const early = tenth !== null && tenth !== half ? `a tenth within ${pixels(tenth)}` : null;
  const kept =
    never === 0
      ? `none keeps its answer as far as ${pixels(largest.reach)}`
      : `${percent(never / pictures)} keep theirs at every shift up to ${pixels(largest.reach)}`;
  if (half === null) {
    const first = early === null ? '' : `, ${early}`;
    return `${name}: ${percentWithInterval(last)} of ${counted(pictures, 'picture')} change their answer within ${reach}${first}.`;
  }
  return `${name}: half of the pictures change their answer within ${pixels(half)}${early === null ? '' : `, ${early}`}; ${kept}.`;
}

/** "3 px", "0.5 px". */
export function pixels(distance: number): string {
  return `${Number(distance.toFixed(3))} px`;
}
