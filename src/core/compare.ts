// What is said of several models beside their paired differences: what each costs, which pictures each flips, and
// whether two flip the same ones.
import type { AttributionPlan } from './attribution.js';
import type { MaybeEstimate, Unavailable } from './estimate.js';
import type { RowsColumns } from './layers.js';

/** What a model costs, told from its files; each number, or why it can't be told. */
export type ModelCost = {
  /** Multiply-accumulates of one answer: convolutions and matrix products. */
  readonly macs: number | Unavailable;
  readonly parameters: number | Unavailable;
  /** Bytes of the model's file and of the weights beside it. */
  readonly bytes: number | Unavailable;
  /** Largest subsampling factor between the picture and the answer. */
  readonly factor: RowsColumns | Unavailable;
  /** Layers with weights (convolutions, matrix products) on the longest path from the picture to the answer. */
  readonly depth: number | Unavailable;
};

/** Milliseconds that models need for one answer, measured in turns in one process: part of `run.json`, never of a result. */
export type AnswerTimes = {
  readonly threads: number;
  readonly machine: string;
  /** By model: milliseconds an answer in each round, or why it wasn't timed. */
  readonly models: readonly ({ readonly model: string } & (
    { readonly milliseconds: readonly number[] } | Unavailable
  ))[];
};

/** A number of each model to draw the estimates against. */
export type ComparedNumber = {
  /** As it was asked for: "macs", "card.accuracy.value". */
  readonly name: string;
  readonly values: readonly { readonly model: string; readonly value: number }[];
};

/** What `invariance compare` adds to a run's record. */
export type ComparisonRecord = {
  readonly x: ComparedNumber | null;
  readonly times: AnswerTimes | null;
  /** Folders of the runs that were joined; none where the models were measured for this comparison. */
  readonly joined: readonly string[];
  /** Where the models are one network without some of its strides: which, and why. */
  readonly attribution?: AttributionPlan;
};

/** On how many pictures two models change their answer, and how far beyond chance these are the same. */
export type PairAgreement = {
  readonly a: string;
  readonly b: string;
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
  /** Cohen's kappa (Educational and Psychological Measurement 20, 1960): 1 = the same pictures, 0 = as many as by chance. */
  readonly kappa: MaybeEstimate;
};

/** Which pictures are flipped by which models: a picture is flipped where any of its pairs of views changes the answer. */
export type FlipsResult = {
  /** Pictures with a pair of answers by every model. */
  readonly pictures: number;
  /** How many pictures are flipped by no model, by one, …, by all. */
  readonly flippedBy: readonly number[];
  /** Every pair of models. */
  readonly pairs: readonly PairAgreement[];
  /** The commonest sets of models that flip the same pictures, most pictures first. */
  readonly patterns: readonly { readonly models: readonly string[]; readonly pictures: number }[];
  /**
   * Pictures that any model flips, those of most models first; of more than 100, evenly spaced ones. `shares`, by model: the
   * share of the picture's pairs whose answers differ.
   */
  readonly rows: readonly { readonly picture: string; readonly shares: readonly number[] }[];
};

/** Spearman's rank correlation over models. */
export type RankCorrelation =
  { readonly value: number; readonly n: number; readonly p: number; readonly test: string } | Unavailable;

/** Estimates against a number of each model. */
export type AgainstResult = ComparedNumber & {
  readonly correlations: readonly { readonly metric: string; readonly correlation: RankCorrelation }[];
};
