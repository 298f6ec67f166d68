// Remedies: what can be done to a trained model's views and answers so that they depend less on position, weights
// untouched. A remedy chooses where to look, averages over shifts, or both.
import type { Json } from '../core/protocol.js';
import type { Shift } from '../core/shift-sets.js';
import type { View } from '../core/view.js';

/** The view whose answer is wanted: its canvas, and its window's corner on it. */
export type Sight = Pick<View, 'canvas' | 'x' | 'y' | 'wrap'> & {
  /** Side lengths of the window, pixels. */
  readonly width: number;
  readonly height: number;
};

/** Top-left corner of a window on the canvas, whole pixels; may lie beyond it. */
export type Corner = { readonly x: number; readonly y: number };

/** One part of a remedy. */
export type Step = {
  /** As it is written: "align16". */
  readonly name: string;
  /** Normal form: plain JSON that decides the numbers. */
  readonly form: { readonly [key: string]: Json };
  /** How far a window goes from the view's own at most, pixels. */
  readonly reach: number;
} & (
  | {
      readonly act: 'choose';
      /** Where the model looks in place of the view's own window, decided by pixels alone. */
      readonly choose: (sight: Sight) => Corner;
    }
  | {
      readonly act: 'average';
      /** Moves of the content whose answers are averaged. */
      readonly shifts: readonly Shift[];
    }
);

/** A kind of step. A new one is one file and one line in the registry. */
export type RemedyKind = {
  /** How its steps are written, for messages and help. */
  readonly written: readonly string[];
  /**
   * The step that a text names; null where it names another kind's.
   *
   * @throws InputError the text is of this kind and its parameter is wrong
   */
  readonly read: (text: string) => Step | null;
};

/** What is done to one model. */
export type Remedy = {
  readonly name: string;
  readonly steps: readonly Step[];
  /** How far windows go from the view's own at most, pixels. */
  readonly reach: number;
  /** Number of windows that an answer is the mean over. */
  readonly inferences: number;
};

/** The windows whose answers' mean is the remedied answer to a view. */
export function windowsOf({ steps }: Remedy, sight: Sight): Corner[] {
  let corners: Corner[] = [{ x: sight.x, y: sight.y }];
  for (const step of steps) {
    corners =
      step.act === 'choose'
        ? [step.choose(sight)]
        : // The content moves by the shift, so the window goes the other way.
          corners.flatMap(({ x, y }) => step.shifts.map(({ dx, dy }) => ({ x: x - dx, y: y - dy })));
  }
  return corners;
}
