// Finds a TensorFlow.js model's class output: how many classes, and whether it still needs a softmax.
import { InputError } from '../core/errors.js';
import type { OutputSpec } from '../core/model.js';
import { layerCalls } from '../tfjs/calls.js';
import type { LayerCall } from '../tfjs/calls.js';
import type { TfjsGraphModel, TfjsLayersModel, TfjsModel, TfjsNode } from '../tfjs/model.js';
import type { FoundOutput } from './find-output.js';
import { namedEnd, tfjsOutputs } from './tfjs-ends.js';
import { shownValue } from './values.js';
import type { GraphValue } from './values.js';

/** Layers that don't change values, and those that keep the number of classes besides. */
const SAME_VALUES = new Set(['Flatten', 'Reshape', 'Dropout', 'Permute', 'SpatialDropout2D', 'GaussianNoise']);
const SAME_CLASSES = new Set([
  ...['Dropout', 'SpatialDropout2D', 'GaussianNoise', 'Activation', 'Softmax', 'ReLU', 'BatchNormalization'],
  ...['GlobalAveragePooling2D', 'GlobalMaxPooling2D'],
]);
/** Nodes that don't change values. */
const SAME_NODES = new Set([
  ...['Identity', 'Reshape', 'Squeeze', 'ExpandDims', 'Cast', 'StopGradient', 'PreventGradient', 'Snapshot'],
  ...['Transpose', 'IdentityN', 'EnsureShape'],
]);

/** Nodes that keep the number of classes that their first input has; whatever else there is may change it. */
const SAME_CLASS_NODES = new Set([
  ...['Identity', 'IdentityN', 'Squeeze', 'ExpandDims', 'Cast', 'StopGradient', 'PreventGradient', 'Snapshot'],
  ...[
    'EnsureShape',
    'BiasAdd',
    'Add',
    'AddV2',
    'Sub',
    'Mul',
    'RealDiv',
    'Exp',
    'Softmax',
    'LogSoftmax',
    'Relu',
    'Relu6',
  ],
]);
/** Products, whose weights have a side for the classes. */
const PRODUCTS = new Set(['MatMul', 'BatchMatMul', 'BatchMatMulV2', '_FusedMatMul', 'Conv2D', '_FusedConv2D']);

/** What decides an output: its name for messages, and what is known of it. */
type Decision = {
  /** "layer is Dense with softmax", "node is Softmax". */
  readonly what: string;
  readonly softmax: boolean;
  readonly logSoftmax: boolean;
  readonly sigmoid: boolean;
  readonly classes: { readonly count: number; readonly why: string } | null;
};

function activationOf({ className, config }: LayerCall['layer']): string {
  if (className === 'Softmax') return 'softmax';
  const { activation } = config;
  if (typeof activation === 'string') return activation;
  const named = (activation as { readonly class_name?: unknown } | null | undefined)?.class_name;
  return typeof named === 'string' ? named : 'linear';
}

function decisionOfLayers({ topology }: TfjsLayersModel, index: number): Decision {
  const { calls, outputs } = layerCalls(topology);
  const before = (call: LayerCall | undefined): LayerCall | undefined => calls[call?.from[0] ?? -1];
  const last = calls[outputs[index] ?? -1];
  let deciding = last;
  while (
    deciding !== undefined &&
    (SAME_VALUES.has(deciding.layer.className) ||
      (deciding.layer.className === 'Activation' && activationOf(deciding.layer) === 'linear'))
  ) {
    deciding = before(deciding);
  }
  let counted = last;
  while (counted !== undefined && SAME_CLASSES.has(counted.layer.className)) counted = before(counted);
  const { units, filters } = counted?.layer.config ?? {};
  const count = units ?? filters;
  const activation = deciding === undefined ? 'linear' : activationOf(deciding.layer).toLowerCase();
  return {
    what: `last layer is ${deciding?.layer.className ?? 'none'}${activation === 'linear' || deciding?.layer.className === 'Softmax' ? '' : ` with ${activation}`}`,
    softmax: activation === 'softmax',
    logSoftmax: activation === 'logsoftmax' || activation === 'log_softmax',
    sigmoid: activation === 'sigmoid' || activation === 'hardsigmoid' || activation === 'hard_sigmoid',
    classes: typeof count === 'number' ? { count, why: `of the last ${counted?.layer.className ?? 'layer'}` } : null,
  };
}

/** The tensor that comes out of a node that changes no values: of several each passes on its own. */
function inputOf({ op, input }: TfjsNode, tensor: string | undefined): string | undefined {
  return input[op === 'IdentityN' ? Number(/:(\d+)$/.exec(tensor ?? '')?.[1] ?? 0) : 0];
}

/** The activation that the converter put into a product ("_FusedMatMul": "BiasAdd", "Sigmoid"); null without. */
function fusedActivation({ attr }: TfjsNode): string | null {
  const { list } = (attr['fused_ops'] ?? {}) as { readonly list?: { readonly s?: readonly unknown[] } };
  const names = (list?.s ?? []).map((text) => Buffer.from(String(text), 'base64').toString());
  return names.find((name) => name !== 'BiasAdd') ?? null;
}

function decisionOfGraph(model: TfjsGraphModel, index: number): Decision {
  const { nodes, outputs } = model.topology;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const producer = (tensor: string | undefined): TfjsNode | undefined =>
    tensor === undefined ? undefined : byName.get(tensor.replace(/^\^/, '').replace(/:\d+$/, ''));
  let tensor = outputs[index]?.tensor;
  let node = producer(tensor);
  while (node !== undefined && SAME_NODES.has(node.op)) {
    tensor = inputOf(node, tensor);
    node = producer(tensor);
  }
  const fused = node === undefined ? null : fusedActivation(node);
  const whole =
    node?.op === 'RealDiv' && producer(node.input[0])?.op === 'Exp'
      ? 'nodes are a softmax in parts (Exp, RealDiv)'
      : null;
  return {
    what: `last ${whole ?? `node is ${node?.op ?? 'none'}${fused === null ? '' : ` with ${fused}`}`}`,
    softmax: node?.op === 'Softmax' || whole !== null,
    logSoftmax: node?.op === 'LogSoftmax',
    sigmoid: node?.op === 'Sigmoid' || fused === 'Sigmoid',
    classes: classesOfWeights(model, outputs[index]?.tensor, producer),
  };
}

/** The number of classes by the weights of the last product; null where something behind it may change it. */
function classesOfWeights(
  { weights }: TfjsGraphModel,
  answer: string | undefined,
  producer: (tensor: string | undefined) => TfjsNode | undefined,
): Decision['classes'] {
  let tensor = answer;
  let node = producer(tensor);
  for (const seen = new Set<TfjsNode>(); node !== undefined && SAME_CLASS_NODES.has(node.op) && !seen.has(node);) {
    seen.add(node);
    tensor = inputOf(node, tensor);
    node = producer(tensor);
  }
  if (node === undefined || !PRODUCTS.has(node.op)) return null;
  const kernel = producer(node.input[1])?.name;
  const shape = weights.find(({ name }) => name === kernel)?.shape;
  const { attr } = node;
  const transposed = ['transpose_b', 'adj_y'].some((name) => (attr[name] as { b?: unknown } | undefined)?.b === true);
  const count = transposed ? shape?.at(-2) : shape?.at(-1);
  // One column may be spread over many by what is added to it.
  return count === undefined || count === 1 ? null : { count, why: `weights of the last ${node.op}` };
}

function decisionOf(model: TfjsModel, index: number): Decision {
  return model.kind === 'layers' ? decisionOfLayers(model, index) : decisionOfGraph(model, index);
}

/** Number of classes that a shape says: all sides but the batch are 1 except one. */
function classesOfShape({ shape }: GraphValue): number | null {
  if (shape === null || shape.length < 2) return null;
  const sides = shape.slice(1);
  const large = sides.filter((side) => side !== 1);
  const [only] = large;
  return large.length === 1 && only !== undefined ? only : null;
}

type Chosen = { readonly index: number; readonly why: string | null };

function chosenOutput(
  model: TfjsModel,
  outputs: readonly GraphValue[],
  labels: number | null,
  asked: readonly string[],
): Chosen {
  const named = namedEnd(outputs, asked, '--output-name', model.path);
  if (named !== null) return { index: outputs.indexOf(named), why: `--output-name, of ${outputs.length} outputs` };
  if (outputs.length === 1) return { index: 0, why: null };
  const counts = outputs.map((output, i) => classesOfShape(output) ?? decisionOf(model, i).classes?.count ?? null);
  const fitting = outputs.flatMap((_, i) => (labels !== null && counts[i] === labels ? [i] : []));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) {
    return { index: only, why: `of ${outputs.length} outputs the only one of ${labels ?? 0} classes, as the labels` };
  }
  const list = outputs.map(({ name }, i) => `"${name}"${counts[i] == null ? '' : ` (${counts[i]} values)`}`).join(', ');
  throw new InputError(
    outputs.length === 0
      ? `Expected a model with an output but ${model.path} has none. Convert the image classifier.`
      : `Expected one output [batch, classes] but ${model.path} has ${outputs.length}: ${list}. Say which holds the classes with --output-name NAME.`,
  );
}

/**
 * @param labels number of labels in the model's files, null without
 * @param stated "output" of config.json: used where the topology leaves the kind open
 * @param asked names that the user gave for outputs (`--output-name`)
 * @throws InputError where there are several outputs and none was named, or the output can't be that of a classifier
 */
export function findTfjsOutput(
  model: TfjsModel,
  labels: number | null,
  stated: OutputSpec['kind'] | null,
  asked: readonly string[],
): FoundOutput {
  const outputs = tfjsOutputs(model);
  const { index, why } = chosenOutput(model, outputs, labels, asked);
  const output = outputs[index] as GraphValue;
  const large = output.shape?.slice(1).filter((side) => side !== null && side > 1) ?? [];
  if (large.length > 1 || output.shape?.length === 1) {
    throw new InputError(
      `Expected an output [batch, classes] but the output of ${model.path} is ${shownValue(output)}. Give an image classifier.`,
    );
  }
  const { what, softmax, logSoftmax, sigmoid, classes } = decisionOf(model, index);
  if (sigmoid) {
    throw new InputError(
      `Expected a model that chooses one class but the ${what} in ${model.path}: a probability of its own for every class. Save the model without it, or with softmax.`,
    );
  }
  const byShape = classesOfShape(output);
  const kind: OutputSpec['kind'] = softmax ? 'probabilities' : logSoftmax ? 'logits' : (stated ?? 'logits');
  const told = softmax
    ? what
    : logSoftmax
      ? `${what}: the softmax of log-probabilities gives the probabilities`
      : stated === null
        ? `${what}, not softmax`
        : '"output" in config.json';
  return {
    name: output.name,
    classes: byShape ?? classes?.count ?? null,
    kind,
    type: 'float32',
    findings: {
      ...(why === null ? {} : { 'output.name': `"${output.name}": ${why}` }),
      ...(byShape !== null ? { 'output.classes': `${byShape}: the output's shape` } : {}),
      ...(byShape === null && classes !== null ? { 'output.classes': `${classes.count}: ${classes.why}` } : {}),
      'output.kind': `${kind}: ${told}`,
    },
  };
}
