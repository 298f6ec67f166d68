// All that is known of a model, as plain data (`--json`) and as lines of text, for `invariance models inspect`.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Model, Preprocessing } from '../core/model.js';
import { externalFiles, tensorsOf } from '../graph/external.js';
import { TensorProto_DataType as DataType } from '../graph/onnx_pb.js';
import { readModel } from '../graph/read.js';
import { layerCalls } from '../tfjs/calls.js';
import { elementsOf } from '../tfjs/manifest.js';
import { readTfjs } from '../tfjs/read.js';
import { className, imageNetOffset } from './classes.js';

/** Tensors of this type hold shapes and axes, not weights. */
const INT64: number = DataType.INT64;

export type ModelDescription = {
  readonly model: Model;
  /** Size of the model's file and its external weights, bytes. */
  readonly bytes: number;
  /** Elements of all weights; int64 tensors (shapes, axes) don't count. */
  readonly parameters: number;
  /** Nodes of the graph; layers of a layers model, those inside of models that are layers counted one by one. */
  readonly nodes: number;
  /** Operators and how often each is used, most frequent first. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  /** Operator sets with their versions; "" is ONNX's own, written "ai.onnx". Empty for TensorFlow.js models. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  /** null for TensorFlow.js models. */
  readonly irVersion: number | null;
  /** Files that hold weights: external ones of ONNX, shards of TensorFlow.js. */
  readonly externalFiles: readonly string[];
};

/** How often each name is there, most frequent first. */
function counted(names: readonly string[]): ModelDescription['operators'] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([operator, count]) => ({ operator, count }))
    .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1));
}

/** Reads a loaded model's graph once more and describes it. */
export function describeModel(model: Model): Promise<ModelDescription> {
  return model.format === 'onnx' ? describeOnnx(model) : describeTfjs(model);
}

async function describeTfjs(model: Model): Promise<ModelDescription> {
  const files = await readTfjs(model.path);
  const operators =
    files.kind === 'graph'
      ? files.topology.nodes.map(({ op }) => op)
      : layerCalls(files.topology).calls.map(({ layer }) => layer.className);
  const numbers = files.weights.filter(({ dtype }) => dtype === 'float32');
  return {
    model,
    bytes: files.bytes,
    parameters: numbers.reduce((sum, { shape }) => sum + elementsOf(shape), 0),
    nodes: operators.length,
    operators: counted(operators),
    opsets: {},
    producer: files.producer ?? 'not stated',
    irVersion: null,
    externalFiles: files.shards.map((file) => basename(file)),
  };
}

async function describeOnnx(model: Model): Promise<ModelDescription> {
  const { model: onnx, bytes } = await readModel(model.path);
  const external = externalFiles(onnx, model.path);
  let size = bytes.length;
  for (const { path } of external) size += (await stat(path)).size;
  let parameters = 0;
  for (const { dataType, dims } of tensorsOf(onnx.graph)) {
    if (dataType !== INT64) parameters += dims.reduce((product, side) => product * Number(side), 1);
  }
  return {
    model,
    bytes: size,
    parameters,
    nodes: onnx.graph.node.length,
    operators: counted(onnx.graph.node.map(({ opType }) => opType)),
    opsets: Object.fromEntries(onnx.opsetImport.map(({ domain, version }) => [domain || 'ai.onnx', Number(version)])),
    producer: [onnx.producerName, onnx.producerVersion].filter((text) => text !== '').join(' ') || 'not stated',
    irVersion: Number(onnx.irVersion),
    externalFiles: external.map(({ location }) => location),
  };
}

const COUNT = new Intl.NumberFormat('en-US');

function shownSize(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Up to six significant digits: 1/255 → 0.00392157. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A preprocessing in words, step by step. */
function preprocessingSteps({ resize, crop, scale, offset, mean, std, channels }: Preprocessing): string[] {
  const steps: string[] = [];
  if (resize?.to === 'shortest-edge') steps.push(`resize the shorter side to ${resize.size} (${resize.kernel})`);
  if (resize?.to === 'exact') steps.push(`resize to ${resize.width}×${resize.height} (${resize.kernel})`);
  if (crop) steps.push(`centre crop ${crop.width}×${crop.height}`);
  if (scale !== 1) steps.push(`× ${short(scale)}`);
  if (offset !== 0) steps.push(`${offset < 0 ? '−' : '+'} ${short(Math.abs(offset))}`);
  if (mean.some((value) => value !== 0)) steps.push(`− mean (${mean.map(short).join(', ')})`);
  if (std.some((value) => value !== 1)) steps.push(`÷ std (${std.map(short).join(', ')})`);
  if (channels === 'bgr') steps.push('channels in the order blue, green, red');
  return steps;
}

function opsetRow({ opsets, irVersion }: ModelDescription): [string, string] {
  const sets = Object.entries(opsets).map(([domain, version]) => `${domain} ${version}`);
  return ['opset', `${sets.join(', ')}; IR version ${irVersion ?? 'not stated'}`];
}

const FORMATS: Readonly<Record<Model['format'], string>> = {
  onnx: 'ONNX',
  'tfjs-layers': 'TensorFlow.js layers model',
  'tfjs-graph': 'TensorFlow.js graph model',
};

/** The description as lines of text, labels in a column. */
export function descriptionLines(description: ModelDescription): string[] {
  const { model } = description;
  const { input, output } = model;
  const batch = input.batch ?? 'N';
  const shape = input.layout === 'NCHW' ? [batch, 3, input.height, input.width] : [batch, input.height, input.width, 3];
  const offset = imageNetOffset(model);
  const examples = [0, 1, output.classes - 1].filter(
    (index, i, all) => index < output.classes && all.indexOf(index) === i,
  );
  const rows: [string, string][] = [
    ['name', model.name],
    ['file', model.path],
    ['format', FORMATS[model.format]],
    ['sha256', model.sha256],
    [
      'size',
      `${shownSize(description.bytes)}${description.externalFiles.length > 0 ? ` with ${description.externalFiles.join(', ')}` : ''}`,
    ],
    ['producer', description.producer],
    ...(description.irVersion === null ? [] : [opsetRow(description)]),
    ...(model.engine === undefined ? [] : [['runtime', model.engine.runtime] as [string, string]]),
    ['parameters', COUNT.format(description.parameters)],
    [
      model.format === 'tfjs-layers' ? 'layers' : 'nodes',
      `${description.nodes}: ${description.operators.map(({ operator, count }) => `${operator} ${count}`).join(', ')}`,
    ],
    ['input', `"${input.name}" [${shape.join(', ')}] ${input.type}, ${input.layout}, batch ${input.batch ?? 'any'}`],
    ['output', `"${output.name}" [${batch}, ${output.classes}] ${output.type}, ${output.kind}`],
    [
      'classes',
      examples.map((index) => `${index} "${className(model, index)}"`).join(', ') +
        (offset === null ? '' : ' (ImageNet-1k order)'),
    ],
    ['preprocessing', preprocessingSteps(model.preprocessing).join('; ') || 'none'],
    ...Object.entries(model.findings).map(([key, text]): [string, string] => [`found ${key}`, text]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`);
}
