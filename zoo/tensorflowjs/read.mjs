// A network of the zoo as a chain of steps in TensorFlow's order of axes: what both kinds of TensorFlow.js model are made of.
import { readModel } from '../../dist/graph/read.js';

/** Operators that are converted: from a node and its weights to a step. */
const STEPS = {
  Conv: ({ ints, input }, weights) => {
    const { shape, values } = weights.get(input[1]);
    const [out, depth, rows, columns] = shape;
    return {
      type: 'convolution',
      strides: ints('strides', [1, 1]),
      dilations: ints('dilations', [1, 1]),
      pads: ints('pads', [0, 0, 0, 0]),
      kernel: { shape: [rows, columns, depth, out], values: turned(values, shape, [2, 3, 1, 0]) },
      bias: weights.get(input[2]),
    };
  },
  Relu: () => ({ type: 'relu' }),
  MaxPool: ({ ints }) => ({ type: 'maximum', kernel: ints('kernel_shape'), strides: ints('strides', [1, 1]) }),
  AveragePool: ({ ints }) => ({ type: 'average', kernel: ints('kernel_shape'), strides: ints('strides', [1, 1]) }),
  ReduceMean: () => ({ type: 'mean' }),
  Gemm: ({ input }, weights) => {
    const { shape, values } = weights.get(input[1]);
    const [out, depth] = shape;
    return {
      type: 'dense',
      kernel: { shape: [depth, out], values: turned(values, shape, [1, 0]) },
      bias: weights.get(input[2]),
    };
  },
};

/**
 * @param {string} path the model's file
 * @returns {Promise<{input: {name: string, side: number}, steps: readonly object[], classes: number}>}
 *   each step has its node's name besides
 */
export async function readNetwork(path) {
  const { graph } = (await readModel(path)).model;
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, weightOf(tensor)]));
  const [input] = graph.input;
  const side = Number(input.type.value.value.shape.dim[2].value.value);
  let before = input.name;
  const steps = graph.node.map((node) => {
    const pools = node.opType.endsWith('Pool');
    const step = STEPS[node.opType];
    const ints = (name, otherwise) =>
      node.attribute.find((attribute) => attribute.name === name)?.ints.map(Number) ?? otherwise;
    const padded = pools && ints('pads', [0]).some((pad) => pad > 0);
    if (step === undefined || node.input[0] !== before || padded) {
      throw new Error(
        `${path}: ${node.name} (${node.opType}) isn't converted. A chain of ${Object.keys(STEPS).join(', ')} is, with pools that don't pad.`,
      );
    }
    before = node.output[0];
    return { ...step({ ints, input: node.input }, weights), name: before };
  });
  const last = steps.at(-1);
  return { input: { name: input.name, side }, steps, classes: last.bias.values.length };
}

function weightOf({ dims, rawData }) {
  // A copy: places in the file needn't be multiples of four bytes.
  return { shape: dims.map(Number), values: new Float32Array(Uint8Array.from(rawData).buffer) };
}

/** Values with the axes in another order: for each new axis the old one. */
function turned(values, shape, order) {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const dims = order.map((axis) => shape[axis]);
  return values.map((_, to) => {
    let [from, rest] = [0, to];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += (rest % dims[axis]) * steps[order[axis]];
      rest = Math.floor(rest / dims[axis]);
    }
    return values[from];
  });
}
