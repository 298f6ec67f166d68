// Which stride loses the invariance: the network without one subsampling at a time, and without the last ones together.
import type { MaybeEstimate } from './estimate.js';

/** A place where the network subsamples (all nodes that raise the factor from the same value to the same value). */
export type AttributedSite = {
  /** Number in data order, from 0. */
  readonly index: number;
  /** Names of its nodes. */
  readonly nodes: readonly string[];
  readonly stride: number;
  /** Cumulative factor before and after it, pixels of the picture from one place to the next. */
  readonly before: number;
  readonly after: number;
};

/** The network without the strides of some sites. */
export type AttributedVariant = {
  /** Numbers of the sites. */
  readonly sites: readonly number[];
  /** "phases": all phases side by side, answers averaged; "dense": the last strides taken off, what follows dilated. */
  readonly how: 'phases' | 'dense';
  /** Its name among the run's models; null where it was left out. */
  readonly model: string | null;
  /** Multiply-accumulates of an answer, as a multiple of the original's; null where they can't be told. */
  readonly macsRatio: number | null;
  /** Why it was left out, as a clause; null where it was measured. */
  readonly leftOut: string | null;
};

/** What an attribution measures: part of `run.json`. */
export type AttributionPlan = {
  /** Name of the model that the others are rewritten from: the run's first. */
  readonly reference: string;
  /** Name of the layer whose non-shiftability is measured, the last with places; null where none is looked at. */
  readonly layer: string | null;
  readonly sites: readonly AttributedSite[];
  readonly variants: readonly AttributedVariant[];
};

/** One number of a variant, and how it differs from the original's over the same pictures and views. */
export type AttributionEffect = {
  readonly model: string;
  /** "top1Change", "nonShiftability" or "accuracy". */
  readonly metric: string;
  readonly value: MaybeEstimate;
  /** The variant minus the original. */
  readonly difference: MaybeEstimate;
  readonly p: number | null;
  /** p after Holm's adjustment over all effects of this displacement. */
  readonly pHolm: number | null;
  readonly test: string;
};

/** What came out under one displacement: that of the run's protocol. */
export type AttributionResult = AttributionPlan & {
  /** The original's numbers by metric. */
  readonly original: Readonly<Record<string, MaybeEstimate>>;
  /** By variant and metric, in the order of the plan. */
  readonly effects: readonly AttributionEffect[];
  /**
   * How sure the ranking's first place is: by stride that is taken off alone, the share of resamples of the pictures in
   * which its variant changes its answer least; strides that never come first are left out.
   */
  readonly first: readonly { readonly model: string; readonly share: number }[];
};
