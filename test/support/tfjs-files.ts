// TensorFlow.js models made in tests: layers models by its own library, graph models node by node, both as files.
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { randomFor } from '../../src/core/random.js';
import type { TfjsNode } from '../../src/tfjs/model.js';

/** Files of a model: model.json and its weights. */
export type TfjsFiles = { readonly 'model.json': string; readonly 'weights.bin': Uint8Array };

/** Weights of a graph model by the name of their node. */
export type GraphWeights = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: Float32Array | Int32Array }>
>;

/** Numbers between −1 and 1, always the same. */
export function noise(length: number, seed = 1): Float32Array {
  const random = randomFor(seed);
  return Float32Array.from({ length }, () => 2 * random.uniform() - 1);
}

/** Gives a layers model weights that aren't those of its initialisers: variances stay positive. */
export function withNoise(model: LayersModel, seed = 1): LayersModel {
  const weights = model.getWeights();
  const names = model.weights.map(({ name }) => name);
  const values = weights.map(({ shape, size }, i) => {
    const numbers = noise(size, seed + i);
    const positive = names[i]?.includes('variance') === true;
    return tf.tensor(positive ? numbers.map((value) => 1 + value / 2) : numbers, shape);
  });
  model.setWeights(values);
  tf.dispose(values);
  return model;
}

/** What `model.save` writes. */
export async function layersFiles(model: LayersModel): Promise<TfjsFiles> {
  const saved: TfjsFiles[] = [];
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      const { modelTopology, weightSpecs, weightData } = artifacts;
      saved.push({
        'model.json': JSON.stringify({
          format: 'layers-model',
          modelTopology,
          weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
        }),
        'weights.bin': new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
      });
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
    }),
  );
  return saved[0] as TfjsFiles;
}

/** An attribute as protobuf writes it in JSON. */
export const attribute = {
  text: (text: string) => ({ s: Buffer.from(text).toString('base64') }),
  texts: (...texts: readonly string[]) => ({ list: { s: texts.map((text) => Buffer.from(text).toString('base64')) } }),
  numbers: (...numbers: readonly number[]) => ({ list: { i: numbers.map(String) } }),
  number: (number: number) => ({ i: String(number) }),
  fraction: (number: number) => ({ f: number }),
  flag: (flag: boolean) => ({ b: flag }),
  type: (type: string) => ({ type }),
} as const;

export function graphNode(
  op: string,
  name: string,
  input: readonly string[],
  attr: Readonly<Record<string, unknown>> = {},
): TfjsNode {
  return { name, op, input, attr: { T: attribute.type('DT_FLOAT'), ...attr } };
}

/** A graph model of a picture "pixels" [N, side, side, 3] and an answer. */
export function graphFiles(
  side: number,
  nodes: readonly TfjsNode[],
  weights: GraphWeights,
  answer: string,
  classes: number,
): TfjsFiles {
  const shape = (...sides: readonly number[]) => ({ dim: sides.map((size) => ({ size: String(size) })) });
  const dtype = (values: Float32Array | Int32Array): string => (values instanceof Float32Array ? 'float32' : 'int32');
  const type = (values: Float32Array | Int32Array) =>
    attribute.type(values instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32');
  const constants = Object.entries(weights).map(([name, { values }]) => ({
    name,
    op: 'Const',
    attr: { dtype: type(values) },
  }));
  const end = (name: string, ...sides: readonly number[]) => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: shape(...sides),
  });
  const picture = {
    name: 'pixels',
    op: 'Placeholder',
    attr: { dtype: attribute.type('DT_FLOAT'), shape: { shape: shape(-1, side, side, 3) } },
  };
  const data = Object.values(weights).map(({ values }) => new Uint8Array(values.buffer));
  return {
    'model.json': JSON.stringify({
      format: 'graph-model',
      signature: {
        inputs: { pixels: end('pixels', -1, side, side, 3) },
        outputs: { answer: end(answer, -1, classes) },
      },
      modelTopology: { node: [picture, ...constants, ...nodes], versions: { producer: 1 } },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: Object.entries(weights).map(([name, { shape: sides, values }]) => ({
            name,
            shape: sides,
            dtype: dtype(values),
          })),
        },
      ],
    }),
    'weights.bin': new Uint8Array(Buffer.concat(data)),
  };
}
