// A node of a TensorFlow graph as its translation sees it: what it takes, and its attributes (graph.proto in JSON).
import { InputError } from '../../core/errors.js';
import type { TfjsNode } from '../model.js';
import { isRecord } from '../recognise.js';
import type { GraphWriter, Value } from './writer.js';

export type Operation = {
  readonly node: TfjsNode;
  readonly inputs: readonly Value[];
  readonly input: (index: number) => Value;
  readonly number: (name: string, otherwise: number) => number;
  readonly numbers: (name: string) => readonly number[];
  readonly flag: (name: string) => boolean;
  readonly text: (name: string, otherwise: string) => string;
  readonly texts: (name: string) => readonly string[];
  readonly type: (name: string) => string;
  /** Numbers of a constant input. */
  readonly known: (index: number, what: string) => readonly number[];
};

/** From a node to its outputs. */
export type Translation = (write: GraphWriter, operation: Operation) => Value | readonly Value[];

/** Bytes are base64 in protobuf's JSON; older files have them as numbers. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return String.fromCharCode(...(value as number[]));
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';
}

export function operationOf(write: GraphWriter, node: TfjsNode, inputs: readonly Value[]): Operation {
  const member = (name: string, key: string): unknown => {
    const value = node.attr[name];
    return isRecord(value) ? value[key] : undefined;
  };
  const list = (name: string, key: string): readonly unknown[] => {
    const value = member(name, 'list');
    const items = isRecord(value) ? value[key] : undefined;
    return Array.isArray(items) ? items : [];
  };
  const input = (index: number): Value => {
    const value = inputs.at(index);
    if (value === undefined) throw new InputError(`it takes ${inputs.length} tensors, fewer than it should`);
    return value;
  };
  return {
    node,
    inputs,
    input,
    number: (name, otherwise) => {
      const value = member(name, 'f') ?? member(name, 'i');
      return value === undefined ? otherwise : Number(value);
    },
    numbers: (name) => list(name, 'i').map(Number),
    flag: (name) => member(name, 'b') === true,
    text: (name, otherwise) => textOf(member(name, 's')) || otherwise,
    texts: (name) => list(name, 's').map(textOf),
    type: (name) => {
      const type = member(name, 'type');
      return typeof type === 'string' ? type : '';
    },
    known: (index, what) => {
      const values = write.known(input(index));
      if (values === null) throw new InputError(`its ${what} depend on values that only a run knows`);
      return values;
    },
  };
}
