// Views: a picture after one transformation, and what is handed back for it.
import type { Box, FilmFrame, Raster } from './picture.js';
import type { Random } from './random.js';

/** What a view's transformation was: open record, e.g. `{dx: 1, dy: 0}`, `{scale: 0.5}`, `{kernel: "lanczos3"}`. */
export type Coordinates = Readonly<Record<string, number | string>>;

/**
 * One view: a window of the model's input size cut from a canvas. Views of one picture that share a canvas share the
 * object, so that it is normalised once and each view costs row copies only.
 */
export type View = {
  readonly at: Coordinates;
  /** Pixels that the window is cut from; at least as large as the window unless `wrap`. */
  readonly canvas: Raster;
  /** Top-left corner of the window on the canvas, whole pixels. Without `wrap` the window lies inside the canvas. */
  readonly x: number;
  readonly y: number;
  /** The canvas is a torus: rows and columns beyond an edge are those of the opposite edge. */
  readonly wrap: boolean;
};

/** A view whose answer is the mean of other views' probabilities: indices of views yielded before, or with it. */
export type AveragedView = { readonly at: Coordinates; readonly mean: readonly number[] };

/** What one view answered: softmax probabilities of all classes, or why there are none. */
export type Answer =
  | { readonly ok: true; readonly top1: number; readonly probabilities: Float32Array }
  | { readonly ok: false; readonly reason: string };

/** Views that belong together (one repeat, one step of a sweep): which is the reference, which are neighbours. */
export type Group = {
  /** What tells this group's estimates from another's, e.g. `{share: 0.4}`. Groups with equal `at` are pooled. */
  readonly at: Coordinates;
  /** Index of the reference (central, unshifted) view. */
  readonly reference: number;
  /** Pairs [a, b] of indices of neighbouring views. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Indices of all views of the group. */
  readonly views: readonly number[];
  /**
   * The group has estimates of its own (`ModelResult.series`) and doesn't count in the run's: the same pictures under
   * another condition (a size, a number of averaged views), or a part of them. Its views may be those of other groups.
   */
  readonly apart?: true;
};

/** Geometry that a probe needs of the model it serves, without seeing the model. */
export type Frame = {
  /** Side lengths of the model's input, pixels. */
  readonly width: number;
  readonly height: number;
  /** Side that the model's own preprocessing resizes the shorter side to before the crop; null where it doesn't crop. */
  readonly resizeTo: number | null;
  /** Both sides that it resizes to, whatever the aspect; left out where it keeps the aspect. */
  readonly exact?: { readonly width: number; readonly height: number };
  /** Name of the model's own resize kernel (see `image/resize`). */
  readonly kernel: string;
  /** Colour, 0…255 a channel RGB, that is zero after normalisation. */
  readonly neutral: readonly [number, number, number];
  /**
   * Pixels wanted on every side of the views' windows beside what the views need, for remedies that look beyond the
   * window; a probe keeps them where the picture has them. It never changes a view's pixels.
   */
  readonly margin?: number;
};

/** A decoded picture as a probe gets it. */
export type ProbePicture = {
  readonly id: string;
  readonly raster: Raster;
  readonly boxes: readonly Box[];
  /** The picture as it was read in further ways, where the probe asks for it (frames of a film, other decoders' sizes). */
  readonly readings?: Readonly<Record<string, Raster>>;
};

/** A picture's file, for probes that read more of it than its pixels. */
export type PictureFile = {
  readonly id: string;
  readonly path: string;
  readonly frames?: readonly FilmFrame[];
  /** Its pixels as every probe gets them; decoded once, however often it is called. */
  readonly decode: () => Promise<Raster>;
};

/**
 * A generator of views. It yields batches of views and is handed the answers to each batch (most probes ignore them);
 * at its end it returns how the views, counted over all batches, belong together.
 */
export type ViewGenerator = Generator<readonly (View | AveragedView)[], readonly Group[], readonly Answer[]>;

/** A way to make views. `Options` are plain JSON, part of the protocol. */
export type Probe<Options> = {
  readonly name: string;
  readonly views: (
    picture: ProbePicture,
    frame: Frame,
    options: Options,
    randomFor: (...keys: readonly (string | number)[]) => Random,
  ) => ViewGenerator;
};
