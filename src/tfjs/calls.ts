// A Keras model as one list of calls in the order of data: models inside models are taken apart, shared layers are called
// as often as they are. What names a layer here names it everywhere.
import { InputError } from '../core/errors.js';
import type { LayersTopology, TensorReference, TfjsLayer } from './model.js';

/** One call of a layer that isn't itself a model. */
export type LayerCall = {
  /** Unique: the layer's own name; where several models have it, with theirs; from the second call on with its number. */
  readonly name: string;
  readonly layer: TfjsLayer;
  /** Names of the models that the layer lies in, outermost first, without the whole model. */
  readonly within: readonly string[];
  /** Calls whose results it takes, as indices into the list; empty for the model's own inputs. */
  readonly from: readonly number[];
};

export type LayerCalls = {
  readonly calls: readonly LayerCall[];
  /** Indices of the calls that give the model's inputs and outputs. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
};

/** Which of a layer's calls is meant: a model has one more in front, that of its own making. */
function callOf({ inner, calls }: TfjsLayer, call: number): number {
  if (inner === null || call === 0) return call;
  return calls.length === 1 ? 0 : call - 1;
}

/** @throws InputError where a layer takes from one that isn't there, from itself, or from another than the first output */
export function layerCalls(topology: LayersTopology): LayerCalls {
  const found: Omit<LayerCall, 'name'>[] = [];

  const walk = (model: LayersTopology, within: readonly string[], given: readonly number[]): number[] => {
    const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
    const done = new Map<string, readonly number[]>();
    const open = new Set<string>();
    const resolve = ({ layer: name, call, output }: TensorReference): number => {
      const layer = byName.get(name);
      if (layer === undefined) throw new InputError(`The topology takes from a layer "${name}" that isn't there.`);
      const index = callOf(layer, call);
      const key = `${index} ${name}`;
      if (open.has(key)) throw new InputError(`The layer "${name}" takes from itself, past others.`);
      open.add(key);
      const known = done.get(key) ?? results(layer, index);
      open.delete(key);
      done.set(key, known);
      const result = known[output];
      if (result === undefined) {
        throw new InputError(`The topology takes output ${output} of layer "${name}", which has ${known.length}.`);
      }
      return result;
    };
    const results = (layer: TfjsLayer, index: number): readonly number[] => {
      const end = model.inputs.findIndex(({ layer: name }) => name === layer.name);
      const outer = end < 0 ? undefined : given[end];
      if (outer !== undefined) return [outer];
      const from = (layer.calls[index] ?? []).map(resolve);
      if (layer.inner !== null) return walk(layer.inner, [...within, layer.name], from);
      found.push({ layer, within, from });
      return [found.length - 1];
    };
    return model.outputs.map(resolve);
  };

  const outputs = walk(topology, [], []);
  const ends = new Set(topology.inputs.map(({ layer }) => layer));
  const names = uniqueNames(found);
  const calls = found.map((call, i): LayerCall => ({ ...call, name: names[i] ?? call.layer.name }));
  const inputs = calls.flatMap(({ layer, within }, i) => (within.length === 0 && ends.has(layer.name) ? [i] : []));
  return { calls, inputs, outputs };
}

function uniqueNames(calls: readonly Omit<LayerCall, 'name'>[]): string[] {
  const owners = new Map<string, Set<TfjsLayer>>();
  for (const { layer } of calls) owners.set(layer.name, (owners.get(layer.name) ?? new Set()).add(layer));
  const times = new Map<TfjsLayer, number>();
  return calls.map(({ layer, within }) => {
    const time = (times.get(layer) ?? 0) + 1;
    times.set(layer, time);
    const name = (owners.get(layer.name)?.size ?? 0) > 1 ? [...within, layer.name].join('/') : layer.name;
    return time === 1 ? name : `${name} ${time}`;
  });
}
