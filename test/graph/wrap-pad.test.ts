// Circular padding, run by onnxruntime: a shifted picture gives the shifted result, and values by hand.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { model, value, wrapPad } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { encodeModel } from '../../src/graph/write.js';

describe('wrapPad', () => {
  it.each([1, 2])('continues a picture round its edges by %d', async (pad) => {
    const inputs = [value('x', DataType.FLOAT, [1, 1, 2, 3])];
    const outputs = [value('y', DataType.FLOAT, null)];
    const bytes = encodeModel(model({ inputs, outputs, ...wrapPad('x', 'y', pad) }));
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    const picture = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.from(picture.flat()), [1, 1, 2, 3]) });
    const wanted = Array.from({ length: 2 + 2 * pad }, (_, row) =>
      Array.from({ length: 3 + 2 * pad }, (_, column) => picture[(row + 4 - pad) % 2]?.[(column + 6 - pad) % 3]),
    );
    expect(y?.dims).toEqual([1, 1, 2 + 2 * pad, 3 + 2 * pad]);
    expect(Array.from(y?.data as Float32Array)).toEqual(wanted.flat());
    await session.release();
  });
});
