// Pictures: where they are, what is known of them, and their pixels once decoded.

/** Pixels, interleaved RGB `[height, width, 3]`, values 0…255; floats where values lie between whole numbers. */
export type Raster = {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
};

/** Rectangle in pixels of the upright picture, origin top left; `xmax`, `ymax` are exclusive. */
export type Box = { readonly xmin: number; readonly ymin: number; readonly xmax: number; readonly ymax: number };

/**
 * The true class as it was given: an index into the model's classes, a WordNet id ("n01443537") or a class name.
 * Which index that is for a certain model is settled by `models`.
 */
export type Label = { readonly index: number } | { readonly wnid: string } | { readonly name: string };

/** A picture that can be measured: nothing is decoded yet. Order and ids are the same on every machine. */
export type PictureEntry = {
  /** Path relative to the source, with "/", unique in the run: what observations are filed under. */
  readonly id: string;
  /** Where to read it. */
  readonly path: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** True class, or null where none was given. */
  readonly label: Label | null;
  /** Boxes round the object(s); empty where none were given. */
  readonly boxes: readonly Box[];
  /** Anything else the CSV says of the picture (`kind`, `texture`, `mask`, …). */
  readonly facts: Readonly<Record<string, string>>;
  /** Of a film in single files: its frames in the order of their numbers; `path` is then their folder. */
  readonly frames?: readonly FilmFrame[];
};

/** One frame of a film. */
export type FilmFrame = {
  /** The number in its name. */
  readonly number: number;
  readonly path: string;
};
