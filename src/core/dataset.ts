// What is said of a data set's boxes or point pairs: where they lie, how large they are, and whether that is uniform.
// After Azulay & Weiss (JMLR 2019), who found more than 900 of ImageNet's 1,000 classes not to be.
import type { Unavailable } from './estimate.js';

/** A chi-squared test of counts in cells against those that a uniform distribution expects. */
export type UniformityTest = {
  /** Σ (observed − expected)² / expected over the cells. */
  readonly statistic: number;
  /** Cells minus 1. */
  readonly degrees: number;
  /** Cells after merging, each with an expected count of at least 5. */
  readonly cells: number;
  /** Boxes that were counted. */
  readonly n: number;
  /** Upper tail of the chi-squared distribution; 0 where it is below the smallest number. */
  readonly p: number;
  /** p after Holm's adjustment over the classes; null for all classes together. */
  readonly pHolm: number | null;
};

/** A fraction of the boxes with Wilson's 95 % interval, beside what a uniform distribution gives. */
export type Share = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly uniform: number;
};

/** Positions in the unit square, origin top left. */
export type PositionResult = {
  readonly test: UniformityTest | Unavailable;
  /** Share in the middle ninth: the middle third of both sides. */
  readonly middle: Share | Unavailable;
  /** Counts on a square lattice, row by row from the top left. */
  readonly counts: readonly number[];
};

/** Sizes in (0, 1]. */
export type ExtentResult = {
  readonly test: UniformityTest | Unavailable;
  /** Share above one half. */
  readonly large: Share | Unavailable;
  readonly mean: number | null;
  /** Counts in equal bins from 0 to 1, each with its upper bound. */
  readonly counts: readonly number[];
};

/** One class, or all together. */
export type ClassResult = {
  readonly name: string;
  readonly boxes: number;
  /** Mean centre, fractions of the picture's sides; null without boxes. */
  readonly centre: readonly [x: number, y: number] | null;
  /** Centres against uniform on the whole picture: the paper's test. */
  readonly position: PositionResult;
  /** Centres rescaled to the range that a box of this size has, against uniform on it. */
  readonly sizeAware: PositionResult & {
    /** Boxes that fill a side so far that they have next to no range. */
    readonly left: number;
  };
  /** Heights of boxes over the picture's, or distances of points over its diagonal. */
  readonly extent: ExtentResult;
  /** The same after one random crop a box. */
  readonly cropped: {
    /** Share of boxes whose centre the crop keeps; only these count below. */
    readonly visible: Omit<Share, 'uniform'> | Unavailable;
    readonly position: PositionResult;
    readonly extent: ExtentResult;
  };
};

/** Which of a class's tests is counted. */
export type TestName = 'position' | 'sizeAware' | 'extent' | 'croppedPosition' | 'croppedExtent';

/** How many classes are not uniform, after Holm over the tested ones. */
export type Verdict = { readonly tested: number; readonly notUniform: number; readonly untested: number };

/** A box that can't be used, and why. */
export type BoxFault = {
  /** The file that says it. */
  readonly source: string;
  /** Its line, from 1. */
  readonly line: number;
  readonly reason: string;
};

export type DatasetResult = {
  readonly schema: 'invariance/dataset@1';
  readonly source: {
    readonly name: string;
    readonly format: 'Pascal VOC' | 'COCO' | 'CSV';
    readonly kind: 'boxes' | 'point pairs';
    /** Boxes (or pairs) that count. */
    readonly boxes: number;
    readonly pictures: number;
    /** Pairs of a picture and a class in it; fewer than boxes where a picture has several of a class. */
    readonly pictureClasses: number;
    readonly skipped: number;
    /** The first skipped ones. */
    readonly faults: readonly BoxFault[];
    /** Boxes beyond the first of their class in their picture, left out as `onePerPicture` asks. */
    readonly repeated: number;
    /** Whether reading stopped at the limit. */
    readonly limited: boolean;
  };
  readonly options: {
    readonly grid: number;
    readonly alpha: number;
    readonly seed: number;
    readonly limit: number | null;
    readonly onePerPicture: boolean;
  };
  /** Side of the lattice that positions are counted on, and number of the bins of extents. */
  readonly lattice: number;
  readonly bins: number;
  readonly verdicts: Readonly<Record<TestName, Verdict>>;
  readonly overall: ClassResult;
  /** By name, in Unicode order. */
  readonly classes: readonly ClassResult[];
};
