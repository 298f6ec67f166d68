// Writes an ONNX graph while a TensorFlow.js model is walked through: nodes, weights, shapes, and the order of axes.
// TensorFlow keeps pictures as [batch, rows, columns, channels]; convolutions of ONNX want channels first. A value knows
// which of both it is stored in, so that axes are turned where the model begins and not round every layer.
import type { PictureInput } from '../../graph/audit/infer.js';
import { OPEN_BATCH, walkGraph } from '../../graph/audit/infer.js';
import { node, tensor, value as declare } from '../../graph/build.js';
import { changed } from '../../graph/changed.js';
import { TensorProto_DataType as DataType } from '../../graph/onnx_pb.js';
import type { NodeProto, TensorProto, ValueInfoProto } from '../../graph/onnx_pb.js';
import { permuted } from './permute.js';
import type { Numbers } from './permute.js';

/** The axes of [batch, rows, columns, channels], in the order in which they are stored with channels first, and back. */
const CHANNELS_FIRST = [0, 3, 1, 2] as const;
const CHANNELS_LAST = [0, 2, 3, 1] as const;

/** Domain of nodes that stand for what can't be translated. */
export const UNKNOWN_DOMAIN = 'tensorflow.js';

/** Version of ONNX's operators that is written. */
const OPSET = 17;

/** A tensor of the model as it is stored in the graph. */
export type Value = {
  readonly name: string;
  /** "channels first" only of tensors with four axes. */
  readonly order: 'tensorflow' | 'channels first';
  /** Its values, where it is a weight: in TensorFlow's order. */
  readonly weight?: Weight;
};

export type Weight = { readonly shape: readonly number[]; readonly values: Numbers };

type Attributes = NonNullable<Parameters<typeof node>[3]>;

export type GraphWriter = {
  /** What follows belongs to this layer; null: to none, as where axes are only turned. */
  readonly owner: (name: string | null) => void;
  /** Adds a node; names of its outputs. */
  readonly nodes: (type: string, inputs: readonly string[], attributes?: Attributes, outputs?: number) => string[];
  /** Adds a node of one output. */
  readonly node: (type: string, inputs: readonly string[], attributes?: Attributes) => string;
  /** Adds a node that ONNX doesn't know: what is behind it isn't known either. */
  readonly opaque: (type: string, inputs: readonly string[]) => string;
  /** Adds constants: numbers of the weights' types; whole numbers; one number. */
  readonly constant: (shape: readonly number[], values: Numbers, name?: string) => string;
  readonly whole: (values: readonly number[]) => string;
  readonly scalar: (number: number) => string;
  readonly weight: (name: string, weight: Weight) => Value;
  /** A weight in another order of axes, once for all layers that share it; `shape` where it isn't the turned one. */
  readonly turnedWeight: (name: string, weight: Weight, order: readonly number[], shape?: readonly number[]) => string;
  /** Adds the picture's input. */
  readonly picture: () => Value;
  /** A value's tensor in the order that it has, in TensorFlow's, and with channels first (of four axes). */
  readonly stored: (value: Value) => string;
  readonly plain: (value: Value) => string;
  readonly first: (value: Value) => string;
  /** Sides in TensorFlow's order, an open batch with the side `OPEN_BATCH`; null where not known. */
  readonly shape: (value: Value) => readonly number[] | null;
  /** TensorProto.DataType; 0 where not known. */
  readonly type: (value: Value) => number;
  /** The numbers of a small constant; null where only a run knows them. */
  readonly known: (value: Value) => readonly number[] | null;
  /** Calls a tensor by a name of the model's. */
  readonly called: (value: Value, name: string) => Value;
  readonly finish: () => WrittenGraph;
};

export type WrittenGraph = {
  readonly input: ValueInfoProto;
  readonly nodes: readonly NodeProto[];
  readonly weights: readonly TensorProto[];
  readonly opset: number;
  /** By tensor: the layer that it belongs to, or null where axes are only turned. */
  readonly owners: ReadonlyMap<string, string | null>;
  /** The name that a tensor has in the end. */
  readonly nameOf: (value: Value) => string;
};

/** @param batch the batch's fixed side, or null */
export function graphWriter(picture: PictureInput, batch: number | null): GraphWriter {
  const walk = walkGraph(picture, batch ?? OPEN_BATCH, OPSET);
  const nodes: { readonly written: NodeProto; readonly owner: string | null }[] = [];
  const weights: TensorProto[] = [];
  const names = new Map<string, string>();
  const turned = new Map<string, string>();
  const used = new Set<string>([picture.name]);
  const sides = picture.layout === 'NCHW' ? [3, picture.height, picture.width] : [picture.height, picture.width, 3];
  const input = declare(picture.name, DataType.FLOAT, [batch ?? 'N', ...sides]);
  let owner: string | null = null;

  const fresh = (wanted: string): string => {
    let name = wanted;
    for (let i = 2; used.has(name); i++) name = `${wanted} ${i}`;
    used.add(name);
    return name;
  };

  const added = (
    type: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: number,
    domain: string,
  ): string[] => {
    const base = owner === null ? `turned:${inputs[0] ?? ''}` : `${owner}:${type}`;
    const results = Array.from({ length: outputs }, () => fresh(base));
    const written = node(type, inputs, results, attributes, { domain });
    nodes.push({ written, owner });
    walk.node(written);
    return results;
  };
  const single = (type: string, inputs: readonly string[], attributes: Attributes = {}): string =>
    added(type, inputs, attributes, 1, '')[0] as string;

  const initializer = (wanted: string, shape: readonly number[], values: Numbers | BigInt64Array): string => {
    const name = fresh(wanted);
    // Whole numbers are of 64 bits throughout: shapes and axes of ONNX are.
    const data = values instanceof Int32Array ? BigInt64Array.from(values, BigInt) : values;
    const written = tensor(name, shape, data);
    weights.push(written);
    walk.weight(written);
    return values instanceof Uint8Array ? single('Cast', [name], { to: BigInt(DataType.BOOL) }) : name;
  };

  /** A tensor with its axes turned, once. */
  const inOrder = (from: string, order: readonly number[], to: string): string => {
    const known = turned.get(`${to} ${from}`);
    if (known !== undefined) return known;
    const before = owner;
    owner = null;
    const name = single('Transpose', [from], { perm: order.map(BigInt) });
    owner = before;
    turned.set(`${to} ${from}`, name);
    return name;
  };

  const stored = ({ name, weight }: Value): string => {
    if (weight === undefined) return name;
    const known = turned.get(`weight ${name}`);
    if (known !== undefined) return known;
    const added = initializer(name, weight.shape, weight.values);
    turned.set(`weight ${name}`, added);
    return added;
  };

  const turnedWeight: GraphWriter['turnedWeight'] = (name, { shape, values }, order, sides) => {
    const key = `weight ${order.join(',')} ${sides?.join(',') ?? ''} ${name}`;
    const known = turned.get(key);
    if (known !== undefined) return known;
    const added = initializer(name, sides ?? order.map((axis) => shape[axis] ?? 1), permuted(values, shape, order));
    turned.set(key, added);
    return added;
  };

  const shapeOf = (value: Value): readonly number[] | null => {
    if (value.weight !== undefined) return value.weight.shape;
    const shape = walk.facts.get(value.name)?.shape ?? null;
    if (value.order === 'tensorflow' || shape === null) return shape;
    return CHANNELS_LAST.map((axis) => shape[axis] ?? 1);
  };

  return {
    owner: (name) => {
      owner = name;
    },
    nodes: (type, inputs, attributes = {}, outputs = 1) => added(type, inputs, attributes, outputs, ''),
    node: single,
    opaque: (type, inputs) => added(type, inputs, {}, 1, UNKNOWN_DOMAIN)[0] as string,
    constant: (shape, values, name = `${owner ?? 'constant'}:constant`) => initializer(name, shape, values),
    whole: (values) =>
      initializer(`${owner ?? 'constant'}:numbers`, [values.length], BigInt64Array.from(values.map(BigInt))),
    scalar: (number) => initializer(`${owner ?? 'constant'}:number`, [], Float32Array.of(number)),
    weight: (name, weight) => ({ name, order: 'tensorflow', weight }),
    turnedWeight,
    picture: () => {
      walk.input(input);
      // Whatever its order: what the model does with it is said in that order.
      return { name: picture.name, order: 'tensorflow' };
    },
    stored,
    plain: (value) =>
      value.order === 'tensorflow' ? stored(value) : inOrder(value.name, CHANNELS_LAST, 'channels last'),
    first: (value) => {
      if (value.order === 'channels first') return value.name;
      if (value.weight === undefined) return inOrder(value.name, CHANNELS_FIRST, 'channels first');
      return turnedWeight(value.name, value.weight, CHANNELS_FIRST);
    },
    shape: shapeOf,
    type: (value) =>
      value.weight === undefined
        ? (walk.facts.get(value.name)?.type ?? 0)
        : value.weight.values instanceof Float32Array
          ? DataType.FLOAT
          : DataType.INT64,
    known: ({ name, weight }) => {
      if (weight !== undefined) return [...weight.values];
      const values = walk.facts.get(name)?.constant?.values ?? null;
      // What was computed from an open batch is known when the model runs.
      const open = batch === null && values?.some((number) => number !== 0 && number % OPEN_BATCH === 0);
      return open === true ? null : values;
    },
    called: (value, name) => {
      if (!names.has(value.name)) names.set(value.name, fresh(name));
      return value;
    },
    finish: () => {
      const nameOf = (name: string): string => names.get(name) ?? name;
      const owners = new Map<string, string | null>();
      const renamed = nodes.map(({ written, owner: layer }) => {
        const output = written.output.map(nameOf);
        for (const name of output) owners.set(name, layer);
        return changed(written, { input: written.input.map(nameOf), output, name: output[0] ?? written.name });
      });
      return { input, nodes: renamed, weights, opset: OPSET, owners, nameOf: ({ name }) => nameOf(name) };
    },
  };
}
