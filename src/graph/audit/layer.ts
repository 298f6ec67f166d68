// What the audit says of one layer and of the network: plain data, in data order.
import type { Reach } from './geometry.js';
import type { Filling } from './window.js';

/** A side: its length, or the batch's name ("N"). */
export type Side = number | string;

/** A value along rows and one along columns. */
export type Pair = { readonly y: number; readonly x: number };

/** Axes of a layer's result that run over places of the picture. */
export type Places = {
  /** Rows and columns with channels first or last; tokens: one axis that runs over both. */
  readonly layout: 'NCHW' | 'NHWC' | 'tokens' | 'other';
  /** Indices of those axes. */
  readonly axes: readonly number[];
  /** Tokens without a place at the front and the end of a token axis (class tokens). */
  readonly classTokens: { readonly before: number; readonly after: number };
};

export type WindowAudit = {
  readonly kernel: readonly number[];
  /** Whole numbers; fractions where the result is finer than the input. */
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Padding before and after, elements of the layer's input; negative where it cuts off. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly filling: Filling;
};

/** What an element of the result sees of the picture, pixels. */
export type FieldAudit = {
  /** Size of the receptive field along the longest path. */
  readonly size: Pair;
  /** Centre of the first element's field; 0 is the centre of the first pixel. */
  readonly start: Pair;
  /** How far the first and last element's fields reach over the picture's edges. */
  readonly paddingBefore: Pair;
  readonly paddingAfter: Pair;
};

export type LayerAudit = {
  /** Unique; see `layerNames`. */
  readonly name: string;
  readonly operator: string;
  /** Name of the tensor that the layer gives. */
  readonly output: string;
  /** TensorProto.DataType of that tensor; 0 where unknown. */
  readonly type: number;
  readonly shape: readonly Side[] | null;
  /** null where the result has no axis over places (classes, pooled features), or none that could be followed. */
  readonly places: Places | null;
  readonly window: WindowAudit | null;
  /** Cumulative subsampling factor: pixels of the picture from one place to the next; below 1 = finer. */
  readonly factor: Pair | null;
  readonly field: FieldAudit | null;
  readonly reach: Reach | null;
  /** The grid moves with the picture's content (adaptive polyphase sampling). */
  readonly adaptive: boolean;
  /** Multiply-accumulates for one picture; null where sides aren't known. */
  readonly macs: number | null;
  readonly parameters: number;
  /** Names of the layers whose results it takes; the picture goes by its input's name. */
  readonly from: readonly string[];
};

export type GraphAudit = {
  readonly input: {
    readonly name: string;
    readonly layout: 'NCHW' | 'NHWC';
    readonly width: number;
    readonly height: number;
  };
  readonly layers: readonly LayerAudit[];
  /** Largest cumulative factor between the picture and the answer. */
  readonly factor: Pair;
  /** Share of translations that can leave a strided representation unchanged: 1 / (factor.y · factor.x). */
  readonly unchangedShare: number;
  /** Pictures for one of each distinguishable view: factor.y · factor.x · scales · rotations. */
  readonly augmentation: {
    readonly translations: number;
    readonly scales: number;
    readonly rotations: number;
    readonly pictures: number;
  };
  readonly macs: number | null;
  readonly parameters: number;
  /** What couldn't be told, and what is worth knowing, in words. */
  readonly notes: readonly string[];
};
