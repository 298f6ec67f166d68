// Crop selection: of all crops in the camera's frame the one with the highest score is looked at, the score being of the
// crop alone. While two frames share the crop that wins, they get the same answer, whatever the network: after Shifman &
// Weiss, "Lost in Translation" (ECCV 2024), Robust Inference by Crop Selection. The score here is our own choice.
import { expected } from '../core/errors.js';
import { BORDER, energyOf } from './energy.js';
import type { Corner, RemedyKind, Sight } from './remedy.js';

const MOST = 64;

/** `cropsN`: crops up to N pixels from the view's own window, each way. */
export const crops: RemedyKind = {
  written: ['crops8', 'crops16', 'crops32'],
  read: (text) => {
    const [, number] = /^(?:crops|rics):?(\d+)$/.exec(text) ?? [];
    if (number === undefined) return null;
    const reach = Number(number);
    if (reach < 1 || reach > MOST)
      throw expected('--remedy crops', `a reach from 1 to ${MOST} pixels, such as crops16`, text);
    return {
      act: 'choose',
      name: `crops${reach}`,
      form: { crops: reach },
      reach,
      choose: (sight) => selected(sight, reach),
    };
  },
};

/**
 * The corner of the crop whose middle pixel has the most energy; of equal ones the first, row by row. The middle lies in the
 * view's own window, so that all frames choose among equally many crops wherever the picture ends: a choice among those
 * inside the picture would be the same from everywhere for no merit of its own. On a torus every crop is in the choice, which
 * then follows the content exactly.
 */
function selected({ canvas, x, y, wrap, width, height }: Sight, reach: number): Corner {
  const energy = energyOf(canvas, wrap);
  const [right, down] = [Math.floor(width / 2), Math.floor(height / 2)];
  const [left, last] = wrap ? [0, canvas.width - 1] : around(x, reach, right, width);
  const [top, lowest] = wrap ? [0, canvas.height - 1] : around(y, reach, down, height);
  let best: Corner = { x, y };
  let most = 0;
  for (let row = top; row <= lowest; row++) {
    const line = ((row + down) % canvas.height) * canvas.width;
    for (let column = left; column <= last; column++) {
      const value = energy[line + ((column + right) % canvas.width)] as number;
      if (value <= most) continue;
      most = value;
      best = { x: column, y: row };
    }
  }
  return best;
}

/** Corners up to `reach` from one whose crop has its middle in the window, away from the border. */
function around(corner: number, reach: number, middle: number, side: number): [number, number] {
  return [corner - Math.min(reach, middle - BORDER), corner + Math.min(reach, side - 1 - BORDER - middle)];
}
