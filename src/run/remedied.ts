// Answers with remedies to the views of one picture. Views of one canvas differ by whole pixels, so a window's answer is
// kept by its place: windows that several views, sets of shifts or remedies need are run once.
import type { RemedyUse } from '../core/observation.js';
import type { Raster } from '../core/picture.js';
import type { Answer, View } from '../core/view.js';
import { modulo, padded } from '../image/canvas.js';
import { windowsOf, type Corner, type Remedy } from '../remedies/remedy.js';
import { meanAnswer } from '../runtimes/softmax.js';

type Size = { readonly width: number; readonly height: number };

/** Runs a model on windows. */
type Run = (views: readonly View[]) => Promise<readonly { readonly answer: Answer }[]>;

export type Remedied = {
  /** Keeps the answer to a view's own window. */
  readonly keep: (view: View, answer: Answer) => void;
  /** The remedied answers, and how far the windows that each is the mean over lie from the view's own. */
  readonly answers: (
    views: readonly View[],
    remedy: Remedy,
  ) => Promise<{ readonly answer: Answer; readonly moves: readonly Corner[] }[]>;
  /** Forgets all answers: for views with canvases of their own, which never come again. */
  readonly forget: () => void;
};

/**
 * @param size of the windows
 * @param reach how far any remedy's windows go from a view's own at most, pixels
 */
export function remedied(run: Run, size: Size, reach: number): Remedied {
  /** By canvas and place; null while it is asked for. */
  const known = new Map<Raster, Map<string, Answer | null>>();
  const larger = new Map<Raster, Raster>();

  const answersOn = (canvas: Raster): Map<string, Answer | null> => {
    const answers = known.get(canvas) ?? new Map<string, Answer | null>();
    known.set(canvas, answers);
    return answers;
  };

  /** The window as a view; where it leaves the canvas, of the canvas with its border pixels repeated. */
  const viewOf = ({ at, canvas, wrap }: View, { x, y }: Corner): View => {
    if (wrap) return { at, canvas, x, y, wrap };
    let around = larger.get(canvas);
    const beyond = x < 0 || y < 0 || x + size.width > canvas.width || y + size.height > canvas.height;
    if (around === undefined && beyond) {
      around = padded(canvas, { left: reach, top: reach, right: reach, bottom: reach }, 'edge');
      larger.set(canvas, around);
    }
    return around === undefined ? { at, canvas, x, y, wrap } : { at, canvas: around, x: x + reach, y: y + reach, wrap };
  };

  return {
    keep: (view, answer) => void answersOn(view.canvas).set(placeOf(view, view), answer),
    answers: async (views, remedy) => {
      const wanted = views.map((view) => windowsOf(remedy, { ...view, ...size }));
      const missing: { readonly view: View; readonly answers: Map<string, Answer | null>; readonly place: string }[] =
        [];
      views.forEach((view, v) => {
        const answers = answersOn(view.canvas);
        for (const corner of wanted[v] ?? []) {
          const place = placeOf(view, corner);
          if (answers.has(place)) continue;
          answers.set(place, null);
          missing.push({ view: viewOf(view, corner), answers, place });
        }
      });
      const found = await run(missing.map(({ view }) => view));
      missing.forEach(({ answers, place }, i) => void answers.set(place, found[i]?.answer ?? null));
      return views.map((view, v) => {
        const corners = wanted[v] ?? [];
        const answers = corners.map((corner) => answersOn(view.canvas).get(placeOf(view, corner)) ?? undefined);
        return {
          // One answer needn't be averaged, nor rounded for it.
          answer: answers.length === 1 && answers[0] !== undefined ? answers[0] : meanAnswer(answers),
          moves: corners.map(({ x, y }) => ({ x: x - view.x, y: y - view.y })),
        };
      });
    },
    forget: () => {
      known.clear();
      larger.clear();
    },
  };
}

/** A window's place on a canvas; of a torus, that of the corner in it. */
function placeOf({ canvas, wrap }: View, { x, y }: Corner): string {
  return wrap ? `${modulo(x, canvas.width)},${modulo(y, canvas.height)}` : `${x},${y}`;
}

/** Counts what a remedy's answers to one picture take. */
export type UseCounter = {
  /**
   * @param index the view's among all of the picture's
   * @param view as the probe made it
   * @param moves of its windows from its own
   * @param alone whether it has a frame of its own, whose windows no other view can have
   */
  readonly add: (index: number, view: View, moves: readonly Corner[], alone: boolean) => void;
  readonly use: (pairs: readonly (readonly [number, number])[]) => RemedyUse;
};

export function useCounter(): UseCounter {
  const windows = new Map<Raster, Set<string>>();
  const seen = new Map<number, { readonly canvas: Raster; readonly places: ReadonlySet<string> }>();
  let different = 0;
  return {
    add: (index, view, moves, alone) => {
      const places = new Set(moves.map(({ x, y }) => placeOf(view, { x: view.x + x, y: view.y + y })));
      const before = windows.get(view.canvas) ?? new Set<string>();
      windows.set(view.canvas, before);
      for (const place of places) {
        if (alone || !before.has(place)) different++;
        before.add(place);
      }
      seen.set(index, { canvas: view.canvas, places });
    },
    use: (pairs) => {
      let counted = 0;
      let shared = 0;
      for (const [i, j] of pairs) {
        const [a, b] = [seen.get(i), seen.get(j)];
        // Views of other canvases have pixels of their own: no window can be both's.
        if (a === undefined || a.canvas !== b?.canvas) continue;
        counted++;
        for (const place of a.places) if (b.places.has(place)) shared++;
      }
      return { answers: seen.size, windows: different, pairs: counted, shared };
    },
  };
}
