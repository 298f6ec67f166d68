// Reads ONNX models (onnx.proto: ModelProto). Bytes of tensors are views of the file's bytes, not copies.
import { readFile } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { InputError, messageOf } from '../core/errors.js';
import { ModelProtoSchema } from './onnx_pb.js';
import type { GraphProto, ModelProto } from './onnx_pb.js';
import { looksLike } from './recognise.js';

/** A decoded model that certainly has a graph. */
export type OnnxModel = ModelProto & { graph: GraphProto };

/** Fields of ModelProto: number and wire type (0 = number, 2 = bytes); the graph is field 7. */
const FIELDS = new Map(
  [1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26].map((field) => [field, field === 1 || field === 5 ? 0 : 2]),
);
const GRAPH_FIELD = 7;

/** Top-level fields of a protobuf message, as far as they can be told apart. */
type Outline = {
  /** Numbers of the fields that are there, whole or torn. */
  readonly fields: readonly number[];
  /** Where the last, torn field would end; null where every field ends inside the file. */
  readonly needed: number | null;
  /** Whether the bytes can be a ModelProto: opens with one of its fields, and no field has an impossible type. */
  readonly model: boolean;
};

function outlineOf(bytes: Uint8Array): Outline {
  const fields: number[] = [];
  let at = 0;
  const varint = (): number | null => {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = bytes[at++];
      if (byte === undefined) return null;
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  const torn = (needed: number): Outline => ({ fields, needed, model: fields.length > 0 });
  while (at < bytes.length) {
    const tag = varint();
    if (tag === null) return torn(bytes.length + 1);
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    const known = FIELDS.get(field);
    const possible = known === undefined ? fields.length > 0 && [0, 1, 2, 5].includes(wire) : wire === known;
    if (!possible) return { fields, needed: null, model: false };
    fields.push(field);
    const value = wire === 0 || wire === 2 ? varint() : 0;
    if (value === null) return torn(bytes.length + 1);
    at += wire === 2 ? value : wire === 1 ? 8 : wire === 5 ? 4 : 0;
    if (at > bytes.length && fields.length === 1) return { fields, needed: null, model: false };
    if (!(at <= bytes.length)) return torn(at);
  }
  return { fields, needed: null, model: fields.length > 0 };
}

/**
 * Decodes an ONNX model. The model's tensors share memory with `bytes`.
 *
 * @param name the file's name for messages
 * @throws InputError where the bytes are no model (naming what they look like), a part of one, or damaged
 */
export function decodeModel(bytes: Uint8Array, name: string): OnnxModel {
  const other = looksLike(bytes);
  if (bytes.length === 0)
    throw new InputError(`Expected an ONNX model in ${name} but the file is empty. Download or copy it again.`);
  const outline = outlineOf(bytes);
  if (!outline.model) {
    const what = other ? `looks like ${other.what}` : 'is not one: its first bytes are not those of an ONNX file';
    throw new InputError(
      `Expected an ONNX model in ${name} but the file ${what}. ${other?.todo ?? 'Give an .onnx file or a folder with one.'}`,
    );
  }
  if (outline.needed !== null) {
    throw new InputError(
      `Expected a whole ONNX model in ${name} but the file is truncated: it needs at least ${outline.needed} bytes and has ${bytes.length}. Download or copy it again.`,
    );
  }
  if (!outline.fields.includes(GRAPH_FIELD)) {
    throw new InputError(
      `Expected an ONNX model in ${name} but it holds no graph (the file may be truncated). Download or copy it again.`,
    );
  }
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new InputError(
      `Expected an ONNX model in ${name} but the file is damaged (${messageOf(error)}). Download or copy it again.`,
    );
  }
  return withGraph(model, name);
}

function withGraph(model: ModelProto, name: string): OnnxModel {
  const { graph } = model;
  if (graph === undefined || graph.node.length === 0) {
    throw new InputError(`Expected an ONNX model in ${name} but its graph has no nodes. Export the model again.`);
  }
  return Object.assign(model, { graph });
}

/**
 * Reads a model's file, and nothing beside it: external weights stay where they are (`external.ts`).
 *
 * @throws InputError where the file can't be read or isn't a model
 */
export async function readModel(path: string): Promise<{ readonly model: OnnxModel; readonly bytes: Uint8Array }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InputError(`Expected a readable ONNX model at ${path} but reading it failed: ${messageOf(error)}.`);
  }
  return { model: decodeModel(bytes, path), bytes };
}
