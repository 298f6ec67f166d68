// A zoo network as a graph model, as the TensorFlow.js converter writes graphs: padding apart, each convolution fused with
// its bias and the ReLU behind it and named like that.

const FLOAT = { type: 'DT_FLOAT' };
const text = (content) => ({ s: Buffer.from(content).toString('base64') });
const numbers = (...content) => ({ list: { i: content.map(String) } });
const shape = (...sides) => ({ dim: sides.map((size) => ({ size: String(size) })) });

export function graphModel({ input: { name: picture, side }, steps, classes }) {
  const nodes = [];
  const weights = [];
  const constant = (name, { shape: sides, values }) => {
    const dtype = values instanceof Int32Array ? { type: 'DT_INT32' } : FLOAT;
    nodes.push({ name, op: 'Const', attr: { dtype, value: { tensor: { dtype: dtype.type, tensorShape: shape(...sides) } } } });
    weights.push({ name, shape: sides, values });
    return name;
  };
  const whole = (name, sides, ...content) => constant(name, { shape: sides, values: Int32Array.from(content) });
  let before = picture;
  const add = (name, op, input, attr = {}) => {
    nodes.push({ name, op, input: [before, ...input], attr: { T: FLOAT, ...attr } });
    before = name;
  };
  const fused = (activation) => ({
    num_args: { i: '1' },
    fused_ops: { list: { s: ['BiasAdd', ...activation].map((op) => text(op).s) } },
    epsilon: { f: 0 },
  });
  const sliding = (strides) => ({
    strides: numbers(1, ...strides, 1),
    padding: text('VALID'),
    data_format: text('NHWC'),
  });

  nodes.push({
    name: picture,
    op: 'Placeholder',
    attr: { dtype: FLOAT, shape: { shape: shape(-1, side, side, 3) } },
  });
  for (const [i, { type, name, ...step }] of steps.entries()) {
    const activated = steps[i + 1]?.type === 'relu';
    const pool = () => ({ ...sliding(step.strides), ksize: numbers(1, ...step.kernel, 1) });
    if (type === 'convolution') {
      const [top, left, bottom, right] = step.pads;
      if (top + left + bottom + right > 0) {
        const pads = [0, 0, top, bottom, left, right, 0, 0];
        add(`${name}/pad`, 'Pad', [whole(`${name}/pad/paddings`, [4, 2], ...pads)], { Tpaddings: { type: 'DT_INT32' } });
      }
      const input = [constant(`${name}/kernel`, step.kernel), constant(`${name}/bias`, step.bias)];
      add(activated ? steps[i + 1].name : name, '_FusedConv2D', input, {
        ...sliding(step.strides),
        dilations: numbers(1, ...step.dilations, 1),
        ...fused(activated ? ['Relu'] : []),
      });
    } else if (type === 'relu' && steps[i - 1]?.type !== 'convolution') add(name, 'Relu', []);
    else if (type === 'maximum') add(name, 'MaxPool', [], pool());
    else if (type === 'average') add(name, 'AvgPool', [], pool());
    else if (type === 'mean') add(name, 'Mean', [whole(`${name}/axes`, [2], 1, 2)], { keep_dims: { b: false } });
    else if (type === 'dense') {
      const input = [constant(`${name}/kernel`, step.kernel), constant(`${name}/bias`, step.bias)];
      add(name, '_FusedMatMul', input, { transpose_a: { b: false }, transpose_b: { b: false }, ...fused([]) });
    }
  }
  const end = (name, ...sides) => ({ name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: shape(...sides) });
  return {
    model: {
      format: 'graph-model',
      signature: {
        inputs: { [picture]: end(picture, -1, side, side, 3) },
        outputs: { [before]: end(before, -1, classes) },
      },
      modelTopology: { node: nodes, versions: { producer: 1 } },
    },
    weights,
  };
}
