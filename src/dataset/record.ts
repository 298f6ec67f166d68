// One box or point pair as a data set lists it, and as the statistics see it.
import type { Box } from '../core/picture.js';

type Listed = {
  /** The picture, as the data set names it. */
  readonly file: string;
  /** Size of the picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** As written; "object" where the data set names no classes. */
  readonly className: string;
  /** Line of the file that lists it, from 1. */
  readonly line: number;
};

/** A box in a picture. */
export type BoxRecord = Listed & { readonly box: Box };

/** Two points in a picture, such as a face's eyes, pixels. */
export type PairRecord = Listed & {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};

/** What is counted of a box or pair: the rectangle that it spans in its picture, pixels. */
export type Spot = { readonly className: string; readonly width: number; readonly height: number; readonly box: Box };

export function isPair(record: BoxRecord | PairRecord): record is PairRecord {
  return 'x1' in record;
}

/** The rectangle of a record; of a pair the one that its points span, which may have no width or no height. */
export function spotOf(record: BoxRecord | PairRecord): Spot {
  if (!isPair(record)) return record;
  const { className, width, height, x1, y1, x2, y2 } = record;
  const box = { xmin: Math.min(x1, x2), ymin: Math.min(y1, y2), xmax: Math.max(x1, x2), ymax: Math.max(y1, y2) };
  return { className, width, height, box };
}
