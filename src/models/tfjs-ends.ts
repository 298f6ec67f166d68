// The inputs and outputs of a TensorFlow.js model, of either kind in one form.
import { expected, unknownName } from '../core/errors.js';
import { endNames } from '../tfjs/ends.js';
import type { TfjsModel } from '../tfjs/model.js';
import type { GraphValue } from './values.js';

/** TensorFlow's names of element types in this program's words. */
const TYPES: Readonly<Record<string, string>> = {
  DT_FLOAT: 'float32',
  DT_HALF: 'float16',
  DT_DOUBLE: 'float64',
  DT_UINT8: 'uint8',
  DT_INT32: 'int32',
  DT_INT64: 'int64',
  DT_STRING: 'string',
  DT_BOOL: 'bool',
};

function shapeIn(config: Readonly<Record<string, unknown>>): (number | null)[] | null {
  const shape = config['batch_input_shape'] ?? config['batchInputShape'];
  if (!Array.isArray(shape)) return null;
  return (shape as unknown[]).map((side) => (typeof side === 'number' && side > 0 ? side : null));
}

/** What must be fed; a layers model's by the names of its input layers, a graph model's by those of its signature. */
export function tfjsInputs(model: TfjsModel): GraphValue[] {
  if (model.kind === 'graph') {
    return model.topology.inputs.map(({ key, dtype, shape }) => ({
      name: key,
      type: dtype === null ? 'float32' : (TYPES[dtype] ?? dtype),
      shape,
    }));
  }
  const { inputs, layers } = model.topology;
  const names = endNames(inputs);
  return inputs.map(({ layer }, i) => {
    const config = layers.find(({ name }) => name === layer)?.config ?? {};
    const { dtype } = config;
    return { name: names[i] ?? '', type: typeof dtype === 'string' ? dtype : 'float32', shape: shapeIn(config) };
  });
}

/** What it gives. A layers model doesn't say its outputs' shapes. */
export function tfjsOutputs(model: TfjsModel): GraphValue[] {
  if (model.kind === 'layers') {
    return endNames(model.topology.outputs).map((name) => ({ name, type: 'float32', shape: null }));
  }
  return model.topology.outputs.map(({ key, dtype, shape }) => ({
    name: key,
    type: dtype === null ? 'float32' : (TYPES[dtype] ?? dtype),
    shape,
  }));
}

/**
 * Of several ends the one that the user named; null where none was named.
 *
 * @param asked names given for all models of a run: those that this model doesn't have are other models'
 * @throws InputError where the names that this model has are more than one, or none of them is its own
 */
export function namedEnd(
  ends: readonly GraphValue[],
  asked: readonly string[],
  flag: '--input-name' | '--output-name',
  path: string,
): GraphValue | null {
  if (asked.length === 0 || ends.length === 1) return null;
  const found = ends.filter(({ name }) => asked.includes(name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    throw expected(`${flag} of ${path}`, 'one name', found.map(({ name }) => name).join(', '));
  }
  const kind = flag === '--input-name' ? 'input' : 'output';
  throw unknownName(
    `${kind} of ${path}`,
    asked[0] ?? '',
    ends.map(({ name }) => name),
  );
}
