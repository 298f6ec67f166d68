// The kinds of rewriting by name: what each does, where, and what it is good for. What is said of their use was measured
// on three ImageNet models without retraining (docs/validation.md).
import type { OnnxModel } from '../read.js';
import { adaptive } from './aps.js';
import { averagePooled } from './average-pool.js';
import { blurred } from './blur.js';
import type { BlurSize } from './blur.js';
import { cyclicPromise } from './circular.js';
import { dense } from './dense.js';
import type { Padding } from './emit.js';
import { foldedBlur } from './folded-blur.js';
import type { KIND_SUMMARIES } from './kind-summaries.js';
import { normalForm } from './normal.js';
import type { NormalGraph } from './normal.js';
import { phases } from './phases.js';
import { resampled } from './resample.js';
import type { Rewritten } from './rewritten.js';
import { siteName, sitesOf } from './sites.js';
import type { Site } from './sites.js';
import type { Advice, Identity } from './variant.js';
import { refusal } from './window.js';

/** What a rewriting is made from. */
export type Subject = {
  readonly graph: NormalGraph;
  readonly sites: readonly Site[];
  readonly padding: Padding;
  /** The model's file, for weights that lie beside it. */
  readonly modelPath: string;
};

export type Kind = Advice & {
  readonly name: Exclude<keyof typeof KIND_SUMMARIES, 'circular'>;
  /** What differs from the original at the sites, behind their names. @param square "2×2": the strides there */
  readonly changes: (square: string) => string;
  /** Sites without --at: all at once in one variant, or one variant each. */
  readonly byDefault: 'together' | 'each';
  readonly rewrite: (subject: Subject) => { readonly model: OnnxModel; readonly identities: readonly Identity[] };
};

/** Whether a rewriting at these sites with circular padding can't depend on cyclic shifts. */
function cyclic({ graph, sites, padding }: Subject): Identity[] {
  const all = sitesOf(graph);
  if (padding !== 'circular' || sites.length < all.length) return [];
  return [{ kind: 'cyclic', promised: cyclicPromise(graph) }];
}

/** The network with the same padding and all its strides, which maps are compared with. */
function baseOf({ graph, padding }: Subject): NormalGraph {
  return padding === 'zero' ? graph : normalForm(dense(graph, [], { padding }).model, { input: graph.picture });
}

function samePlaces(subject: Subject, rewritten: Rewritten): Identity {
  return { kind: 'same-places', base: baseOf(subject), rewritten };
}

const BLUR_ADVICE: Advice = {
  goodFor:
    'seeing what anti-aliasing does to weights that were trained without it, and as a start for training on: that is what it was made for.',
  notGoodFor:
    'a mend without training: at early strides it costs most of the accuracy, and a small mean absolute change is then only the low confidence of a broken network; at the last stride alone it changes next to nothing.',
};

function blurKind(size: BlurSize): Kind {
  return {
    name: `blur${size}`,
    changes: () => `a binomial ${size}×${size} blur behind the activation takes the stride`,
    byDefault: 'together',
    ...BLUR_ADVICE,
    rewrite: ({ graph, sites, padding }) => ({
      model: resampled(graph, sites, padding, blurred(size, true)),
      identities: [],
    }),
  };
}

/** @throws InputError where no site has a convolution */
function checkFoldable(sites: readonly Site[], size: BlurSize): void {
  const [first] = sites;
  const convolutions = sites.some(({ nodes }) => nodes.some(({ operator }) => operator === 'Conv'));
  if (first === undefined || convolutions) return;
  const reason = `is ${first.nodes[0]?.operator ?? 'no convolution'}, which has no weights to fold a blur into`;
  throw refusal(siteName(first), reason, `Use blur${size}.`);
}

function foldedKind(size: BlurSize): Kind {
  return {
    name: `blur${size}-folded`,
    changes: () =>
      `a binomial ${size}×${size} blur in front of the activation is folded into the convolution's weights (behind pools it stands apart)`,
    byDefault: 'together',
    ...BLUR_ADVICE,
    rewrite: ({ graph, sites, padding, modelPath }) => {
      checkFoldable(sites, size);
      const twin = resampled(graph, sites, padding, blurred(size, false));
      const what = 'the same answer as with the convolution and the blur one after the other';
      return {
        model: resampled(graph, sites, padding, foldedBlur(graph, size, modelPath)),
        identities: [{ kind: 'same-answer', as: twin, what }],
      };
    },
  };
}

const SIZES: readonly BlurSize[] = [3, 5, 7];

/** All kinds that rewrite sites, in the order of the help text. */
export const KINDS: readonly Kind[] = [
  {
    name: 'dense',
    changes: () => 'the stride is taken off and everything behind it dilated to match',
    byDefault: 'together',
    goodFor:
      'analysis: what the network would answer without these strides, a bound for what can be mended there; features at every place.',
    notGoodFor:
      'a mend: it costs many times the inference, accuracy falls somewhat with each stride, and the last stride alone, the cheap one, changes next to nothing.',
    rewrite: (subject) => {
      const rewritten = dense(subject.graph, subject.sites, { padding: subject.padding });
      return { model: rewritten.model, identities: [samePlaces(subject, rewritten), ...cyclic(subject)] };
    },
  },
  {
    name: 'phases',
    changes: () => 'all phases of the stride go on side by side and their answers are averaged',
    byDefault: 'each',
    goodFor: 'analysis: which stride loses the invariance, by measuring the network without it.',
    notGoodFor:
      'shipping: without the first stride it is an average over shifts of the picture, at the same cost; --export does that for any model.',
    rewrite: (subject) => {
      const rewritten = phases(subject.graph, subject.sites, { padding: subject.padding });
      return { model: rewritten.model, identities: [samePlaces(subject, rewritten), ...cyclic(subject)] };
    },
  },
  ...SIZES.map(blurKind),
  ...SIZES.map(foldedKind),
  {
    name: 'aps',
    changes: (square) =>
      `of the grids that a stride could keep (one place of each ${square}) the one with the largest sum of squares is kept, picture by picture`,
    byDefault: 'together',
    goodFor:
      'with circular padding an exact control: where sides divide, no cyclic shift of the picture changes the answer; a start for training on.',
    notGoodFor:
      'a mend without training: accuracy falls, and where shifts bring in new content the answer changes no less than before.',
    rewrite: (subject) => {
      const { graph, sites, padding } = subject;
      return { model: resampled(graph, sites, padding, adaptive(graph.opset)), identities: cyclic(subject) };
    },
  },
  {
    name: 'avgpool',
    changes: (square) => `the mean of each ${square} places behind the activation takes the stride`,
    byDefault: 'together',
    ...BLUR_ADVICE,
    rewrite: ({ graph, sites, padding }) => ({
      model: resampled(graph, sites, padding, averagePooled),
      identities: [],
    }),
  },
];

/** Circular padding alone, which has no sites. */
export const CIRCULAR: Advice & { readonly name: 'circular'; readonly changes: string } = {
  name: 'circular',
  changes: 'every padding is made circular',
  goodFor: 'exact controls, together with aps or dense: the picture has no edge any more.',
  notGoodFor: 'a mend: it costs accuracy by itself and leaves the strides as they are.',
};
