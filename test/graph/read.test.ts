import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { model, node, tensor, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { decodeModel, readModel } from '../../src/graph/read.js';
import { encodeModel } from '../../src/graph/write.js';
import { meanClassifier } from '../support/mean-classifier.js';

const whole = meanClassifier();
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const give = 'Give an .onnx file or a folder with one.';

function messageFor(bytes: Uint8Array): string {
  try {
    decodeModel(bytes, 'm.onnx');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return 'no error';
}

describe('files that are no model', () => {
  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(), 'Expected an ONNX model in m.onnx but the file is empty. Download or copy it again.'],
    [
      'HTML',
      text('<!DOCTYPE html><html>'),
      'Expected an ONNX model in m.onnx but the file looks like an HTML page. The download saved a web page: download the file itself again.',
    ],
    ['JSON', text('{"error": "not found"}'), `Expected an ONNX model in m.onnx but the file looks like JSON. ${give}`],
    [
      'zip',
      text('PK\u0003\u0004....'),
      `Expected an ONNX model in m.onnx but the file looks like a zip archive (a PyTorch checkpoint, a Keras model or a packed download). ${give}`,
    ],
    [
      'JPEG',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16),
      `Expected an ONNX model in m.onnx but the file looks like a JPEG picture. ${give}`,
    ],
    [
      'Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'),
      'Expected an ONNX model in m.onnx but the file looks like a Git LFS pointer. Fetch the file itself with "git lfs pull".',
    ],
    ['plain text', text('hello world'), `Expected an ONNX model in m.onnx but the file looks like plain text. ${give}`],
    [
      'TensorFlow Lite',
      text('\u001c\u0000\u0000\u0000TFL3\u0014\u0000'),
      `Expected an ONNX model in m.onnx but the file looks like a TensorFlow Lite model. Convert the model that it was made from with tensorflowjs_converter or to ONNX.`,
    ],
    [
      'unknown bytes',
      Uint8Array.of(0, 1, 2, 3, 4),
      `Expected an ONNX model in m.onnx but the file is not one: its first bytes are not those of an ONNX file. ${give}`,
    ],
  ])('%s', (_, bytes, message) => {
    expect(messageFor(bytes)).toBe(message);
  });
});

describe('parts of a model', () => {
  it('names the bytes that are missing', () => {
    const half = whole.subarray(0, Math.floor(whole.length / 2));
    expect(messageFor(half)).toMatch(
      /^Expected a whole ONNX model in m\.onnx but the file is truncated: it needs at least \d+ bytes and has \d+\. Download or copy it again\.$/,
    );
  });

  it('never accepts a shorter file as a whole model', () => {
    for (let length = 0; length < whole.length - 6; length++) {
      expect(messageFor(whole.subarray(0, length)), `${length} bytes`).toMatch(
        /^Expected an? (whole )?ONNX model in m\.onnx but/,
      );
    }
  });

  it('says that a graph without nodes is none', () => {
    const none = encodeModel(model({ inputs: [], outputs: [], nodes: [] }));
    expect(messageFor(none)).toBe(
      'Expected an ONNX model in m.onnx but its graph has no nodes. Export the model again.',
    );
  });

  it('says that a file is missing', async () => {
    await expect(readModel('nowhere.onnx')).rejects.toThrow(
      /^Expected a readable ONNX model at nowhere\.onnx but reading it failed: ENOENT/,
    );
  });
});

describe('what is read', () => {
  it('shares the bytes of weights with the file', () => {
    const { graph } = decodeModel(whole, 'm.onnx');
    expect(graph.initializer[0]?.rawData.buffer).toBe(whole.buffer);
  });

  it('is written back byte for byte, unknown fields too', () => {
    expect(encodeModel(decodeModel(whole, 'm.onnx'))).toEqual(whole);
    // Field 100, wire type 2, three bytes: none of ONNX's.
    const unknown = Uint8Array.of(...whole, 0xa2, 0x06, 3, 1, 2, 3);
    const written = encodeModel(decodeModel(unknown, 'm.onnx'));
    expect(Buffer.from(written).includes(Buffer.from([0xa2, 0x06, 3, 1, 2, 3]))).toBe(true);
  });

  it('keeps attributes by their types', () => {
    const parts = {
      inputs: [value('x', DataType.FLOAT, ['N', 3])],
      outputs: [value('y', DataType.FLOAT, null)],
      nodes: [
        node('A', ['x'], ['y'], {
          i: 2n,
          f: 0.5,
          s: 'é',
          is: [1n, 2n],
          fs: [0.5, 1],
          t: tensor('w', [1], new Float32Array([7])),
        }),
      ],
    };
    const read = decodeModel(encodeModel(model(parts)), 'm').graph.node[0]?.attribute ?? [];
    expect(read.map(({ name, type }) => [name, type])).toEqual([
      ['i', 2],
      ['f', 1],
      ['s', 3],
      ['is', 7],
      ['fs', 6],
      ['t', 4],
    ]);
    expect(
      read.map(({ i, f, s, ints, floats, t }) => [i, f, new TextDecoder().decode(s), ints, floats, t?.dims])[2]?.[2],
    ).toBe('é');
  });
});
