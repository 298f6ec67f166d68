// A rewritten model in memory: its graph, what was done in data and in words, and what is known of its use.
import type { Shift } from '../../core/shift-sets.js';
import type { OnnxModel } from '../read.js';
import type { NormalGraph } from './normal.js';
import type { Rewritten } from './rewritten.js';

/** A place of the original at which something was changed. */
export type ChangedSite = {
  /** Number of the site, counted from 0 in data order. */
  readonly index: number;
  /** Names of the nodes that subsample there. */
  readonly nodes: readonly string[];
};

/** What was rewritten, as plain data: two folders hold the same variant exactly if this and the original agree. */
export type VariantRecord = {
  /** "dense", "phases", "blur3", …, "circular", "average". */
  readonly kind: string;
  /** Whether every padding was made circular. */
  readonly circular: boolean;
  /** The sites that were rewritten; empty where the kind has none (circular alone, averaging). */
  readonly at: readonly ChangedSite[];
  /** Shifts whose answers are averaged, pixels, right and down positive; empty but for averaging. */
  readonly shifts: readonly Shift[];
};

/** What a kind of rewriting is good for, as measured on ImageNet models, and what not. */
export type Advice = { readonly goodFor: string; readonly notGoodFor: string };

/** How far advice goes: it stands beside it wherever it is shown. */
export const ADVICE_FROM =
  'Found on three ImageNet models without training on; other networks differ, so measure yours.';

/** What must hold of a rewritten model's answers, to be checked by running it. */
export type Identity =
  /** Its answer is the mean of the original's probabilities over these shifts of the picture, borders repeated. */
  | { readonly kind: 'mean-over-shifts'; readonly shifts: readonly Shift[] }
  /** Its answer is the same for every cyclic shift of the picture; without `promised` this is only looked at. */
  | { readonly kind: 'cyclic'; readonly promised: boolean }
  /** Its answer is that of another graph, which computes the same another way. */
  | { readonly kind: 'same-answer'; readonly as: OnnxModel; readonly what: string }
  /** At the places that the original computes, its maps are the original's (`base`: with this one's padding). */
  | { readonly kind: 'same-places'; readonly base: NormalGraph; readonly rewritten: Rewritten };

export type Variant = Advice & {
  /** What comes behind the model's name in the variant's: "dense-last2", "aps+circular". */
  readonly suffix: string;
  readonly record: VariantRecord;
  /** What differs from the original, without a full stop. */
  readonly changes: string;
  readonly model: OnnxModel;
  /** Whether the answer is probabilities, whatever the original's is. */
  readonly probabilities: boolean;
  readonly identities: readonly Identity[];
};
