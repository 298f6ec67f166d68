// Attributes of a node by name, as plain numbers and text, with the operator's defaults.
import type { AttributeProto, NodeProto, TensorProto } from '../onnx_pb.js';

/** Reads a node's attributes; each takes the value to use where the attribute isn't there. */
export type Attributes = {
  readonly has: (name: string) => boolean;
  readonly int: (name: string, otherwise: number) => number;
  readonly ints: (name: string) => readonly number[] | null;
  readonly floats: (name: string) => readonly number[] | null;
  readonly float: (name: string, otherwise: number) => number;
  readonly text: (name: string, otherwise: string) => string;
  readonly tensor: (name: string) => TensorProto | null;
};

export function attributesOf(node: NodeProto): Attributes {
  const find = (name: string): AttributeProto | undefined =>
    node.attribute.find((attribute) => attribute.name === name);
  return {
    has: (name) => find(name) !== undefined,
    int: (name, otherwise) => Number(find(name)?.i ?? otherwise),
    ints: (name) => find(name)?.ints.map(Number) ?? null,
    floats: (name) => find(name)?.floats ?? null,
    float: (name, otherwise) => find(name)?.f ?? otherwise,
    text: (name, otherwise) => {
      const found = find(name);
      return found ? Buffer.from(found.s).toString('utf8') : otherwise;
    },
    tensor: (name) => find(name)?.t ?? null,
  };
}
