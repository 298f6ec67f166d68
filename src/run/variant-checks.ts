// What is checked of a rewritten model before its folder is put in place: it loads, it takes and gives what the original
// does, it answers, and the identities hold that its kind promises. A check that the unchanged original passes too proves nothing
// and says so.
import path from 'node:path';
import { InputError, RunError, messageOf } from '../core/errors.js';
import type { InputSpec, Model } from '../core/model.js';
import { canonicalJson } from '../core/protocol.js';
import { randomFor } from '../core/random.js';
import type { Shift } from '../core/shift-sets.js';
import type { Identity, Variant } from '../graph/rewrite/variant.js';
import { answerOf } from '../runtimes/onnx.js';
import type { Elements } from '../runtimes/classifier.js';
import { createWorkspace, cutWindow, prepareCanvas } from '../runtimes/prepare.js';
import { openClassifier, runtimeName } from '../runtimes/registry.js';
import { answersFrom, meanAnswer } from '../runtimes/softmax.js';
import { openModels } from './open.js';
import { difference, outputsOf, placesDeviation } from './variant-maps.js';

/** Largest difference that rounding may make, as a share of the largest value, by the answer's element type. */
const TOLERANCE = { float32: 1e-4, float16: 2e-2, float64: 1e-6 } as const;

/** Cyclic shifts that are tried: small odd ones, which no stride divides, and far ones. */
const ROLLS: readonly Shift[] = [
  { dx: 1, dy: 0 },
  { dx: 3, dy: 5 },
  { dx: -7, dy: 2 },
  { dx: 16, dy: 31 },
];

/** A picture of noise, 0 to 255, prepared as the model wants its pictures: in the range that it was trained for. */
function noise({ input, preprocessing }: Model): Elements {
  const { width, height } = input;
  const random = randomFor(0, 'variant check');
  const data = Uint8Array.from({ length: 3 * width * height }, () => random.below(256));
  const workspace = createWorkspace(input, 1);
  const canvas = prepareCanvas({ width, height, data }, input, preprocessing, workspace);
  cutWindow(canvas, 0, 0, false, workspace.target, 0);
  return workspace.target.slice();
}

/** The picture with its content moved; `index` says which row or column stands in place of one that lies outside. */
function moved(
  pixels: Elements,
  { width, height, layout }: InputSpec,
  { dx, dy }: Shift,
  index: (at: number, side: number) => number,
): Elements {
  const result = pixels.slice();
  const at = (channel: number, row: number, column: number): number =>
    layout === 'NCHW' ? (channel * height + row) * width + column : (row * width + column) * 3 + channel;
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const from = at(channel, index(row - dy, height), index(column - dx, width));
        result[at(channel, row, column)] = pixels[from] as number;
      }
    }
  }
  return result;
}

const round = (at: number, side: number): number => ((at % side) + side) % side;
const clamped = (at: number, side: number): number => Math.min(side - 1, Math.max(0, at));

/** Raw answers to pictures, one after the other. */
async function answersOf(model: Model, pictures: readonly Elements[]): Promise<Float32Array[]> {
  const classifier = await openClassifier(model);
  try {
    const answers: Float32Array[] = [];
    for (const pixels of pictures) answers.push((await classifier.run(pixels, 1)).slice());
    return answers;
  } finally {
    await classifier.close();
  }
}

/** Its answer's probabilities; of several pictures the mean of them. */
function probabilitiesOf(raw: readonly Float32Array[], { output }: Model): Float32Array {
  const answer = meanAnswer(raw.flatMap((one) => answersFrom(one, 1, output)));
  if (answer.ok) return answer.probabilities;
  throw new RunError(`for a picture of noise ${answer.reason}`);
}

type Deviation = {
  readonly most: number;
  /** The same for the original as it is; null where it has nothing to compare. */
  readonly unchanged: number | null;
  /** The identity in words. */
  readonly what: string;
  readonly promised: boolean;
};

/** A picture with its answers: the rewritten model's and the original's. */
type Answered = { readonly picture: Elements; readonly answer: Float32Array; readonly before: Float32Array };

/** The largest difference from what an identity says; a sentence where there is nothing to compare. */
async function deviation(
  identity: Identity,
  original: Model,
  made: Model,
  { picture, answer, before }: Answered,
): Promise<Deviation | string> {
  const { input } = made;
  switch (identity.kind) {
    case 'same-answer': {
      const [twin] = (await outputsOf(original, identity.as, picture, [answerOf(original)])) as [Float32Array];
      const unchanged = difference(before, twin);
      return { most: difference(answer, twin), unchanged, what: identity.what, promised: true };
    }
    case 'same-places': {
      const { most, maps } = await placesDeviation(identity, original, picture);
      const values = "the original's values at the places that the original computes";
      if (maps === 0) return `can't tell whether it gives ${values}: it has no such map of decimals to compare`;
      const what = `${values}, in ${maps} map${maps === 1 ? '' : 's'}`;
      return { most, unchanged: null, what, promised: true };
    }
    case 'cyclic': {
      const pictures = ROLLS.map((shift) => moved(picture, input, shift, round));
      const most = async (model: Model, first: Float32Array): Promise<number> =>
        Math.max(...(await answersOf(model, pictures)).map((other) => difference(first, other)));
      const what = `the same answer under cyclic shifts of the picture (${ROLLS.length} were tried)`;
      return {
        most: await most(made, answer),
        unchanged: await most(original, before),
        what,
        promised: identity.promised,
      };
    }
    case 'mean-over-shifts': {
      const views = identity.shifts.map((shift) => moved(picture, input, shift, clamped));
      const expected = probabilitiesOf(await answersOf(original, views), original);
      return {
        most: difference(probabilitiesOf([answer], made), expected),
        unchanged: difference(probabilitiesOf([before], original), expected),
        what: `the mean of the original's probabilities over the ${views.length} shifts`,
        promised: true,
      };
    }
  }
}

/**
 * @param kind what the answer must be
 * @throws RunError where input, answer or preprocessing differ from the original's
 */
function checkSeams(original: Model, made: Model, kind: Model['output']['kind']): void {
  const input = ({ name, width, height, layout, type }: InputSpec): string =>
    `input "${name}" ${width}×${height} ${layout} ${type}`;
  const both = ({ input: taken, output: { name, classes, type } }: Model, gives: string): string =>
    `${input(taken)}, output "${name}" of ${classes} classes, ${gives}, ${type}`;
  const [wanted, found] = [both(original, kind), both(made, made.output.kind)];
  if (wanted !== found) throw new RunError(`it has ${found} where ${wanted} is expected`);
  const prepared = ({ preprocessing: { source: _source, ...steps } }: Model): string => canonicalJson(steps);
  if (prepared(original) === prepared(made)) return;
  throw new RunError(`it wants its pictures as ${prepared(made)} where the original has ${prepared(original)}`);
}

/** "0", "3.1e-5 of the largest value". */
function sizeOf(most: number): string {
  return most === 0 ? '0' : `${most.toExponential(1)} of the largest value`;
}

/**
 * What came of an identity's check, as a sentence.
 *
 * @throws RunError where a promise doesn't hold
 */
function outcome({ most, unchanged, what, promised }: Deviation, tolerance: number): string {
  // What isn't promised may be nearly so: then only what rounding alone explains counts.
  const allowed = tolerance * (promised ? 1 : 0.01);
  const size = sizeOf(most);
  if (most > allowed) {
    if (promised) throw new RunError(`expected ${what}, but the largest difference is ${size}`);
    return `not ${what}: largest difference ${size}`;
  }
  if (unchanged !== null && unchanged <= allowed) {
    return `can't tell whether it gives ${what}: on a picture of noise the original passes for that too (largest difference ${sizeOf(unchanged)})`;
  }
  return `${what}: largest difference ${size}`;
}

async function passedChecks(
  original: Model,
  variant: Variant,
  made: Model,
  noisy: Omit<Answered, 'answer'>,
): Promise<string[]> {
  checkSeams(original, made, variant.probabilities ? 'probabilities' : original.output.kind);
  const [answer] = (await answersOf(made, [noisy.picture])) as [Float32Array];
  probabilitiesOf([answer], made);
  const passed = [
    `loads in ${await runtimeName(made)}, with the original's input, preprocessing and number of classes`,
    'answers a picture of noise with finite numbers',
  ];
  for (const identity of variant.identities) {
    const found = await deviation(identity, original, made, { ...noisy, answer });
    passed.push(typeof found === 'string' ? found : outcome(found, TOLERANCE[made.output.type]));
  }
  return passed;
}

/** @throws InputError where the original itself has no answer to the picture: then nothing can be checked */
async function answeredNoise(original: Model): Promise<Omit<Answered, 'answer'>> {
  const picture = noise(original);
  const [before] = (await answersOf(original, [picture])) as [Float32Array];
  const [answer] = answersFrom(before, 1, original.output);
  if (answer?.ok) return { picture, before };
  throw new InputError(
    `Expected a model that can answer a picture of noise, so that its variants can be checked, but ${original.name} can't: ${answer?.reason ?? 'no answer'}. Check how it wants its pictures (--preprocess).`,
  );
}

export type CheckedVariant = { readonly model: Model; readonly checks: readonly string[] };

/**
 * Loads and runs a rewritten model, and checks what its kind promises.
 *
 * @param draft its folder, still under a temporary name
 * @param preprocess `--preprocess` that opens it, where its files say none
 * @throws RunError where a check fails: that is a fault of the rewriting, not of the input
 * @throws InputError where the original can't answer a picture of noise itself
 */
export async function checkedVariant(
  original: Model,
  variant: Variant,
  draft: string,
  preprocess?: string,
): Promise<CheckedVariant> {
  const noisy = await answeredNoise(original);
  try {
    const [model] = (await openModels([{ where: path.resolve(draft) + path.sep }], preprocess)) as [Model];
    return { model, checks: await passedChecks(original, variant, model, noisy) };
  } catch (error) {
    throw new RunError(
      `${original.name}-${variant.suffix} failed its check: ${messageOf(error).replace(/\.$/, '')}. Nothing was written. This is a fault of the rewriting: please report it with the model's name.`,
    );
  }
}
