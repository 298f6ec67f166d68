// Keras models as model.json holds them: layers and what each takes. Sequential models become functional ones here, so that
// nobody else needs to know the difference. Form: Keras 2, `Model.get_config` and `Sequential.get_config`.
import { InputError, shown } from '../core/errors.js';
import type { LayersTopology, TensorReference, TfjsLayer } from './model.js';
import { isRecord, kerasModelIn } from './recognise.js';

const MODELS = new Set(['Functional', 'Model', 'Sequential']);

type Config = Readonly<Record<string, unknown>>;

function wrong(path: string, what: string, received: unknown): InputError {
  return new InputError(
    `Expected ${what} in the topology of ${path} but received ${shown(received)}. Convert or save the model again.`,
  );
}

/** ["name", call, output, …]. */
function referenceOf(value: unknown, path: string): TensorReference {
  const [layer, call, output] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof layer === 'string' && typeof call === 'number' && typeof output === 'number') {
    return { layer, call, output };
  }
  throw wrong(path, 'a tensor ["layer", call, output]', value);
}

/** Ends of a model: a list of tensors, or one tensor. */
function endsOf(value: unknown, path: string): TensorReference[] {
  if (!Array.isArray(value)) throw wrong(path, 'a list of tensors ["layer", call, output]', value);
  return typeof value[0] === 'string' ? [referenceOf(value, path)] : value.map((item) => referenceOf(item, path));
}

function callsOf(value: unknown, path: string): TensorReference[][] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(path, 'a list of calls ("inbound_nodes")', value);
  if (value.some(isRecord)) throw keras3(path);
  return (value as unknown[]).map((call) => {
    if (Array.isArray(call)) return call.map((item) => referenceOf(item, path));
    throw wrong(path, 'a list of tensors ["layer", call, output]', call);
  });
}

function keras3(path: string): InputError {
  return new InputError(
    `${path} is a layers model in the form of Keras 3, which TensorFlow.js can't read. Convert the model as a graph model, or save it with Keras 2 (tf_keras) first.`,
  );
}

function layerOf(value: unknown, path: string): Omit<TfjsLayer, 'calls'> & { readonly inbound: unknown } {
  if (!isRecord(value) || typeof value['class_name'] !== 'string' || !isRecord(value['config'])) {
    const inSequence = isRecord(value) && typeof value['class_name'] === 'string' && Array.isArray(value['config']);
    if (!inSequence) throw wrong(path, 'a layer {class_name, config}', value);
  }
  const record = value;
  const className = record['class_name'] as string;
  const config = isRecord(record['config']) ? record['config'] : {};
  // Keras 2 says "batch_input_shape"; files of Keras 2.13 have "module" too, so that tells nothing.
  if (className === 'InputLayer' && config['batch_shape'] !== undefined) throw keras3(path);
  const inner = MODELS.has(className) ? topologyOf(record, path) : null;
  const name = config['name'] ?? record['name'] ?? inner?.name;
  if (typeof name !== 'string') throw wrong(path, `the name of a layer of class ${className}`, name);
  return { className, name, config, inner, inbound: record['inbound_nodes'] };
}

/** The shape that a layer says its input has, as an InputLayer says it. */
function shapeOf(layer: Pick<TfjsLayer, 'config' | 'inner'>): unknown {
  const [input] = layer.inner?.inputs ?? [];
  const inside = layer.inner?.layers.find(({ name }) => name === input?.layer);
  if (inside !== undefined) return shapeOf(inside);
  return layer.config['batch_input_shape'] ?? layer.config['batchInputShape'];
}

/** A chain of layers; the input that it begins with is made up where it has none. */
function sequential(name: string, values: readonly unknown[], path: string): LayersTopology {
  const given = values.map((value) => layerOf(value, path));
  const [first] = given;
  if (first === undefined) throw wrong(path, 'a layer of a sequential model', values);
  const shape = shapeOf(first);
  if (shape === undefined) {
    throw new InputError(
      `Expected the shape of the input in ${path} but its first layer "${first.name}" says none. Save the model after it was built.`,
    );
  }
  const input = {
    className: 'InputLayer',
    name: `${first.name}_input`,
    config: { name: `${first.name}_input`, batch_input_shape: shape },
    inner: null,
  };
  const chain = first.className === 'InputLayer' ? given : [input, ...given];
  const layers = chain.map(({ className, name: layer, config, inner }, i): TfjsLayer => {
    const before = chain[i - 1];
    const calls = before === undefined ? [] : [[{ layer: before.name, call: 0, output: 0 }]];
    return { className, name: layer, config, inner, calls };
  });
  const end = (layer: TfjsLayer | undefined): TensorReference[] => [{ layer: layer?.name ?? '', call: 0, output: 0 }];
  return { name, layers, inputs: end(layers[0]), outputs: end(layers.at(-1)) };
}

function topologyOf(model: Config, path: string): LayersTopology {
  const { class_name: className, config } = model;
  if (!MODELS.has(className as string)) {
    throw new InputError(
      `Expected a Functional or Sequential model in ${path} but it is of the class ${shown(className)}, which TensorFlow.js can't read. Convert the model as a graph model.`,
    );
  }
  const members = isRecord(config) ? config : { layers: config };
  const { name = 'model', layers } = members;
  if (!Array.isArray(layers)) throw wrong(path, 'a list of layers', layers);
  if (className === 'Sequential') return sequential(String(name), layers, path);
  return {
    name: String(name),
    layers: layers.map((value): TfjsLayer => {
      const { inbound, ...layer } = layerOf(value, path);
      return { ...layer, calls: callsOf(inbound, path) };
    }),
    inputs: endsOf(members['input_layers'], path),
    outputs: endsOf(members['output_layers'], path),
  };
}

/**
 * @param topology `modelTopology` of a layers model
 * @param path the file's name, for messages
 * @throws InputError where layers can't be read, or in a form that TensorFlow.js doesn't take
 */
export function layersTopology(topology: unknown, path: string): LayersTopology {
  const model = kerasModelIn(topology);
  if (model === null) throw wrong(path, 'a Keras model', topology);
  return topologyOf(model, path);
}
