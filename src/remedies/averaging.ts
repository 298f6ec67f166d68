// Averaging: the mean of the probabilities over shifted windows of the same picture (test-time augmentation; Azulay &
// Weiss, JMLR 2019). Which sets help for neighbouring positions and which for far ones: docs/remedies.md.
import { parseShiftSet, shiftSetNames } from '../core/shift-sets.js';
import type { RemedyKind } from './remedy.js';

const PREFIX = 'shifts:';

/** The named sets of shifts, and `shifts:dx,dy;dx,dy;…`. */
export const averaging: RemedyKind = {
  written: [...shiftSetNames, `${PREFIX}0,0;1,0;0,1`],
  read: (text) => {
    const custom = text.startsWith(PREFIX);
    if (!custom && !shiftSetNames.includes(text)) return null;
    const { name, shifts } = parseShiftSet(
      custom ? text.slice(PREFIX.length) : text,
      `--remedy ${PREFIX.slice(0, -1)}`,
    );
    const reach = Math.max(...shifts.flatMap(({ dx, dy }) => [Math.abs(dx), Math.abs(dy)]));
    return {
      act: 'average',
      name: custom ? `${PREFIX}${name}` : name,
      form: { average: shifts.map(({ dx, dy }) => [dx, dy]) },
      reach,
      shifts,
    };
  },
};
