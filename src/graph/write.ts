// Writes ONNX models; fields that this schema doesn't know are written as they were read.
import { writeFile } from 'node:fs/promises';
import { toBinary } from '@bufbuild/protobuf';
import { RunError, messageOf } from '../core/errors.js';
import { ModelProtoSchema } from './onnx_pb.js';
import type { ModelProto } from './onnx_pb.js';

/** The model as bytes of an .onnx file. Equal models give equal bytes. */
export function encodeModel(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}

/** @throws RunError where the file can't be written */
export async function writeModel(path: string, model: ModelProto): Promise<void> {
  try {
    await writeFile(path, encodeModel(model));
  } catch (error) {
    throw new RunError(`The model could not be written to ${path}: ${messageOf(error)}.`);
  }
}
