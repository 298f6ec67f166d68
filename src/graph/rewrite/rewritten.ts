// What a rewriting gives: the new model, and how its tensors can be compared with the original's.
import type { OnnxModel } from '../read.js';

export type Rewritten = {
  /** Same input and outputs (names, types and sides; the batch is open), same weights. */
  readonly model: OnnxModel;
  /**
   * For tensors that have the same name in the normal form and here: places of this tensor to one of the original's along
   * either side. The tensor at every such place, from the first on, is the original's (1: the whole tensor is).
   */
  readonly lattice: ReadonlyMap<string, number>;
  /**
   * For tensors whose batch holds several phases of each picture: how many. The first rows, as many as pictures, are the
   * phase that the original computes.
   */
  readonly phases: ReadonlyMap<string, number>;
};
