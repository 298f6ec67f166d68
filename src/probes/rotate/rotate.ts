// The rotate probe: one picture turned about the middle of the model's window, with everything else the same.
import type { Probe, View } from '../../core/view.js';
import type { RotateOptions } from './options.js';
import { stageOf, UNMOVED } from './stage.js';

/** Most views of one batch: each has pixels of its own. */
const BATCH = 8;

/**
 * Views have the coordinate `angle`, degrees, counter-clockwise, rising; the unturned view is the reference, and each
 * view is the neighbour of the next.
 */
export const rotateProbe: Probe<RotateOptions> = {
  name: 'rotate',
  *views(picture, frame, options) {
    const angles = anglesOf(options);
    const stage = stageOf(picture, frame, options, { scale: 1, move: 0 });
    for (let i = 0; i < angles.length; i += BATCH) {
      yield angles.slice(i, i + BATCH).map((angle) => ownView({ angle }, stage({ ...UNMOVED, angle })));
    }
    return [
      {
        at: {},
        reference: angles.indexOf(0),
        pairs: angles.slice(1).map((_, i) => [i, i + 1] as const),
        views: angles.map((_, i) => i),
      },
    ];
  },
};

/** A view that has a canvas of its own, of exactly the model's input size. */
export function ownView(at: View['at'], canvas: View['canvas']): View {
  return { at, canvas, x: 0, y: 0, wrap: false };
}

/** `steps` numbers from `from` to `to`, evenly spaced, and 0 among them at its place. */
export function anglesOf({ from, to, steps }: Pick<RotateOptions, 'from' | 'to' | 'steps'>): number[] {
  const angles = evenSteps(from, to, steps);
  return angles.includes(0) ? angles : [...angles, 0].sort((a, b) => a - b);
}

/** `steps` numbers from `from` to `to`, evenly spaced (one alone: the middle), rounded to a millionth: 0.1 is 0.1. */
export function evenSteps(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => {
    const value = from + (steps === 1 ? 0.5 : i / (steps - 1)) * (to - from);
    return Math.round(value * 1e6) / 1e6 + 0;
  });
}
