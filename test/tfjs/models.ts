// Small TensorFlow.js models for tests, written out by hand: the mean colour of a 4×4 picture into two classes.

/** Numbers 0, 1, 2, … as float32 bytes. */
export function floats(count: number): Uint8Array {
  return new Uint8Array(Float32Array.from({ length: count }, (_, i) => i).buffer);
}

/** A sequential layers model as `model.save` writes it. */
export function layersJson(activation = 'softmax', shard = 'weights.bin') {
  return {
    format: 'layers-model',
    modelTopology: {
      class_name: 'Sequential',
      config: {
        name: 'small',
        layers: [
          {
            class_name: 'GlobalAveragePooling2D',
            config: { name: 'pool', batch_input_shape: [null, 4, 4, 3], dtype: 'float32' },
          },
          { class_name: 'Dense', config: { name: 'dense', units: 2, activation, use_bias: true } },
        ],
      },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [
      {
        paths: [shard],
        weights: [
          { name: 'dense/kernel', shape: [3, 2], dtype: 'float32' },
          { name: 'dense/bias', shape: [2], dtype: 'float32' },
        ],
      },
    ],
  };
}

const FLOAT = { type: 'DT_FLOAT' };
const dims = (...sides: readonly number[]) => ({ dim: sides.map((size) => ({ size: String(size) })) });

/** A graph model: mean over places, product with a matrix, softmax where `last` says so. */
export function graphJson(last = 'Softmax') {
  return {
    format: 'graph-model',
    generatedBy: '2.15.0',
    convertedBy: 'TensorFlow.js Converter v4.22.0',
    signature: {
      inputs: { image: { name: 'x:0', dtype: 'DT_FLOAT', tensorShape: dims(-1, 4, 4, 3) } },
      outputs: { scores: { name: 'Identity:0', dtype: 'DT_FLOAT', tensorShape: dims(-1, 2) } },
    },
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder', attr: { dtype: FLOAT, shape: { shape: dims(-1, 4, 4, 3) } } },
        { name: 'axes', op: 'Const', attr: { dtype: { type: 'DT_INT32' } } },
        { name: 'kernel', op: 'Const', attr: { dtype: FLOAT } },
        { name: 'mean', op: 'Mean', input: ['x', 'axes'], attr: { T: FLOAT, keep_dims: { b: false } } },
        { name: 'product', op: 'MatMul', input: ['mean', 'kernel'], attr: { T: FLOAT } },
        { name: 'answer', op: last, input: ['product'], attr: { T: FLOAT } },
        { name: 'Identity', op: 'Identity', input: ['answer'], attr: { T: FLOAT } },
      ],
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: [
          { name: 'axes', shape: [2], dtype: 'int32', quantization: { dtype: 'uint8', scale: 1, min: 1 } },
          { name: 'kernel', shape: [3, 2], dtype: 'float32' },
        ],
      },
    ],
  };
}

/** A functional layers model with two heads: classes of 2 ("small") and of 5 ("large"). */
export function twoHeads() {
  const dense = (name: string, units: number) => ({
    class_name: 'Dense',
    name,
    config: { name, units, activation: 'softmax', use_bias: false },
    inbound_nodes: [[['pool', 0, 0, {}]]],
  });
  return {
    format: 'layers-model',
    modelTopology: {
      model_config: {
        class_name: 'Functional',
        config: {
          name: 'heads',
          layers: [
            {
              class_name: 'InputLayer',
              name: 'x',
              config: { name: 'x', batch_input_shape: [null, 4, 4, 3], dtype: 'float32' },
              inbound_nodes: [],
            },
            {
              class_name: 'GlobalAveragePooling2D',
              name: 'pool',
              config: { name: 'pool' },
              inbound_nodes: [[['x', 0, 0, {}]]],
            },
            dense('small', 2),
            dense('large', 5),
          ],
          input_layers: [['x', 0, 0]],
          output_layers: [
            ['small', 0, 0],
            ['large', 0, 0],
          ],
        },
      },
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: [
          { name: 'small/kernel', shape: [3, 2], dtype: 'float32' },
          { name: 'large/kernel', shape: [3, 5], dtype: 'float32' },
        ],
      },
    ],
  };
}

/** Bytes of `graphJson`'s weights: axes 1 and 2, then the matrix. */
export function graphBytes(matrix: readonly number[]): Uint8Array {
  return Uint8Array.of(0, 1, ...new Uint8Array(Float32Array.from(matrix).buffer));
}

/** Writes a model into a folder; returns the path of its model.json. */
export function writeModel(
  write: (path: string, content: Uint8Array | string | object) => string,
  folder: string,
  json: object,
  weights: Uint8Array,
): string {
  write(`${folder}/weights.bin`, weights);
  return write(`${folder}/model.json`, json);
}
