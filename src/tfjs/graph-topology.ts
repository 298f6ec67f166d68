// TensorFlow graphs as model.json holds them: nodes, and the ends that the signature names. Form: graph.proto and
// meta_graph.proto (SignatureDef) in protobuf's JSON.
import { InputError, shown } from '../core/errors.js';
import type { GraphTopology, TfjsEnd, TfjsNode } from './model.js';
import { isRecord } from './recognise.js';

type Json = Readonly<Record<string, unknown>>;

function nodeOf(value: unknown, path: string): TfjsNode {
  const { name, op, input = [], attr = {} } = isRecord(value) ? value : {};
  const texts = Array.isArray(input) && input.every((item) => typeof item === 'string');
  if (typeof name === 'string' && typeof op === 'string' && texts && isRecord(attr)) {
    return { name, op, input: input, attr };
  }
  throw new InputError(
    `Expected a node {name, op, input, attr} in the graph of ${path} but received ${shown(value)}. Convert the model again.`,
  );
}

/** A TensorShapeProto in JSON: {dim: [{size: "224"}, …], unknownRank}; −1 is an open side. */
function shapeOf(value: unknown): (number | null)[] | null {
  if (!isRecord(value) || value['unknownRank'] === true) return null;
  const { dim = [] } = value;
  if (!Array.isArray(dim)) return null;
  return (dim as unknown[]).map((side) => {
    const size = Number(isRecord(side) ? (side['size'] ?? 0) : Number.NaN);
    return Number.isInteger(size) && size >= 0 ? size : null;
  });
}

/** "Identity" and "Identity:0" are the same tensor. */
function tensorName(name: string): string {
  return /:\d+$/.test(name) ? name : `${name}:0`;
}

function ofSignature(ends: unknown): TfjsEnd[] {
  if (!isRecord(ends)) return [];
  return Object.entries(ends).flatMap(([key, value]) => {
    if (!isRecord(value)) return [];
    const { name = key, dtype, tensorShape, resourceId } = value;
    // A resource isn't an input that is fed: it belongs to a table that the graph makes itself.
    if (resourceId !== undefined && resourceId !== null) return [];
    return [
      {
        key,
        tensor: tensorName(String(name)),
        dtype: typeof dtype === 'string' ? dtype : null,
        shape: shapeOf(tensorShape),
      },
    ];
  });
}

function attributeShape({ attr }: TfjsNode, name: string): (number | null)[] | null {
  const value = attr[name];
  return isRecord(value) ? shapeOf(value['shape']) : null;
}

function attributeType({ attr }: TfjsNode, name: string): string | null {
  const value = attr[name];
  return isRecord(value) && typeof value['type'] === 'string' ? value['type'] : null;
}

/** Without a signature: placeholders are fed, and nodes that nobody takes are the answer (as tfjs-converter has it). */
function endsOfNodes(nodes: readonly TfjsNode[]): Pick<GraphTopology, 'inputs' | 'outputs'> {
  const taken = new Set(
    nodes.flatMap(({ input }) => input.map((name) => name.replace(/^\^/, '').replace(/:\d+$/, ''))),
  );
  const end = (node: TfjsNode): TfjsEnd => ({
    key: node.name,
    tensor: tensorName(node.name),
    dtype: attributeType(node, 'dtype') ?? attributeType(node, 'T'),
    shape: attributeShape(node, node.op.startsWith('Placeholder') ? 'shape' : '_output_shapes'),
  });
  return {
    inputs: nodes.filter(({ op }) => op.startsWith('Placeholder')).map(end),
    outputs: nodes.filter(({ name, op }) => !taken.has(name) && op !== 'Const' && op !== 'NoOp').map(end),
  };
}

/** The shapes that placeholders have, where the signature leaves them out. */
function completed(end: TfjsEnd, nodes: readonly TfjsNode[]): TfjsEnd {
  const node = nodes.find(({ name }) => `${name}:0` === end.tensor);
  if (node === undefined) return end;
  const shape = end.shape ?? attributeShape(node, 'shape');
  return { ...end, shape, dtype: end.dtype ?? attributeType(node, 'dtype') };
}

/**
 * @param json model.json as parsed
 * @param path the file's name, for messages
 * @throws InputError where nodes can't be read
 */
export function graphTopology(json: Json, path: string): GraphTopology {
  const topology = json['modelTopology'] as Json;
  const nodes = (topology['node'] as unknown[]).map((value) => nodeOf(value, path));
  const library = topology['library'];
  const functions = isRecord(library) && Array.isArray(library['function']) ? (library['function'] as unknown[]) : [];
  const metadata = json['userDefinedMetadata'];
  const given = (isRecord(metadata) ? metadata['signature'] : undefined) ?? json['signature'];
  const signature = isRecord(given) ? given : {};
  const inputs = ofSignature(signature['inputs']);
  const outputs = ofSignature(signature['outputs']);
  const bare = endsOfNodes(nodes);
  return {
    nodes,
    functions: functions.map((value) => {
      const named = isRecord(value) && isRecord(value['signature']) ? value['signature']['name'] : undefined;
      return typeof named === 'string' ? named : 'without a name';
    }),
    inputs: (inputs.length > 0 ? inputs : bare.inputs).map((end) => completed(end, nodes)),
    outputs: outputs.length > 0 ? outputs : bare.outputs,
  };
}
