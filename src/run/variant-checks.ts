// What is checked of a rewritten model before its folder is put in place: it loads, it takes and gives the same shapes,
// it answers, and the identities hold that its kind promises.
import path from 'node:path';
import { RunError, messageOf } from '../core/errors.js';
import type { InputSpec, Model } from '../core/model.js';
import { randomFor } from '../core/random.js';
import type { Shift } from '../core/shift-sets.js';
import type { Identity, Variant } from '../graph/rewrite/variant.js';
import { answerOf } from '../runtimes/onnx.js';
import { openClassifier, runtimeName } from '../runtimes/registry.js';
import { answersFrom, meanAnswer } from '../runtimes/softmax.js';
import { openModels } from './open.js';
import { difference, encoded, outputsOf, placesDeviation } from './variant-maps.js';
import type { Pixels } from './variant-maps.js';

/** Largest difference that rounding may make, as a share of the largest value, by the answer's element type. */
const TOLERANCE = { float32: 1e-4, float16: 2e-2, float64: 1e-6 } as const;

/** Cyclic shifts that are tried: small odd ones, which no stride divides, and far ones. */
const ROLLS: readonly Shift[] = [
  { dx: 1, dy: 0 },
  { dx: 3, dy: 5 },
  { dx: -7, dy: 2 },
  { dx: 16, dy: 31 },
];

/** A picture of noise in the range that models take. */
function noise({ width, height, type }: InputSpec): Pixels {
  const random = randomFor(0, 'variant check');
  const [least, most] = type === 'uint8' ? [0, 255] : [-1, 1];
  const value = (): number => least + (most - least) * random.uniform();
  return Float32Array.from({ length: 3 * width * height }, () => (type === 'uint8' ? Math.round(value()) : value()));
}

/** The picture with its content moved; `index` says which row or column stands in place of one that lies outside. */
function moved(
  pixels: Pixels,
  { width, height, layout }: InputSpec,
  { dx, dy }: Shift,
  index: (at: number, side: number) => number,
): Pixels {
  const result = new Float32Array(pixels.length);
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
async function answersOf(model: Model, pictures: readonly Pixels[]): Promise<Float32Array[]> {
  const classifier = await openClassifier(model);
  try {
    const answers: Float32Array[] = [];
    for (const pixels of pictures) answers.push((await classifier.run(encoded(pixels, model.input), 1)).slice());
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

type Deviation = { readonly most: number; readonly what: string; readonly promised: boolean };

/** The largest difference from what an identity says, and the identity in words. */
async function deviation(
  identity: Identity,
  original: Model,
  made: Model,
  picture: Pixels,
  answer: Float32Array,
): Promise<Deviation> {
  const { input } = made;
  switch (identity.kind) {
    case 'same-answer': {
      const [twin] = (await outputsOf(original, identity.as, picture, [answerOf(original)])) as [Float32Array];
      return { most: difference(answer, twin), what: identity.what, promised: true };
    }
    case 'same-places': {
      const { most, maps } = await placesDeviation(identity, original, picture);
      const what = `the original's values at the places that the original computes, in ${maps} map${maps === 1 ? '' : 's'}`;
      return { most, what, promised: true };
    }
    case 'cyclic': {
      const rolled = await answersOf(
        made,
        ROLLS.map((shift) => moved(picture, input, shift, round)),
      );
      const most = Math.max(...rolled.map((other) => difference(answer, other)));
      const what = `the same answer under cyclic shifts of the picture (${ROLLS.length} were tried)`;
      return { most, what, promised: identity.promised };
    }
    case 'mean-over-shifts': {
      const views = identity.shifts.map((shift) => moved(picture, input, shift, clamped));
      const expected = probabilitiesOf(await answersOf(original, views), original);
      const most = difference(probabilitiesOf([answer], made), expected);
      return {
        most,
        what: `the mean of the original's probabilities over the ${views.length} shifts`,
        promised: true,
      };
    }
  }
}

/** @throws RunError where shapes or element types of input and answer differ from the original's */
function checkShapes(original: Model, made: Model): void {
  const input = ({ name, width, height, layout, type }: InputSpec): string =>
    `input "${name}" ${width}×${height} ${layout} ${type}`;
  const both = (model: Model): string =>
    `${input(model.input)}, output "${model.output.name}" of ${model.output.classes} classes, ${model.output.type}`;
  if (both(original) === both(made)) return;
  throw new RunError(`it has ${both(made)} where the original has ${both(original)}`);
}

async function passedChecks(original: Model, variant: Variant, made: Model): Promise<string[]> {
  checkShapes(original, made);
  const picture = noise(original.input);
  const [answer] = (await answersOf(made, [picture])) as [Float32Array];
  probabilitiesOf([answer], made);
  const passed = [
    `loads in ${await runtimeName(made)}, with the original's input and number of classes`,
    'answers a picture of noise with finite numbers',
  ];
  for (const identity of variant.identities) {
    const { most, what, promised } = await deviation(identity, original, made, picture, answer);
    const size = most === 0 ? '0' : `${most.toExponential(1)} of the largest value`;
    // What isn't promised may be nearly so: then only what rounding alone explains counts.
    const holds = most <= TOLERANCE[made.output.type] * (promised ? 1 : 0.01);
    if (promised && !holds) throw new RunError(`expected ${what}, but the largest difference is ${size}`);
    passed.push(`${holds ? '' : 'not '}${what}: largest difference ${size}`);
  }
  return passed;
}

export type CheckedVariant = { readonly model: Model; readonly checks: readonly string[] };

/**
 * Loads and runs a rewritten model, and checks what its kind promises.
 *
 * @param draft its folder, still under a temporary name
 * @param preprocess `--preprocess` that opens it, where its files say none
 * @throws RunError where a check fails: that is a fault of the rewriting, not of the input
 */
export async function checkedVariant(
  original: Model,
  variant: Variant,
  draft: string,
  preprocess?: string,
): Promise<CheckedVariant> {
  try {
    const [model] = (await openModels([{ where: path.resolve(draft) + path.sep }], preprocess)) as [Model];
    return { model, checks: await passedChecks(original, variant, model) };
  } catch (error) {
    throw new RunError(
      `${original.name}-${variant.suffix} failed its check: ${messageOf(error).replace(/\.$/, '')}. Nothing was written. This is a fault of the rewriting: please report it with the model's name.`,
    );
  }
}
