// One picture's answers in words: the pair that is shown, and the path it belongs to. The page's script writes them.
import { count, percent, times } from './format.js';
import type { Words } from './words.js';

/** One view as the words need it. */
export type SeenView = {
  /** Name of the winning class; null where the view has no answer. */
  readonly answer: string | null;
  /** Probability of the followed class. */
  readonly p: number | null;
};

/** What the two views of a pair say, in one sentence. */
export function pairSentence(a: SeenView, b: SeenView, focus: string, words: Words, known: boolean): string {
  if (a.answer === null || b.answer === null || a.p === null || b.p === null) {
    const none =
      a.answer === null && b.answer === null ? 'Neither view has an answer' : 'One of the two views has no answer';
    return `${none}: the model gave no finite numbers there.`;
  }
  const change =
    a.answer === b.answer ? `The answer stays “${a.answer}”` : `The answer goes from “${a.answer}” to “${b.answer}”`;
  const [from, to] = [percent(a.p, 0), percent(b.p, 0)];
  const moves = from === to ? `stays at ${from}` : `${b.p < a.p ? 'falls' : 'rises'} from ${from} to ${to}`;
  const role = known ? ', which is what the picture shows,' : `, ${words.focus},`;
  return `${change}, and the probability of “${focus}”${role} ${moves}.`;
}

/**
 * How often the answer changes over all steps, and at how many positions it isn't the followed class.
 *
 * @param noun what a view is: "position", "kernel", "frame"
 */
export function pathSentence(
  {
    steps,
    views,
    changes,
    others,
    missing,
  }: Readonly<Record<'steps' | 'views' | 'changes' | 'others' | 'missing', number>>,
  known: boolean,
  noun = 'position',
): string {
  const changed = changes === 0 ? 'never changes' : `changes ${times(changes)}`;
  const over = steps > 1 ? [`the answer ${changed}`] : [];
  const positions = `of ${count(views)} ${noun}s`;
  const share =
    others > 0
      ? [`it is ${known ? 'wrong' : 'another one'} at ${count(others)} ${positions}`]
      : known
        ? ['it is never wrong']
        : steps > 1
          ? []
          : ['it never changes'];
  const lost = missing > 0 ? [`there is none at ${count(missing)} ${others > 0 ? '' : positions}`.trimEnd()] : [];
  const parts = [...over, ...share, ...lost].join('; ');
  return steps > 1 ? `Over the ${count(steps)} steps ${parts}.` : `${parts.replace(/^it/, 'The answer')}.`;
}
