// From a data set's boxes to its result, in one pass: what is kept are counts a class, not boxes.
import path from 'node:path';
import { InputError, expected } from '../core/errors.js';
import type { BoxFault, DatasetResult } from '../core/dataset.js';
import { randomFor } from '../core/random.js';
import { EXTENT_BINS, latticeFor, MOST_GRID } from './cells.js';
import { isPair, spotOf } from './record.js';
import { openDataset } from './read/open.js';
import { createSeen } from './seen.js';
import { adjusted, classResult } from './summarise.js';
import { count, createTally, measured, type Tally } from './tally.js';

/** Faults that a result lists. */
const LISTED_FAULTS = 100;

/** How a data set is measured; every member has a default. */
export type DatasetOptions = {
  /** Cells a side of the grid of positions: 2 to 10, by default 5. */
  readonly grid?: number;
  /** Level of the tests, between 0 and 1, by default 0.05. */
  readonly alpha?: number;
  /** Of the random crops and of the spreading of whole pixels, by default 0. */
  readonly seed?: number;
  /** Count the first so many boxes only. */
  readonly limit?: number;
  /** Count only the first box of a class in each picture: boxes of one picture are not independent. */
  readonly onePerPicture?: boolean;
  /** End at the first box that can't be used instead of counting it. */
  readonly strict?: boolean;
  /** Is told the number of boxes read so far, now and then. */
  readonly onProgress?: (boxes: number) => void;
};

const PROGRESS_EVERY = 20_000;

/**
 * Measures where the boxes (or point pairs) of a data set lie and how large they are, against uniform; no model and no
 * picture is needed. Memory doesn't grow with the boxes: counts a class, 16 to 32 bytes a picture and as much for each
 * class in it, and for COCO the list of its pictures.
 *
 * @param source a folder of Pascal-VOC XML, a COCO JSON file or a CSV (see `readBoxes`)
 * @throws InputError where the source or an option is wrong, there is no box, or with `strict` at the first faulty box
 */
export async function measureDataset(source: string, options: DatasetOptions = {}): Promise<DatasetResult> {
  const { grid = 5, alpha = 0.05, seed = 0, limit, onePerPicture = false, strict = false, onProgress } = options;
  if (!(Number.isInteger(grid) && grid >= 2 && grid <= MOST_GRID))
    throw expected('grid', `a whole number from 2 to ${MOST_GRID}`, grid);
  if (!(alpha > 0 && alpha < 1)) throw expected('alpha', 'a number between 0 and 1', alpha);
  const { format, kind, records } = await openDataset(source);
  const lattice = latticeFor(grid);
  const [crops, jitter] = [randomFor(seed, 'crop'), randomFor(seed, 'jitter')];
  const overall = createTally(lattice);
  const tallies = new Map<string, Tally>();
  const [pictures, pictureClasses] = [createSeen(), createSeen()];
  const faults: BoxFault[] = [];
  let [skipped, repeated, limited] = [0, 0, false];
  const onFault = (fault: BoxFault): void => {
    skipped++;
    if (faults.length < LISTED_FAULTS) faults.push(fault);
  };
  for await (const record of records(strict ? undefined : onFault)) {
    if (overall.boxes === limit) {
      limited = true;
      break;
    }
    pictures.add(record.file);
    const first = pictureClasses.add(`${record.file}\0${record.className}`);
    if (onePerPicture && !first) {
      repeated++;
      continue;
    }
    let tally = tallies.get(record.className);
    if (tally === undefined) tallies.set(record.className, (tally = createTally(lattice)));
    const spot = measured(spotOf(record), isPair(record) ? 'point pairs' : 'boxes', jitter, crops);
    count(overall, lattice, spot);
    count(tally, lattice, spot);
    if (overall.boxes % PROGRESS_EVERY === 0) onProgress?.(overall.boxes);
  }
  if (overall.boxes === 0) throw noBoxes(source, kind, skipped, faults);
  const named = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1));
  const { classes, verdicts } = adjusted(
    named.map(([name, tally]) => classResult(name, tally, { lattice, grid })),
    alpha,
  );
  return {
    schema: 'invariance/dataset@1',
    source: {
      name: path.basename(path.resolve(source)),
      format,
      kind,
      boxes: overall.boxes,
      pictures: pictures.size(),
      pictureClasses: pictureClasses.size(),
      skipped,
      faults,
      repeated,
      limited,
    },
    options: { grid, alpha, seed, limit: limit ?? null, onePerPicture },
    lattice,
    bins: EXTENT_BINS,
    verdicts,
    overall: classResult('all classes', overall, { lattice, grid }),
    classes,
  };
}

function noBoxes(source: string, kind: string, skipped: number, [first]: readonly BoxFault[]): InputError {
  return new InputError(
    first === undefined
      ? `Expected ${kind} in ${source} but there are none.`
      : `Expected ${kind} in ${source} but none of ${skipped} can be used; the first, in line ${first.line} of ${first.source}: ${first.reason}.`,
  );
}
