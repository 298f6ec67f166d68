// Crop selection: of all crops in the camera's frame the one with the highest score is looked at, the score being of the
// crop alone. While two frames share the crop that wins, they get the same answer, whatever the network: after Shifman &
// Weiss, "Lost in Translation" (ECCV 2024), Robust Inference by Crop Selection. The score here is our own choice.
import { expected } from '../core/errors.js';
import { energyOf } from './energy.js';
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
 * The corner of the crop whose middle pixel has the most energy; of equal ones the first, row by row. Crops that leave the
 * canvas aren't in the choice. On a torus every crop is, so that the choice follows the content exactly.
 */
function selected({ canvas, x, y, wrap, width, height }: Sight, reach: number): Corner {
  const energy = energyOf(canvas, wrap);
  const [right, down] = [Math.floor(width / 2), Math.floor(height / 2)];
  const all = wrap && reach >= 1;
  const [left, last] = all ? [0, canvas.width - 1] : within(x, reach, canvas.width - width);
  const [top, lowest] = all ? [0, canvas.height - 1] : within(y, reach, canvas.height - height);
  let best: Corner = { x, y };
  let most = -1;
  for (let row = top; row <= lowest; row++) {
    const line = ((row + down) % canvas.height) * canvas.width;
    for (let column = left; column <= last; column++) {
      const value = energy[line + ((column + right) % canvas.width)] as number;
      if (value <= most) continue;
      most = value;
      best = { x: column, y: row };
    }
  }
  return most > 0 ? best : { x, y };
}

/** Corners up to `reach` from one, inside the canvas. */
function within(corner: number, reach: number, most: number): [number, number] {
  return [Math.max(0, corner - reach), Math.min(most, corner + reach)];
}
