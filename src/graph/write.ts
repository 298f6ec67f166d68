// Writes ONNX models; fields that this schema doesn't know are written as they were read.
import { toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from './onnx_pb.js';
import type { ModelProto } from './onnx_pb.js';

/** The model as bytes of an .onnx file. Equal models give equal bytes. */
export function encodeModel(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}
