// What a page or a set of figures is made from. `run` and `cli` fill it in; nothing in here is read from files.
import type { Observation } from '../core/observation.js';
import type { Result, RunRecord } from '../core/result.js';

/** The part of a picture's canvas that its views are cut from, small enough to travel in the page. */
export type EmbeddedPicture = {
  /** WebP (quality 50 is enough) of the used part of the canvas, at the canvas' own resolution. */
  readonly dataUrl: string;
  /** Size of that part, pixels. */
  readonly width: number;
  readonly height: number;
  /** The canvas is a torus: windows go on at the opposite edge. `width` and `height` are then the whole canvas'. */
  readonly wrap: boolean;
  /** Top-left corner of each view's window in that part, pixels, by view index; null for views of another canvas. */
  readonly windows: readonly ({ readonly x: number; readonly y: number } | null)[];
  /** Size of a window = of the model's input, pixels. */
  readonly size: { readonly width: number; readonly height: number };
};

/** Pictures that a model mends and breaks against another. */
export type ChangedPictures = {
  readonly mended: readonly string[];
  readonly broken: readonly string[];
  /** How many there are in all. */
  readonly counts: { readonly mended: number; readonly broken: number };
};

/** Which pictures the page shows; made by `choosePictures`. */
export type Shown = {
  /** Pictures with at least one valid answer by every model. */
  readonly total: number;
  /** Rows of the sorted heatmap: all pictures, or evenly spaced ones of the sorted order. Empty without a path. */
  readonly rows: readonly string[];
  /** By model: the pictures that are embedded as images, most telling first. */
  readonly embedded: Readonly<Record<string, readonly string[]>>;
  /** By model: the picture that the page opens with. */
  readonly first: Readonly<Record<string, string>>;
  /** By model: the pictures whose film strips of maps the page shows, most telling first. */
  readonly strips: Readonly<Record<string, readonly string[]>>;
  /** By model but the first: the pictures that it flips at fewer steps than the first model, and those at more, most first. */
  readonly changed: Readonly<Record<string, ChangedPictures>>;
  /** All pictures whose observations the page needs: `rows`, `embedded`, `strips` and `changed` of every model, each once. */
  readonly pictures: readonly string[];
};

/** Everything a page is made from. */
export type PageInput = {
  readonly result: Result;
  /** The record of the run; of several joined runs, the first. */
  readonly run: RunRecord;
  /** Class names by model name and index; null where the model names none. */
  readonly classes: Readonly<Record<string, readonly string[] | null>>;
  /** By model name: the observations of `shown.pictures`; ones that are missing are left out of the page. */
  readonly observations: Readonly<Record<string, readonly Observation[]>>;
  readonly shown: Shown;
  /** Further probes of the same run; they have sections of their own. */
  readonly parts?: readonly { readonly name: string; readonly input: PageInput }[];
  /** By model name and picture id: images of `shown.embedded`; ones that are missing are shown by name. */
  readonly images: Readonly<Record<string, Readonly<Record<string, EmbeddedPicture>>>>;
};
