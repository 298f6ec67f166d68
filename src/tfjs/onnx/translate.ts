// Translates a TensorFlow.js model with its weights to ONNX, layer by layer, so that whatever reads ONNX graphs (the
// structural audit first of all) serves it too. What can't be translated becomes a node that nobody knows, and a note.
import { InputError, messageOf } from '../../core/errors.js';
import type { PictureInput } from '../../graph/audit/infer.js';
import { model as build, value as declare } from '../../graph/build.js';
import { TensorProto_DataType as DataType } from '../../graph/onnx_pb.js';
import type { OnnxModel } from '../../graph/read.js';
import { layerCalls } from '../calls.js';
import type { LayerCall } from '../calls.js';
import { endNames } from '../ends.js';
import type { TfjsGraphModel, TfjsLayersModel, TfjsModel, TfjsNode } from '../model.js';
import { weightValues } from '../weights.js';
import { classes } from './classes/registry.js';
import { layerOf } from './layer.js';
import { operationOf } from './operation.js';
import { translations } from './operators/registry.js';
import { graphWriter } from './writer.js';
import type { GraphWriter, Value } from './writer.js';

/** What is known of a model's ends. */
export type TfjsEnds = {
  /** The picture; its name is that of the translated graph's input. */
  readonly input: PictureInput & { readonly batch: number | null };
  readonly output: { readonly name: string; readonly classes: number };
};

/** A model as a graph of ONNX, and what tells its layers again. */
export type TfjsTranslation = {
  readonly model: OnnxModel;
  /** The tensor that is the answer. */
  readonly answer: string;
  /** By tensor: the layer of the TensorFlow.js model that it belongs to; null where axes are only turned. */
  readonly owners: ReadonlyMap<string, string | null>;
  /** By layer: its class or operator in TensorFlow.js. */
  readonly operators: ReadonlyMap<string, string>;
  /** Layers whose result is stored with channels first, and not in TensorFlow's order. */
  readonly turned: ReadonlySet<string>;
  /** What couldn't be translated, and why. Empty: the graph runs in any engine and gives the same answers. */
  readonly unknown: readonly { readonly name: string; readonly operator: string; readonly reason: string }[];
};

/** What one layer's or node's translation needs beside the writer. */
type Scene = {
  readonly write: GraphWriter;
  readonly operators: Map<string, string>;
  readonly turned: Set<string>;
  readonly unknown: TfjsTranslation['unknown'][number][];
};

/**
 * One layer's translation; behind what isn't known, and for what can't be translated, a node that says so.
 *
 * @param translate null where there is none for this kind
 */
function translated(
  { write, operators, turned, unknown }: Scene,
  name: string,
  kind: string,
  inputs: readonly Value[],
  translate: (() => Value | readonly Value[]) | null,
): readonly Value[] {
  write.owner(name);
  operators.set(name, kind);
  let results: readonly Value[] | null = null;
  if (inputs.every((value) => write.shape(value) !== null)) {
    try {
      if (translate === null) throw new InputError('operators of this kind are not known to the audit');
      results = [translate()].flat();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unknown.push({ name, operator: kind, reason: messageOf(error) });
    }
  }
  results ??= [
    {
      name: write.opaque(
        kind,
        inputs.map((value) => write.plain(value)),
      ),
      order: 'tensorflow',
    },
  ];
  if (results[0]?.order === 'channels first') turned.add(name);
  return results.map((value, i) => write.called(value, i === 0 ? name : `${name}:${i}`));
}

/** Weights by name, unpacked where they are used. */
function weightsOf(model: TfjsModel, write: GraphWriter): (name: string) => Value | undefined {
  const known = new Map<string, Value>();
  const byName = new Map(model.weights.map((weight) => [weight.name, weight]));
  // Keras wrote "layer/cell/weight" for some layers; TensorFlow.js takes the middle out.
  for (const weight of model.kind === 'layers' ? model.weights : []) {
    const parts = weight.name.split('/');
    const short = [...parts.slice(0, -2), ...parts.slice(-1)].join('/');
    if (!byName.has(short)) byName.set(short, weight);
  }
  return (name) => {
    const weight = byName.get(name);
    if (weight === undefined) return undefined;
    const value =
      known.get(name) ?? write.weight(weight.name, { shape: weight.shape, values: weightValues(model, weight) });
    known.set(name, value);
    return value;
  };
}

/** The calls that a result needs, by index. */
function neededCalls(calls: readonly LayerCall[], result: number): ReadonlySet<number> {
  const needed = new Set([result]);
  // Calls stand in the order of data: what one takes stands before it.
  for (let i = result; i >= 0; i--) {
    if (needed.has(i)) for (const index of calls[i]?.from ?? []) needed.add(index);
  }
  return needed;
}

function translatedLayers(model: TfjsLayersModel, scene: Scene, { input, output }: TfjsEnds): Value {
  const { write } = scene;
  const { topology } = model;
  const { calls, outputs } = layerCalls(topology);
  const end = endNames(topology.outputs).indexOf(output.name);
  const answer = outputs[end < 0 ? 0 : end] ?? -1;
  const [only] = topology.inputs;
  const picture = topology.inputs.length === 1 ? only?.layer : input.name;
  const others = topology.inputs.map(({ layer }) => layer).filter((name) => name !== picture);
  const needed = neededCalls(calls, answer);
  const weight = weightsOf(model, write);
  const values = new Map<number, Value>();
  for (const [i, { name, layer, within, from }] of calls.entries()) {
    if (!needed.has(i)) continue;
    if (within.length === 0 && layer.name === picture) {
      values.set(i, write.picture());
      continue;
    }
    const taken = from.map((index) => values.get(index) as Value);
    const translate = classes[layer.className];
    const beside = within.length === 0 && others.includes(layer.name);
    const run = beside
      ? (): never => {
          throw new InputError('it is an input beside the picture');
        }
      : translate === undefined
        ? null
        : () => translate(write, layerOf(layer, taken, weight));
    values.set(i, translated(scene, name, layer.className, taken, run)[0] as Value);
  }
  return values.get(answer) as Value;
}

/** "name:1" → name and number; "name" is output 0. */
function reference(text: string): { readonly name: string; readonly index: number } {
  const [, name = text, index = '0'] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { name, index: Number(index) };
}

/** Nodes that a tensor needs, in the order of data. */
function needed(nodes: readonly TfjsNode[], output: string): TfjsNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered = new Set<TfjsNode>();
  const seen = new Set<string>();
  const stack = [{ name: output, ready: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const node = byName.get(top.name);
    if (node === undefined) continue;
    if (top.ready) ordered.add(node);
    else if (!seen.has(top.name)) {
      seen.add(top.name);
      stack.push({ name: top.name, ready: true });
      for (const text of dataOf(node).toReversed()) stack.push({ name: reference(text).name, ready: false });
    }
  }
  return [...ordered];
}

/** The tensors that a node takes, without what only says an order. */
function dataOf({ input }: TfjsNode): string[] {
  return input.filter((text) => !text.startsWith('^'));
}

function translatedGraph(model: TfjsGraphModel, scene: Scene, { input, output }: TfjsEnds): Value {
  const { write } = scene;
  const { nodes, inputs, outputs } = model.topology;
  const end = [...outputs].find(({ key, tensor }) => [key, tensor, reference(tensor).name].includes(output.name));
  const start = [...inputs].find(({ key, tensor }) => [key, tensor, reference(tensor).name].includes(input.name));
  const picture = reference(start?.tensor ?? input.name).name;
  const answer = reference(end?.tensor ?? output.name);
  const weight = weightsOf(model, write);
  const values = new Map<string, readonly Value[]>();
  const tensorOf = (text: string): Value => {
    const { name, index } = reference(text);
    const value = values.get(name)?.[index];
    if (value === undefined) throw new InputError(`The graph of ${model.path} takes "${text}", which isn't there.`);
    return value;
  };
  for (const node of needed(nodes, answer.name)) {
    const { name, op } = node;
    if (name === picture) {
      values.set(name, [write.picture()]);
      continue;
    }
    const constant = op === 'Const' ? weight(name) : undefined;
    if (constant !== undefined) {
      values.set(name, [constant]);
      continue;
    }
    const taken = dataOf(node).map(tensorOf);
    const [only] = taken;
    if (op === 'Identity' && only?.weight !== undefined) {
      values.set(name, [only]);
      continue;
    }
    const translate = translations[op];
    const run = translate === undefined ? null : () => translate(write, operationOf(write, node, taken));
    values.set(name, translated(scene, name, op, taken, run));
  }
  return tensorOf(`${answer.name}:${answer.index}`);
}

/**
 * Translates a model.
 *
 * @param ends its input and output, as the model's description names them
 * @returns an ONNX model whose input has the name `ends.input.name`, in float32
 * @throws InputError where the topology contradicts itself
 */
export function translateTfjs(model: TfjsModel, ends: TfjsEnds): TfjsTranslation {
  const { input, output } = ends;
  const write = graphWriter(input, input.batch);
  const scene: Scene = { write, operators: new Map(), turned: new Set(), unknown: [] };
  const result = model.kind === 'layers' ? translatedLayers(model, scene, ends) : translatedGraph(model, scene, ends);
  write.owner(null);
  const answer: Value = { name: write.plain(result), order: 'tensorflow' };
  const { nodes, weights, opset, owners, input: picture, nameOf } = write.finish();
  const name = nameOf(answer);
  const built = build({
    inputs: [picture],
    outputs: [declare(name, DataType.FLOAT, [input.batch ?? 'N', output.classes])],
    nodes,
    initializers: weights,
    opset,
  });
  const { graph } = built;
  if (graph === undefined || graph.node.length === 0) throw new InputError(`The graph of ${model.path} has no layers.`);
  const { operators, turned, unknown } = scene;
  return { model: Object.assign(built, { graph }), answer: name, owners, operators, turned, unknown };
}
