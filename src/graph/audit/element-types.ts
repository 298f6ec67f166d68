// Numbers of element types as plain numbers, as tensors carry them (onnx.proto: TensorProto.DataType).
import { TensorProto_DataType as DataType } from '../onnx_pb.js';

export const FLOAT: number = DataType.FLOAT;
export const INT32: number = DataType.INT32;
export const INT64: number = DataType.INT64;
