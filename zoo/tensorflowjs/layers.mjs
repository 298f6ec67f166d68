// A zoo network as a layers model: the JSON of a functional Keras model, its layers named like the steps.

const LAYERS = {
  convolution: ({ name, kernel, strides, dilations }) => ({
    class_name: 'Conv2D',
    config: {
      name,
      filters: kernel.shape[3],
      kernel_size: kernel.shape.slice(0, 2),
      strides,
      dilation_rate: dilations,
      padding: 'valid',
      use_bias: true,
    },
  }),
  relu: ({ name }) => ({ class_name: 'ReLU', config: { name } }),
  maximum: (step) => pool('MaxPooling2D', step),
  average: (step) => pool('AveragePooling2D', step),
  mean: ({ name }) => ({ class_name: 'GlobalAveragePooling2D', config: { name } }),
  dense: ({ name, kernel }) => ({ class_name: 'Dense', config: { name, units: kernel.shape[1], use_bias: true } }),
};

function pool(className, { name, kernel, strides }) {
  return { class_name: className, config: { name, pool_size: kernel, strides, padding: 'valid' } };
}

/** The padding of a convolution is a layer of its own: Keras knows no other than none and its own rule. */
function padding({ name, pads }) {
  const [top = 0, left = 0, bottom = 0, right = 0] = pads ?? [];
  if (top + left + bottom + right === 0) return [];
  const sides = [
    [top, bottom],
    [left, right],
  ];
  return [{ class_name: 'ZeroPadding2D', config: { name: `${name}/pad`, padding: sides } }];
}

export function layersModel({ input: { name, side }, steps }) {
  const input = { class_name: 'InputLayer', config: { name, batch_input_shape: [null, side, side, 3], dtype: 'float32' } };
  const chain = [input, ...steps.flatMap((step) => [...padding(step), LAYERS[step.type](step)])];
  const layers = chain.map((layer, i) => ({
    ...layer,
    name: layer.config.name,
    inbound_nodes: i === 0 ? [] : [[[chain[i - 1].config.name, 0, 0, {}]]],
  }));
  const config = {
    name: 'network',
    layers,
    input_layers: [[name, 0, 0]],
    output_layers: [[layers.at(-1).name, 0, 0]],
  };
  const weights = steps.flatMap(({ name: layer, kernel, bias }) =>
    bias === undefined
      ? []
      : [
          { name: `${layer}/kernel`, ...kernel },
          { name: `${layer}/bias`, ...bias },
        ],
  );
  return {
    model: {
      format: 'layers-model',
      modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: { class_name: 'Functional', config } },
    },
    weights,
  };
}
