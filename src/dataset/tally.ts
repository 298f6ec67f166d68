// Counts of one class while its boxes stream by: a few hundred numbers, however many boxes there are.
import type { DatasetResult } from '../core/dataset.js';
import type { Random } from '../core/random.js';
import { cellOf, EXTENT_BINS, extentBin } from './cells.js';
import { randomCrop, type Crop } from './random-crop.js';
import type { Spot } from './record.js';

export type Tally = {
  boxes: number;
  sumX: number;
  sumY: number;
  sumExtent: number;
  /** Boxes with next to no range to lie in. */
  left: number;
  /** Boxes whose centre a random crop keeps. */
  visible: number;
  sumCroppedExtent: number;
  readonly position: Uint32Array;
  readonly sizeAware: Uint32Array;
  readonly extent: Uint32Array;
  readonly croppedPosition: Uint32Array;
  readonly croppedExtent: Uint32Array;
};

/** One box measured: coordinates 0…1 of its centre, of its place in its range, and the same after a random crop. */
export type Measured = {
  readonly centre: readonly [x: number, y: number];
  /** Null for a box that can't be told to lie anywhere else. */
  readonly inRange: readonly [x: number, y: number] | null;
  readonly extent: number;
  /** Null where the crop loses the centre. */
  readonly cropped: { readonly centre: readonly [x: number, y: number]; readonly extent: number } | null;
};

/** A box counts in the size-aware test if both sides leave it this fraction of the picture to lie in. */
export const LEAST_RANGE = 0.05;

export function createTally(lattice: number): Tally {
  const positions = (): Uint32Array => new Uint32Array(lattice * lattice);
  const extents = (): Uint32Array => new Uint32Array(EXTENT_BINS);
  return {
    boxes: 0,
    sumX: 0,
    sumY: 0,
    sumExtent: 0,
    left: 0,
    visible: 0,
    sumCroppedExtent: 0,
    position: positions(),
    sizeAware: positions(),
    extent: extents(),
    croppedPosition: positions(),
    croppedExtent: extents(),
  };
}

/**
 * Measures a box.
 *
 * @param jitter spreads whole pixels evenly over the range: a box with k + 1 possible places is at the i-th with
 *   (i + u) / (k + 1), which is uniform if all places are equally likely
 * @param crops draws its random crop
 */
export function measured(spot: Spot, kind: DatasetResult['source']['kind'], jitter: Random, crops: Random): Measured {
  const { width, height, box } = spot;
  const [x, y] = [(box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2];
  const range = [width - (box.xmax - box.xmin), height - (box.ymax - box.ymin)] as const;
  const place = [
    (box.xmin + jitter.uniform()) / (range[0] + 1),
    (box.ymin + jitter.uniform()) / (range[1] + 1),
  ] as const;
  const free = range[0] >= LEAST_RANGE * width && range[1] >= LEAST_RANGE * height;
  const crop = randomCrop(width, height, crops);
  const centre = [(x - crop.x) / crop.width, (y - crop.y) / crop.height] as const;
  const visible = centre.every((value) => value >= 0 && value < 1);
  return {
    centre: [x / width, y / height],
    inRange: free ? place : null,
    extent: extentWithin(spot, kind, { x: 0, y: 0, width, height }),
    cropped: visible ? { centre, extent: extentWithin(spot, kind, crop) } : null,
  };
}

/** Height of the part of a box that lies in a crop over the crop's, or diagonal of that part over the crop's. */
function extentWithin({ box }: Spot, kind: DatasetResult['source']['kind'], crop: Crop): number {
  const w = Math.min(box.xmax, crop.x + crop.width) - Math.max(box.xmin, crop.x);
  const h = Math.min(box.ymax, crop.y + crop.height) - Math.max(box.ymin, crop.y);
  return kind === 'boxes' ? h / crop.height : Math.hypot(w, h) / Math.hypot(crop.width, crop.height);
}

/** Counts a measured box. */
export function count(tally: Tally, lattice: number, { centre, inRange, extent, cropped }: Measured): void {
  tally.boxes++;
  tally.sumX += centre[0];
  tally.sumY += centre[1];
  tally.sumExtent += extent;
  raise(tally.position, cellAt(centre, lattice));
  raise(tally.extent, extentBin(extent));
  if (inRange === null) tally.left++;
  else raise(tally.sizeAware, cellAt(inRange, lattice));
  if (cropped === null) return;
  tally.visible++;
  tally.sumCroppedExtent += cropped.extent;
  raise(tally.croppedPosition, cellAt(cropped.centre, lattice));
  raise(tally.croppedExtent, extentBin(cropped.extent));
}

function cellAt([x, y]: readonly [number, number], lattice: number): number {
  return cellOf(y, lattice) * lattice + cellOf(x, lattice);
}

function raise(counts: Uint32Array, place: number): void {
  counts[place] = (counts[place] as number) + 1;
}
