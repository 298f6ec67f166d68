// Finds the one image input of a graph: its layout, size, batch and element type.
import { InputError } from '../core/errors.js';
import type { ElementType, InputSpec } from '../core/model.js';
import type { OnnxModel } from '../graph/read.js';
import { graphInputs, indexGraph, intsAttribute, shownValue } from './values.js';
import type { GraphIndex, GraphValue } from './values.js';

/** The input as far as the graph says it: open sides are null. */
export type FoundInput = Omit<InputSpec, 'width' | 'height'> & {
  readonly width: number | null;
  readonly height: number | null;
  readonly findings: Readonly<Record<string, string>>;
};

const TYPES: readonly string[] = ['float32', 'float16', 'uint8'] satisfies ElementType[];

/** Operators between the input and the one that shows the layout. */
const TRANSPARENT = new Set([
  'Cast',
  'Identity',
  'Sub',
  'Add',
  'Mul',
  'Div',
  'QuantizeLinear',
  'DequantizeLinear',
  'Pad',
  'Clip',
]);

type Layout = { readonly layout: InputSpec['layout']; readonly why: string };

function layoutOfFirstOperator(name: string, index: GraphIndex): Layout | null {
  let tensors = [name];
  for (let depth = 0; depth < 16 && tensors.length > 0; depth++) {
    const next: string[] = [];
    for (const node of tensors.flatMap((tensor) => index.consumers(tensor))) {
      if (node.opType === 'Conv' || node.opType.endsWith('Pool')) {
        return { layout: 'NCHW', why: `the first operator is ${node.opType}` };
      }
      const order = node.opType === 'Transpose' ? intsAttribute(node, 'perm')?.join() : undefined;
      if (order === '0,3,1,2') return { layout: 'NHWC', why: 'the first operator is Transpose to NCHW' };
      if (TRANSPARENT.has(node.opType)) next.push(...node.output);
    }
    tensors = next;
  }
  return null;
}

function layoutOf(input: GraphValue, index: GraphIndex, path: string): Layout {
  const [, second, , last] = input.shape ?? [];
  const shown = shownValue(input);
  if (second === 3 && last !== 3) return { layout: 'NCHW', why: `the 3 in ${shown}` };
  if (last === 3 && second !== 3) return { layout: 'NHWC', why: `the 3 in ${shown}` };
  const first = layoutOfFirstOperator(input.name, index);
  const channels = first?.layout === 'NHWC' ? last : second;
  if (first && (channels === 3 || channels === null)) return first;
  const grey = second === 1 || last === 1;
  throw new InputError(
    grey
      ? `Expected a model of colour pictures (3 channels) but the input of ${path} is ${shown}: one channel. Models of grey pictures can't be measured.`
      : `Expected 3 channels in the input of ${path} but it is ${shown}. Export the model with its number of channels fixed at 3.`,
  );
}

/**
 * @param path the model's file, for messages
 * @throws InputError where there isn't exactly one input, or it isn't a picture of three channels
 */
export function findInput(model: OnnxModel, path: string): FoundInput {
  const inputs = graphInputs(model);
  const [input] = inputs;
  const list = inputs.map(shownValue).join(', ');
  if (input === undefined || inputs.length > 1) {
    throw new InputError(
      `Expected a model with one image input but ${path} has ${inputs.length === 0 ? 'no inputs' : `${inputs.length}: ${list}`}. Export the image classifier alone.`,
    );
  }
  if (input.shape?.length !== 4) {
    throw new InputError(
      `Expected an image input [batch, 3, height, width] or [batch, height, width, 3] but the only input of ${path} is ${list}. Export an image classifier.`,
    );
  }
  if (!TYPES.includes(input.type)) {
    throw new InputError(
      `Expected an input of ${TYPES.join(', ')} but the input of ${path} is ${list}. Export the model with one of these types.`,
    );
  }
  const { layout, why } = layoutOf(input, indexGraph(model), path);
  const [batch = null, ...sides] = input.shape;
  const [height = null, width = null] = layout === 'NCHW' ? sides.slice(1) : sides;
  return {
    name: input.name,
    layout,
    type: input.type as ElementType,
    batch,
    width,
    height,
    findings: {
      'input.layout': `${layout}: ${why}`,
      'input.type': `${input.type}: the input's element type`,
      'input.batch': batch === null ? 'any: the shape leaves it open' : `${batch}: fixed in the shape`,
    },
  };
}
