// What is looked at inside a network and what was seen there: facts of layers, one picture's numbers, estimates.
import type { Estimates } from './result.js';
import type { MaybeEstimate } from './estimate.js';

/** What decides the numbers of a run's layers: part of the protocol. */
export type LayersProtocol = {
  /** "default", "all", globs and names of layers; resolved for each model by itself. */
  readonly selection: readonly string[];
  /** A map counts as not shiftable where its global sum leaves its mean by more than this share of it (0.2). */
  readonly threshold: number;
  /** Number of maps drawn at random in each layer; null = all. */
  readonly maps: number | null;
  /** Number of pictures whose whole maps are compared and drawn. */
  readonly mapPictures: number;
  /** Number of pictures whose local equivariance error is measured. */
  readonly localPictures: number;
};

/** A value along rows and one along columns. */
export type RowsColumns = { readonly y: number; readonly x: number };

/** What is known of a looked-at layer before anything runs. */
export type LayerFacts = {
  readonly name: string;
  readonly operator: string;
  /** Number of maps. */
  readonly channels: number;
  /** Places in a map; a token grid's are those of its patches. */
  readonly rows: number;
  readonly columns: number;
  /** Cumulative subsampling factor: pixels of the picture from one place to the next. */
  readonly factor: RowsColumns;
  /** Receptive field, pixels; null where every place sees the whole picture. */
  readonly field: RowsColumns | null;
  /** Whether the user's selection names it; else it is there because it lies at a change of the factor. */
  readonly selected: boolean;
  /** Multiply-accumulates up to and including this layer, as a share of the network's; null where not known. */
  readonly depth: number | null;
};

/** A node at which the network subsamples, and the layers that are compared across it. */
export type Subsampling = {
  readonly node: string;
  readonly operator: string;
  /** Index of the layer that it takes, and of its result (behind the activation, where one follows). */
  readonly before: number;
  readonly after: number;
  /** Index of the last layer of the same factor: the end of the stage that the node begins. */
  readonly stageEnd: number;
};

/** What a run looks at inside one model. */
export type ModelLayers = {
  readonly model: string;
  readonly layers: readonly LayerFacts[];
  readonly subsamplings: readonly Subsampling[];
  /** Layers that were asked for and can't be looked at, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Names of the steps whose part of the local equivariance error is measured; why there are none, where so. */
  readonly local: readonly { readonly name: string; readonly operator: string }[] | { readonly unavailable: string };
  /** Bytes of maps that measuring it takes in each worker. */
  readonly localBytes: number;
};

/** A layer's whole result for one view, `[channels, rows, columns]`. */
export type LayerMaps = {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
};

/** One layer's global sums over the views of one group. */
export type LayerSums = {
  /** Maps that count, of these the not shiftable ones, and quiet maps, which don't count. */
  readonly maps: number;
  readonly changed: number;
  readonly quiet: number;
  /** Root mean square distance of the vector of sums from its mean over the views, over the mean's length. */
  readonly spread: number | null;
  /** Maps (of `of`) whose sums are equal at all views that lie a multiple of the factor apart; null without such views. */
  readonly periodic: { readonly maps: number; readonly of: number } | null;
};

/** One layer's whole maps under cyclic shifts of the reference view. */
export type LayerEquivariance = {
  /** ‖f(shift x) − shift f(x)‖ / ‖f(x)‖ for one pixel along both sides, and for one step of the factor. */
  readonly pixel: number | null;
  readonly factor: number | null;
  /** Whether any element is negative. */
  readonly negative: boolean;
};

/** What makes a step lose equivariance. */
export const LOCAL_CAUSES = ['padding', 'sampling', 'nonLinearity'] as const;
export type LocalCause = (typeof LOCAL_CAUSES)[number];

/**
 * Local equivariance error of one picture (Gruver et al., ICLR 2023): mean squares over outputs and both directions, in
 * squared outputs a squared pixel.
 */
export type LocalEquivariance = {
  /** Of the whole network. */
  readonly total: number;
  /** By step (`ModelLayers.local`): its own error pushed through the rest of the network, by cause and in all. */
  readonly steps: readonly ({ readonly all: number } & { readonly [cause in LocalCause]?: number })[];
  /** Distance between the sum of all pushed errors and the error of the whole network, over the latter's length. */
  readonly unexplained: number;
};

/** A few maps of a few layers as pictures, one a view. */
export type MapStrip = {
  /** The views drawn, as indices into the observation's views. */
  readonly views: readonly number[];
  readonly layers: readonly {
    /** Index of the layer. */
    readonly layer: number;
    /** Size of one map's picture, pixels. */
    readonly width: number;
    readonly height: number;
    readonly maps: readonly {
      readonly channel: number;
      /**
       * Data URL (PNG or WebP, base64) of a sheet `width` × number of views pixels wide and `height` high, a view a column;
       * black = the map's lowest value over the views, white = its highest. A sheet a map, so that a figure can draw one
       * as it is.
       */
      readonly sheet: string;
      /** Its place by relative deviation among the half of the layer's maps whose mean sums are largest. */
      readonly kind: 'least steady' | 'middle' | 'steadiest';
      /** Global sum at each view. */
      readonly sums: readonly number[];
      /** Largest distance of a sum from their mean, over the mean. */
      readonly deviation: number;
    }[];
  }[];
};

/** What was seen inside the network of one picture. */
export type PictureTrace = {
  /** By group and layer; null where a sum is NaN or infinite. */
  readonly sums: readonly (readonly (LayerSums | null)[])[];
  /** By layer. */
  readonly equivariance?: readonly LayerEquivariance[];
  readonly local?: LocalEquivariance;
  readonly strip?: MapStrip;
};

export type LayerResult = LayerFacts & {
  readonly estimates: Estimates;
  /** Mean number of quiet maps a picture. */
  readonly quiet: number;
  /** Whether its maps have negative values; null where no whole map was looked at. */
  readonly negative: boolean | null;
};

/** Non-shiftability across a node that subsamples. */
export type LossResult = {
  readonly node: string;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
  readonly factorBefore: RowsColumns;
  readonly factorAfter: RowsColumns;
  readonly from: MaybeEstimate;
  readonly to: MaybeEstimate;
  /** `to` − `from`. */
  readonly rise: MaybeEstimate;
  /**
   * The last layer before the factor changes again, its non-shiftability, and its rise over `from`: what a stride folds
   * over shows in sums only behind the non-linearities that follow.
   */
  readonly stageEnd: string;
  readonly stageTo: MaybeEstimate;
  readonly stageRise: MaybeEstimate;
};

export type LocalResult = {
  readonly pictures: number;
  /** Of the whole network, squared outputs a squared pixel. */
  readonly total: MaybeEstimate;
  /** Each cause's share of the sum of all parts. */
  readonly causes: Readonly<Record<LocalCause, MaybeEstimate>>;
  /** By step: its share of the sum over steps, and each cause's share of that sum. */
  readonly steps: readonly {
    readonly name: string;
    readonly operator: string;
    readonly share: MaybeEstimate;
    readonly causes: Readonly<Partial<Record<LocalCause, number>>>;
  }[];
  /** Mean of `LocalEquivariance.unexplained`. */
  readonly unexplained: number;
};

/** Estimates inside one model. */
export type LayersResult = {
  /** Whether views differ by shifts, under which dense layers keep their sums; else sums change in any network. */
  readonly shifts: boolean;
  readonly layers: readonly LayerResult[];
  /** Nodes that subsample, the largest rise first. */
  readonly losses: readonly LossResult[];
  readonly skipped: ModelLayers['skipped'];
  readonly local: LocalResult | { readonly unavailable: string };
};
