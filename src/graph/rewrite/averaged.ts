// Averaging as a variant: its name, its words, and the identity that is checked.
import { sha256 } from '../../core/protocol.js';
import { shiftSetNames } from '../../core/shift-sets.js';
import type { ShiftSet } from '../../core/shift-sets.js';
import type { OnnxModel } from '../read.js';
import { averageGraph } from './average.js';
import type { Averaged } from './average.js';
import type { Variant } from './variant.js';

/** "grid4" for a named set; else the number of shifts and the first digits of the list's SHA-256. */
function suffixOf({ name, shifts }: ShiftSet): string {
  return shiftSetNames.includes(name) ? name : `average${shifts.length}-${sha256(name).slice(0, 6)}`;
}

/** A model whose answer is averaged over a set of shifts, as one graph. */
export function averagedVariant(model: OnnxModel, what: Averaged, set: ShiftSet): Variant {
  const { shifts } = set;
  return {
    suffix: suffixOf(set),
    record: { kind: 'average', circular: false, at: [], shifts },
    changes: `its probabilities are the mean over ${shifts.length} shifts of the picture inside the model's window, with the border repeated`,
    goodFor:
      'a mend that can be shipped: neighbouring positions agree more often and accuracy stays, at as many inferences as there are shifts.',
    notGoodFor:
      'positions farther apart than the shifts reach: averaging smooths neighbours, it does not remove the dependence on position. A path along the shifts flatters it: judge it on another direction and on random pairs too.',
    model: averageGraph(model, what, shifts),
    probabilities: true,
    identities: [{ kind: 'mean-over-shifts', shifts }],
  };
}
