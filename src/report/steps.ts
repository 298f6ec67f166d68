// What a picture's answers show: its most telling step, its changes of answer, the span of a probability. Shared by the
// choice of pictures and the page's script, so it knows nothing of observations.

type Answers = {
  /** The most probable class at every view; null where there is no answer. */
  readonly top: readonly (number | null)[];
  /** Neighbouring views. */
  readonly pairs: readonly (readonly [number, number])[];
};

/** The step of a picture that shows most, and how much it shows. */
export type TellingStep = {
  /** Index into `Track.pairs`; 0 where there is none. */
  readonly pair: number;
  /** 3 a right answer turns wrong, 2 wrong turns right, 1 the answer changes, 0 it stays. */
  readonly kind: 0 | 1 | 2 | 3;
  /** Change of the followed class's probability, 0…1. */
  readonly size: number;
};

/** The pair with the deepest change among those of the highest kind. */
export function tellingStep({
  pairs,
  top,
  p,
  focus,
}: Answers & { readonly focus: number; readonly p: readonly (number | null)[] }): TellingStep {
  let best: TellingStep = { pair: 0, kind: 0, size: -1 };
  pairs.forEach(([a, b], pair) => {
    const [from, to] = [top[a] ?? null, top[b] ?? null];
    const [before, after] = [p[a] ?? null, p[b] ?? null];
    if (from === null || to === null || before === null || after === null) return;
    const kind = from === to ? 0 : from === focus ? 3 : to === focus ? 2 : 1;
    const size = Math.abs(before - after);
    if (kind > best.kind || (kind === best.kind && size > best.size)) best = { pair, kind, size };
  });
  return { ...best, size: Math.max(0, best.size) };
}

/** Number of neighbouring pairs with different winners; pairs without two answers don't count. */
export function changesOf({ pairs, top }: Answers): number {
  return pairs.filter(([a, b]) => {
    const [from, to] = [top[a] ?? null, top[b] ?? null];
    return from !== null && to !== null && from !== to;
  }).length;
}

/** Mean, lowest and highest probability of the followed class over the views with an answer. */
export function spanOf(p: readonly (number | null)[]): { mean: number; low: number; high: number } {
  const valid = p.filter((value) => value !== null);
  if (valid.length === 0) return { mean: 0, low: 0, high: 0 };
  return {
    mean: valid.reduce((sum, value) => sum + value, 0) / valid.length,
    low: Math.min(...valid),
    high: Math.max(...valid),
  };
}

/** Most telling first: what the step does, then how much. */
export function byTelling(a: { readonly step: TellingStep }, b: { readonly step: TellingStep }): number {
  return b.step.kind - a.step.kind || b.step.size - a.step.size;
}
