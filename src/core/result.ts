// What a run leaves behind: `result.json` (the machine-readable result, no times in it) and `run.json` (its record).
import type { AttributionResult } from './attribution.js';
import type { AgainstResult, ComparisonRecord, FlipsResult, ModelCost } from './compare.js';
import type { Comparison, Estimate, MaybeEstimate } from './estimate.js';
import type { KernelsResult } from './kernels.js';
import type { LayersResult, ModelLayers } from './layers.js';
import type { Model, ModelRemedy } from './model.js';
import type { Protocol } from './protocol.js';
import type { Coordinates } from './view.js';

/** Estimates by metric name. */
export type Estimates = Readonly<Record<string, MaybeEstimate>>;

/** Means over pictures at one set of coordinates, for runs whose pictures all have the same views. */
export type ViewMeans = {
  readonly at: Coordinates;
  /** Pictures with a valid answer at this view. */
  readonly pictures: number;
  /** Fraction right; null without labels. */
  readonly accuracy: number | null;
  /** Mean probability of the true class; null without labels. */
  readonly trueProbability: number | null;
  /** Fraction with the same top-1 as the reference view. */
  readonly agreement: number;
};

/** A picture that can't be used, and why. */
export type SkippedPicture = { readonly picture: string; readonly reason: string };

/** One of `of` equal parts of the pictures; `index` from 1 to `of`. */
export type Shard = { readonly index: number; readonly of: number };

/** Estimates of the groups of views with the same coordinates. */
export type Series = {
  readonly at: Coordinates;
  readonly estimates: Estimates;
  /**
   * Of groups that stand apart (`Group.apart`) and have the run's own pictures: by how much their reference view's
   * accuracy and probability of the true class differ from the run's, over the same resamples of pictures; and
   * `accuracyLost`, the share of the run's accuracy that is lost.
   */
  readonly against?: Estimates;
};

/** How near the reference view lies a view with another answer, over pictures, by one measure of distance. */
export type FlipDistances = {
  /** The farthest view, pixels. */
  readonly reach: number;
  /**
   * Distances, ascending, at which pictures have their nearest such view; how many have, and the fraction of all pictures
   * that have one at or within it (with Wilson's interval).
   */
  readonly at: readonly { readonly distance: number; readonly pictures: number; readonly within: Estimate }[];
  /** The distance within which a share of the pictures flips; null where it lies beyond the reach. */
  readonly quantiles: readonly { readonly share: number; readonly distance: number | null }[];
};

/** The smallest shift that changes each picture's answer, among the shifts that the run looked at. */
export type SmallestFlip = {
  /** Pictures with an answer at their reference view. */
  readonly pictures: number;
  /** Of these, pictures with the same answer at every view: they count as beyond the reach. */
  readonly never: number;
  /** By the larger of the shifts to the right and down. */
  readonly largest: FlipDistances;
  /** By the length of the shift. */
  readonly euclidean: FlipDistances;
};

/** A model's remedy, and what its answers took in this run. */
export type RemedyResult = ModelRemedy & {
  /** Different windows of a picture over its answers: inferences that are left where shared ones are made once. */
  readonly windowsPerAnswer: number;
  /** Of an answer's windows, how many its neighbour is made of as well, on average; null without neighbours. */
  readonly sharedWithNeighbour: number | null;
};

export type ModelResult = {
  readonly name: string;
  readonly sha256: string;
  /** [channels, height, width]. */
  readonly input: readonly [number, number, number];
  readonly preprocessing: Model['preprocessing'];
  readonly runtime: string;
  /** Of a variant with a remedy. */
  readonly remedy?: RemedyResult;
  /** What it costs; left out of runs made before this was told. */
  readonly cost?: ModelCost;
  readonly pictures: { readonly measured: number; readonly labelled: number; readonly invalidViews: number };
  readonly estimates: Estimates;
  /** Estimates of each group of views apart, where the protocol has several (a sweep, sizes, averaged views). */
  readonly series: readonly Series[];
  /** Means a view, along the path or over the grid; empty where views differ from picture to picture. */
  readonly views: readonly ViewMeans[];
  /** The first views (at most 100) that have no answer. */
  readonly invalid: readonly { readonly picture: string; readonly at: Coordinates; readonly reason: string }[];
  /** How small a shift changes the answer; only of runs whose pictures all have the same shifts. */
  readonly smallestFlip?: SmallestFlip;
  /** What was measured inside the network, where the protocol asks for it. */
  readonly layers?: LayersResult;
  /** Which resize kernels disagree, where the probe compares them. */
  readonly kernels?: KernelsResult;
};

export type Threshold = {
  readonly expression: string;
  readonly model: string;
  readonly value: number | null;
  /** Whether the expression holds, i.e. the check failed; null where the value is unavailable (counts as failed). */
  readonly holds: boolean | null;
};

export type Result = {
  readonly schema: 'invariance/result@1';
  readonly protocol: Protocol & { readonly hash: string };
  readonly pictures: {
    readonly count: number;
    readonly labelled: number;
    /** SHA-256 of the list: ids, sizes, labels, boxes. */
    readonly sha256: string;
    readonly skipped: readonly SkippedPicture[];
  };
  readonly models: readonly ModelResult[];
  readonly comparisons: readonly Comparison[];
  /** Which pictures which models flip; only of several models. */
  readonly flips?: FlipsResult;
  /** Estimates against a number of each model, where one was asked for. */
  readonly against?: AgainstResult;
  /** Which stride loses the invariance under this run's displacement, where that was asked for. */
  readonly attribution?: AttributionResult;
  readonly thresholds: readonly Threshold[];
  /** Results of further probes of the same run, by the part's name. */
  readonly parts?: Readonly<Record<string, Result>>;
};

/** `run.json`: what was run, where and when. */
export type RunRecord = {
  readonly schema: 'invariance/run@1';
  /** The command line that repeats the run. */
  readonly command: string;
  readonly protocol: Protocol;
  readonly hash: string;
  readonly models: readonly Model[];
  /** What is looked at inside the models, where the protocol asks for it. */
  readonly layers?: readonly ModelLayers[];
  /** What the models cost, in their order. */
  readonly costs?: readonly ModelCost[];
  /** What `invariance compare` adds. */
  readonly comparison?: ComparisonRecord;
  readonly pictures: {
    readonly source: string;
    readonly labels: string | null;
    /** Pictures that could be listed, over all shards. */
    readonly count: number;
    readonly sha256: string;
    readonly skipped: readonly SkippedPicture[];
  };
  /** Which part of the pictures this run measures: {index: 2, of: 4} is every fourth, from the second on. */
  readonly shard: Shard | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: { readonly platform: string; readonly arch: string; readonly cpu: string; readonly cores: number };
  readonly workers: number;
  readonly threads: number;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string | null;
  /** Seconds of measuring, summed over the parts of an interrupted run. */
  readonly seconds: number;
  /** Seconds in each stage, summed over workers. */
  readonly stages: Readonly<Record<string, number>>;
  readonly state: 'running' | 'stopped' | 'done';
};
