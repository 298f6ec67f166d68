// Counts the tensors that a model holds, so that none is left when it is closed: TensorFlow.js frees nothing by itself.
import type { TfjsLibrary } from './tfjs-library.js';

/** What one model's work did to the engine's number of tensors. */
export type TensorLedger = {
  /** Runs work of this model and books what it leaves. */
  readonly book: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Tensors that this model's work has left so far. */
  readonly held: () => number;
};

/** A ledger of a model; several in one thread take turns. */
export function tensorLedger({ tf }: Pick<TfjsLibrary, 'tf'>): TensorLedger {
  let held = 0;
  return {
    book: async (work) => {
      const before = tf.memory().numTensors;
      try {
        return await work();
      } finally {
        held += tf.memory().numTensors - before;
      }
    },
    held: () => held,
  };
}
