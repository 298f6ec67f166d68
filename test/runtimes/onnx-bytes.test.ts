// Sessions from bytes: external weights are found in the model's folder, refusals come in words.
import { readFileSync } from 'node:fs';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { model, node, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { encodeModel } from '../../src/graph/write.js';
import { openBytes } from '../../src/runtimes/onnx-bytes.js';
import { IDENTITY, meanClassifier } from '../support/mean-classifier.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { write } = temporaryFolder();

/** Channels that are 1, 2 and 3 everywhere. */
const pixels = new Tensor(
  'float32',
  Float32Array.from({ length: 48 }, (_, i) => 1 + Math.floor(i / 16)),
  [1, 3, 4, 4],
);

describe('a session from bytes', () => {
  it.each([
    ['the graph', undefined],
    ['a file beside it', 'w.bin'],
  ])('runs a model with its weights in %s', async (_, external) => {
    if (external !== undefined) write(external, new Uint8Array(IDENTITY.buffer));
    const path = write('model.onnx', meanClassifier(external === undefined ? {} : { external }));
    const session = await openBytes(readFileSync(path), path, 1);
    const { scores } = await session.run({ pixels });
    expect(Array.from(scores?.data as Float32Array)).toEqual([1, 2, 3]);
    await session.release();
  });

  it('names missing weights as the file does', async () => {
    const path = write('alone/model.onnx', meanClassifier({ external: 'gone.bin' }));
    await expect(openBytes(readFileSync(path), path, 1)).rejects.toThrow(InputError);
    await expect(openBytes(readFileSync(path), path, 1)).rejects.toThrow(/"gone\.bin" is not beside the model/);
  });

  it('says what the engine lacks', async () => {
    const strange = model({
      inputs: [value('pixels', DataType.FLOAT, ['N', 3, 4, 4])],
      outputs: [value('scores', DataType.FLOAT, ['N', 3])],
      nodes: [node('Frobnicate', ['pixels'], ['scores'])],
    });
    await expect(openBytes(encodeModel(strange), 'somewhere/model.onnx', 1)).rejects.toThrow(
      /^onnxruntime can't load somewhere\/model\.onnx: node "scores" asks for the operator Frobnicate/,
    );
  });
});
