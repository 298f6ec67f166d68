// What a data set's numbers say in sentences: the same for the terminal and the page (which narrows their spaces).
import type { ClassResult, DatasetResult, Share, UniformityTest, Verdict } from '../../core/dataset.js';
import type { Unavailable } from '../../core/estimate.js';
import { counted, percent, percentWithInterval, pValue } from '../../metrics/words.js';

/** A test needs this many boxes. */
const NEEDED = 25;

/** How the numbers of boxes and of point pairs are called. */
export type Nouns = {
  readonly box: string;
  readonly boxes: string;
  readonly centres: string;
  /** What is tested beside the position. */
  readonly extent: string;
  readonly extents: string;
};

export function nounsOf({ source }: DatasetResult): Nouns {
  return source.kind === 'boxes'
    ? { box: 'box', boxes: 'boxes', centres: 'centres', extent: 'height', extents: 'heights' }
    : { box: 'pair', boxes: 'pairs', centres: 'mid-points', extent: 'distance', extents: 'distances' };
}

/** "1,600". */
function whole(n: number): string {
  return n.toLocaleString('en-US');
}

/** "4 of 5 tested classes differ", "the one tested class differs", "none of 5 tested classes differs". */
export function differing({ notUniform, tested }: Verdict): string {
  if (tested === 1) return `the one tested class ${notUniform === 1 ? 'differs' : 'does not differ'}`;
  if (notUniform === 0) return `none of ${whole(tested)} tested classes differs`;
  return `${whole(notUniform)} of ${whole(tested)} tested classes ${notUniform === 1 ? 'differs' : 'differ'}`;
}

/** The answer, most important sentence first. */
export function datasetSentences(result: DatasetResult): string[] {
  const { verdicts, overall, options } = result;
  const { box, boxes, centres, extent } = nounsOf(result);
  const rangeWords =
    result.source.kind === 'boxes'
      ? "A large box can't have its centre near an edge:"
      : "Points far apart can't have their mid-point near an edge:";
  const level = `p < ${options.alpha} after Holm`;
  if (verdicts.position.tested === 0)
    return [
      `No class can be tested: a test needs ${NEEDED} ${boxes}, and the largest class has ${largest(result)}.`,
      middleSentence(result),
    ];
  const { visible } = overall.cropped;
  const kept = 'unavailable' in visible ? 'no centre' : `${percent(visible.value)} of the ${centres}`;
  const { croppedPosition: still, croppedExtent } = verdicts;
  const after =
    still.tested === 0
      ? 'too few are left to test'
      : `after it, ${differing(still)} in position, ${whole(croppedExtent.notUniform)} of ${whole(croppedExtent.tested)} in ${extent}`;
  return [
    `In position ${differing(verdicts.position)} from uniform over the picture (${level}).`,
    `${rangeWords} against the range that each ${box} has, ${differing(verdicts.sizeAware)}.`,
    `In ${extent} ${differing(verdicts.extent)} from uniform.`,
    middleSentence(result),
    `A random crop as in training (8 to 100 % of the area) keeps ${kept}; ${after}.`,
  ];
}

function middleSentence(result: DatasetResult): string {
  const { middle } = result.overall.position;
  const { centres } = nounsOf(result);
  if ('unavailable' in middle) return '';
  return `${percentWithInterval(middle)} of all ${centres} lie in the middle ninth of the picture, where a uniform distribution has ${percent(middle.uniform)}.`;
}

function largest({ classes }: DatasetResult): number {
  return Math.max(...classes.map(({ boxes }) => boxes));
}

/** What weakens or limits the numbers. */
export function datasetNotices(result: DatasetResult): string[] {
  const { source, verdicts, overall, options } = result;
  const { box, boxes } = nounsOf(result);
  const notices: string[] = [];
  if (verdicts.position.untested > 0 && verdicts.position.tested > 0)
    notices.push(
      `${counted(verdicts.position.untested, 'class', 'classes')} with fewer than ${NEEDED} ${boxes} ${verdicts.position.untested === 1 ? 'is' : 'are'} not tested.`,
    );
  const repeats = (source.boxes + source.repeated) / source.pictureClasses;
  if (!options.onePerPicture && repeats > 1.05)
    notices.push(
      `A picture has ${repeats.toFixed(1)} ${boxes} of a class on average, and ${boxes} of one picture are not independent: p is smaller than it should be. --one-per-picture counts the first only.`,
    );
  if (source.repeated > 0)
    notices.push(
      `${counted(source.repeated, `further ${box}`, `further ${boxes}`)} of a class already seen in the picture left out.`,
    );
  if (overall.sizeAware.left > 0)
    notices.push(
      `${counted(overall.sizeAware.left, box, boxes)} filling more than 95 % of a side ${overall.sizeAware.left === 1 ? 'has' : 'have'} next to no range and ${overall.sizeAware.left === 1 ? 'is' : 'are'} left out of the test that allows for size.`,
    );
  if (source.skipped > 0)
    notices.push(
      `${counted(source.skipped, box, boxes)} can't be used and ${source.skipped === 1 ? 'is' : 'are'} left out.`,
    );
  if (source.limited) notices.push(`Only the first ${counted(source.boxes, box, boxes)} count (--limit).`);
  return notices;
}

/**
 * How far a class's positions are from uniform whatever the number of its boxes: (χ² − degrees) / n of the plain test; 0
 * in expectation where they are uniform. Classes that aren't tested come last.
 */
export function biasOf({ position: { test } }: ClassResult): number {
  return 'unavailable' in test ? -Infinity : (test.statistic - test.degrees) / test.n;
}

/** Classes, the most biased first. */
export function byBias(classes: readonly ClassResult[]): ClassResult[] {
  return classes.toSorted((a, b) => biasOf(b) - biasOf(a) || b.boxes - a.boxes || (a.name < b.name ? -1 : 1));
}

/** A share with its interval, or a dash. */
export function shareText(share: Share | Unavailable): string {
  return 'unavailable' in share ? '–' : percentWithInterval(share);
}

/** p after Holm (alone where there is one test only), or a dash. */
export function testText(test: UniformityTest | Unavailable): string {
  return 'unavailable' in test ? '–' : pValue(test.pHolm ?? test.p).replace(/^p (= )?/, '');
}

/** Columns of the table of classes. */
export function classColumns(result: DatasetResult): string[] {
  const { boxes, extent, extents } = nounsOf(result);
  return ['', boxes, 'in the middle ninth', 'p position', 'p, size allowed for', `mean ${extent}`, `p ${extents}`];
}

/** One class's row of it. */
export function classRow({ name, boxes, position, sizeAware, extent }: ClassResult): string[] {
  return [
    name,
    whole(boxes),
    shareText(position.middle),
    testText(position.test),
    testText(sizeAware.test),
    extent.mean === null ? '–' : percent(extent.mean),
    testText(extent.test),
  ];
}
