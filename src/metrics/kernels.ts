// Kernel × kernel disagreement, and the pictures whose answer depends on how they are resized (protocols, "resize kernels").
import type { KernelPicture, KernelsResult } from '../core/kernels.js';
import { unpackedGroup, type Observation } from '../core/observation.js';
import { answerAt, storedProbability, top1 } from './answers.js';

/** Pictures that are named. */
const NAMED = 60;

type KernelsCollector = {
  readonly add: (observation: Observation) => void;
  /** Null before any observation; the same for any order of `add`. */
  readonly result: () => KernelsResult | null;
};

type Answered = NonNullable<ReturnType<typeof answerAt>>;

/** Takes observations of the probe "kernels", whose first group holds every view. */
export function createKernelsCollector(): KernelsCollector {
  let kernels: string[] = [];
  let reference = 0;
  let differing = new Float64Array(0);
  let compared = new Float64Array(0);
  let untouched = 0;
  let dependent = 0;
  let named: KernelPicture[] = [];

  const start = ({ views, groups: [whole] }: Observation): void => {
    kernels = views.map(({ at }) => String(at['kernel']));
    reference = whole === undefined ? 0 : unpackedGroup(whole).reference;
    differing = new Float64Array(kernels.length ** 2);
    compared = new Float64Array(kernels.length ** 2);
  };

  return {
    add: (observation) => {
      if (kernels.length === 0) start(observation);
      const answers = kernels.map((_, view) => answerAt(observation, view));
      for (const [i, a] of answers.entries()) {
        for (const [j, b] of answers.entries()) {
          if (a === null || b === null) continue;
          const at = i * kernels.length + j;
          compared[at] = (compared[at] as number) + 1;
          if (top1(a) !== top1(b)) differing[at] = (differing[at] as number) + 1;
        }
      }
      const valid = answers.filter((answer) => answer !== null);
      if (valid.length === answers.length && valid.every((answer) => sameAnswer(answer, valid[0] as Answered)))
        untouched++;
      if (new Set(valid.map(top1)).size < 2) return;
      dependent++;
      named.push(pictureOf(observation, answers, reference));
      if (named.length > 4 * NAMED) named = mostTelling(named);
    },
    result: () => {
      if (kernels.length === 0) return null;
      const share = (i: number, j: number): number | null => {
        const at = i * kernels.length + j;
        return (compared[at] as number) > 0 ? (differing[at] as number) / (compared[at] as number) : null;
      };
      return {
        kernels,
        reference: kernels[reference] ?? '',
        disagreement: kernels.map((_, i) => kernels.map((__, j) => share(i, j))),
        untouched,
        dependent,
        pictures: mostTelling(named),
      };
    },
  };
}

function sameAnswer(a: Answered, b: Answered): boolean {
  return a.top.every((index, i) => index === b.top[i]) && a.p.every((p, i) => p === b.p[i]);
}

function mostTelling(pictures: readonly KernelPicture[]): KernelPicture[] {
  return [...pictures].sort((a, b) => b.swing - a.swing || (a.picture < b.picture ? -1 : 1)).slice(0, NAMED);
}

function pictureOf(observation: Observation, answers: readonly (Answered | null)[], reference: number): KernelPicture {
  const byTop = new Map<number, { kernel: number; p: number }[]>();
  for (const [kernel, answer] of answers.entries()) {
    if (answer === null) continue;
    const list = byTop.get(top1(answer)) ?? [];
    list.push({ kernel, p: answer.p[0] ?? 0 });
    byTop.set(top1(answer), list);
  }
  const valid = answers.filter((answer) => answer !== null);
  const own = top1(answers[reference] ?? (valid[0] as Answered));
  const followed = valid.map((answer) => storedProbability(observation, answer, own));
  return {
    picture: observation.picture,
    label: observation.label,
    swing: Number((Math.max(...followed) - Math.min(...followed)).toPrecision(6)),
    answers: [...byTop]
      .sort(([a, x], [b, y]) => Number(b === own) - Number(a === own) || y.length - x.length || a - b)
      .map(([index, list]) => {
        const sorted = [...list].sort((a, b) => b.p - a.p || a.kernel - b.kernel);
        return { top1: index, kernels: sorted.map(({ kernel }) => kernel), p: sorted.map(({ p }) => p) };
      }),
  };
}
