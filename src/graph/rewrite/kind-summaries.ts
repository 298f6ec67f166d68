// What each kind of rewriting does, in one line: for help texts, which must not load the rewriting itself.

const BLUR = 'stride 1, activation, then a binomial blur with the stride (Zhang 2019)';
const FOLDED = "the blur in front of the activation, folded into the convolution's weights";

/** By name, in the order of the help text. */
export const KIND_SUMMARIES = {
  dense:
    'strides taken off, everything behind them dilated, so that every place is computed: all strides, or the last ones',
  phases:
    'strides taken off anywhere, all phases side by side, their answers averaged; without --at one variant a stride',
  blur3: BLUR,
  blur5: BLUR,
  blur7: BLUR,
  'blur3-folded': FOLDED,
  'blur5-folded': FOLDED,
  'blur7-folded': FOLDED,
  aps: 'stride 1, activation, then for each picture the grid of the largest l2 norm (Chaman & Dokmanić 2021)',
  avgpool: 'stride 1, activation, then the mean of each s×s places with stride s',
  circular: 'every padding made circular; behind another kind as aps+circular, or alone',
} as const;

/** Kinds of the same summary together: ["blur3, blur5, blur7", "stride 1, …"]. */
export function kindLines(): readonly (readonly [string, string])[] {
  const names = new Map<string, string[]>();
  for (const [name, summary] of Object.entries(KIND_SUMMARIES))
    names.set(summary, [...(names.get(summary) ?? []), name]);
  return [...names].map(([summary, all]) => [all.join(', '), summary]);
}
