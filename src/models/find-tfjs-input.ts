// Finds the one image input of a TensorFlow.js model: its layout, size, batch and element type.
import { InputError } from '../core/errors.js';
import type { ElementType, InputSpec } from '../core/model.js';
import type { TfjsModel } from '../tfjs/model.js';
import type { FoundInput } from './find-input.js';
import { namedEnd, tfjsInputs } from './tfjs-ends.js';
import { shownValue } from './values.js';
import type { GraphValue } from './values.js';

/** Bytes travel as whole numbers: TensorFlow.js has no type for them. */
const TYPES: Readonly<Record<string, ElementType>> = { float32: 'float32', int32: 'uint8', uint8: 'uint8' };

function chosenInput(inputs: readonly GraphValue[], asked: readonly string[], path: string): GraphValue {
  const named = namedEnd(inputs, asked, '--input-name', path);
  const [only] = inputs;
  if (named !== null) return named;
  if (only !== undefined && inputs.length === 1) return only;
  const list = inputs.map(shownValue).join(', ');
  throw new InputError(
    inputs.length === 0
      ? `Expected a model with an image input but ${path} has none. Convert the image classifier.`
      : `Expected a model with one image input but ${path} has ${inputs.length}: ${list}. Say which takes the picture with --input-name NAME (the answer must not need the others), or save the image classifier alone.`,
  );
}

function layoutOf(input: GraphValue, path: string): { readonly layout: InputSpec['layout']; readonly why: string } {
  const [, second, , last] = input.shape ?? [];
  const shown = shownValue(input);
  if (last === 3) return { layout: 'NHWC', why: `the 3 in ${shown}` };
  if (second === 3) return { layout: 'NCHW', why: `the 3 in ${shown}` };
  if (last === null)
    return { layout: 'NHWC', why: 'the usual order of TensorFlow; the shape leaves the channels open' };
  throw new InputError(
    last === 1 || second === 1
      ? `Expected a model of colour pictures (3 channels) but the input of ${path} is ${shown}: one channel. Models of grey pictures can't be measured.`
      : `Expected 3 channels in the input of ${path} but it is ${shown}. Give an image classifier.`,
  );
}

/**
 * @param asked names that the user gave for inputs (`--input-name`)
 * @throws InputError where there are several inputs and none was named, or it isn't a picture of three channels
 */
export function findTfjsInput(model: TfjsModel, asked: readonly string[]): FoundInput {
  const { path } = model;
  const inputs = tfjsInputs(model);
  const input = chosenInput(inputs, asked, path);
  if (input.shape?.length !== 4) {
    throw new InputError(
      `Expected an image input [batch, height, width, 3] but the input of ${path} is ${shownValue(input)}. Give an image classifier.`,
    );
  }
  const type = TYPES[input.type];
  if (type === undefined) {
    throw new InputError(
      `Expected an input of ${Object.keys(TYPES).join(', ')} but the input of ${path} is ${shownValue(input)}. Convert the model with one of these types.`,
    );
  }
  const { layout, why } = layoutOf(input, path);
  const [batch = null, ...sides] = input.shape;
  const [height = null, width = null] = layout === 'NCHW' ? sides.slice(1) : sides;
  return {
    name: input.name,
    layout,
    type,
    batch,
    width,
    height,
    findings: {
      ...(inputs.length > 1 ? { 'input.name': `"${input.name}": --input-name, of ${inputs.length} inputs` } : {}),
      'input.layout': `${layout}: ${why}`,
      'input.type': `${type}: the input's element type${input.type === type ? '' : ` is ${input.type}`}`,
      'input.batch': batch === null ? 'any: the shape leaves it open' : `${batch}: fixed in the shape`,
    },
  };
}
