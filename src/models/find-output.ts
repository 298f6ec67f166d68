// Finds a graph's class output: how many classes, and whether it still needs a softmax.
import { InputError } from '../core/errors.js';
import type { InputSpec, ModelFormat, OutputSpec } from '../core/model.js';
import type { OnnxModel } from '../graph/read.js';
import type { NodeProto } from '../graph/onnx_pb.js';
import { namedEnd } from './tfjs-ends.js';
import { graphOutputs, indexGraph, intAttribute, shownValue } from './values.js';
import type { GraphIndex, GraphValue } from './values.js';

/**
 * Runs a model once on zeros and gives the shapes of its outputs (`runtimes` has one). `models` doesn't know the
 * engines, so it is handed in.
 */
export type Trial = (
  path: string,
  input: InputSpec,
  format: ModelFormat,
  output: string,
) => Promise<readonly { readonly name: string; readonly dims: readonly number[]; readonly type: string }[]>;

const TYPES: readonly string[] = ['float32', 'float16', 'float64'] satisfies OutputSpec['type'][];

/** Operators that don't change values, only their shape or type. */
const RESHAPING = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Cast', 'Dropout', 'Transpose']);
/** Operators that keep the number of classes. */
const KEEPING = new Set([
  ...RESHAPING,
  'Softmax',
  'LogSoftmax',
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Relu',
  'Clip',
  'GlobalAveragePool',
  'ReduceMean',
]);

/** Number of classes that a shape says: all sides but the batch are 1 except one; null where it is open or no such. */
function classesOf(shape: readonly (number | null)[] | null): number | null {
  if (shape === null || shape.length < 2) return null;
  const sides = shape.slice(1);
  if (sides.includes(null)) return null;
  const large = sides.filter((side) => side !== 1) as number[];
  return large.length === 1 ? (large[0] ?? null) : null;
}

/** The node that decides an output's values, behind reshapes and casts. */
function decidingNode(output: string, index: GraphIndex): NodeProto | undefined {
  let node = index.producer(output);
  while (node && RESHAPING.has(node.opType)) node = index.producer(node.input[0] ?? '');
  return node;
}

/** Number of classes by the weights of the last layer. */
function classesOfWeights(
  output: string,
  index: GraphIndex,
): { readonly classes: number; readonly why: string } | null {
  let tensors = [output];
  for (let depth = 0; depth < 32 && tensors.length > 0; depth++) {
    const next: string[] = [];
    for (const node of tensors.map((tensor) => index.producer(tensor))) {
      if (!node) continue;
      const dims = index.weightDims(node.input[1] ?? '');
      const why = `weights of the last ${node.opType}`;
      if (node.opType === 'Gemm' && dims) return { classes: dims[intAttribute(node, 'transB') ? 0 : 1] ?? 0, why };
      if (node.opType === 'MatMul' && dims) return { classes: dims.at(-1) ?? 0, why };
      if (node.opType === 'Conv' && dims) return { classes: dims[0] ?? 0, why };
      if (KEEPING.has(node.opType)) next.push(...node.input);
    }
    tensors = next;
  }
  return null;
}

/** Whether the output needs a softmax, by the node that decides it. */
function kindOf(
  output: string,
  index: GraphIndex,
  path: string,
): { readonly kind: OutputSpec['kind']; readonly why: string } | null {
  const node = decidingNode(output, index);
  if (node?.opType === 'Softmax') return { kind: 'probabilities', why: 'last node is Softmax' };
  if (node?.opType === 'LogSoftmax') {
    return { kind: 'logits', why: 'last node is LogSoftmax: the softmax of log-probabilities gives the probabilities' };
  }
  if (node?.opType === 'Div' && index.producer(node.input[0] ?? '')?.opType === 'Exp') {
    return { kind: 'probabilities', why: 'last nodes are a softmax in parts (Exp, Div)' };
  }
  if (node?.opType === 'ReduceMean' && decidingNode(node.input[0] ?? '', index)?.opType === 'Softmax') {
    return { kind: 'probabilities', why: 'last nodes are a Softmax and a mean of its answers' };
  }
  if (node?.opType === 'Sigmoid') {
    throw new InputError(
      `Expected a model that chooses one class but the last node of ${path} is Sigmoid: a probability of its own for every class. Export the model without it, or with Softmax.`,
    );
  }
  return null;
}

function chosenOutput(
  outputs: readonly GraphValue[],
  labels: number | null,
  path: string,
  asked: readonly string[],
): GraphValue {
  const [only] = outputs;
  const named = namedEnd(outputs, asked, '--output-name', path);
  if (named !== null) return named;
  if (only !== undefined && outputs.length === 1) return only;
  const fitting = outputs.filter(({ type, shape }) => TYPES.includes(type) && classesOf(shape) !== null);
  const counted = fitting.length > 1 ? fitting.filter(({ shape }) => classesOf(shape) === labels) : fitting;
  const [chosen] = counted;
  if (chosen !== undefined && counted.length === 1) return chosen;
  throw new InputError(
    `Expected one output [batch, classes] but ${path} has ${outputs.length} outputs: ${outputs.map(shownValue).join(', ')}. Say which holds the classes with --output-name NAME.`,
  );
}

/** What is known of the output: its number of classes is null where only a run can tell. */
export type FoundOutput = Omit<OutputSpec, 'classes'> & {
  readonly classes: number | null;
  readonly findings: Readonly<Record<string, string>>;
};

/**
 * @param labels number of labels in the model's files, null without
 * @param stated "output" of config.json: used where the graph's last node leaves the kind open
 * @param asked names that the user gave for outputs (`--output-name`)
 * @throws InputError where no output, or more than one, can be the class output
 */
export function findOutput(
  model: OnnxModel,
  path: string,
  labels: number | null,
  stated: OutputSpec['kind'] | null,
  asked: readonly string[] = [],
): FoundOutput {
  const outputs = graphOutputs(model);
  const output = chosenOutput(outputs, labels, path, asked);
  if (!TYPES.includes(output.type)) {
    throw new InputError(
      `Expected an output of ${TYPES.join(', ')} but the output of ${path} is ${shownValue(output)}. Export the model with its class scores as output.`,
    );
  }
  const index = indexGraph(model);
  const byShape = classesOf(output.shape);
  const large = output.shape?.slice(1).filter((side) => side !== null && side > 1) ?? [];
  if (large.length > 1 || output.shape?.length === 1) {
    throw new InputError(
      `Expected an output [batch, classes] but the output of ${path} is ${shownValue(output)}. Export an image classifier.`,
    );
  }
  const byWeights = byShape === null ? classesOfWeights(output.name, index) : null;
  const kind = kindOf(output.name, index, path) ?? (stated ? { kind: stated, why: '"output" in config.json' } : null);
  return {
    name: output.name,
    classes: byShape ?? byWeights?.classes ?? null,
    kind: kind?.kind ?? 'logits',
    type: output.type as OutputSpec['type'],
    findings: {
      ...(outputs.length > 1
        ? {
            'output.name': `"${output.name}": ${asked.includes(output.name) ? `--output-name, of ${outputs.length} outputs` : `of ${outputs.length} outputs the only [batch, classes]`}`,
          }
        : {}),
      ...(byShape !== null ? { 'output.classes': `${byShape}: the output's shape` } : {}),
      ...(byWeights ? { 'output.classes': `${byWeights.classes}: ${byWeights.why}` } : {}),
      'output.kind': `${kind?.kind ?? 'logits'}: ${kind?.why ?? `last node is ${decidingNode(output.name, index)?.opType ?? 'none'}, not Softmax`}`,
    },
  };
}
