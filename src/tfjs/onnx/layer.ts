// A layer of a Keras model as its translation sees it: its settings with TensorFlow.js's defaults, and its weights.
import { InputError } from '../../core/errors.js';
import type { TfjsLayer } from '../model.js';
import { isRecord } from '../recognise.js';
import type { Padding, Sides, Window } from './windows.js';
import type { GraphWriter, Value } from './writer.js';

export type Layer = {
  readonly config: TfjsLayer['config'];
  readonly inputs: readonly Value[];
  readonly input: Value;
  readonly number: (name: string, otherwise: number) => number;
  readonly flag: (name: string, otherwise: boolean) => boolean;
  readonly text: (name: string, otherwise: string) => string;
  readonly numbers: (name: string) => readonly number[] | null;
  readonly pair: (name: string, otherwise: Sides) => Sides;
  /** [[top, bottom], [left, right]] from one number, two, or two pairs. */
  readonly borders: (name: string, otherwise: number) => readonly [Sides, Sides];
  /** The name of its activation; "linear" where it has none. */
  readonly activation: string;
  /** One of its weights by its name in Keras: "kernel". */
  readonly weight: (name: string) => Value;
};

/** From a layer to its result. */
export type LayerTranslation = (write: GraphWriter, layer: Layer) => Value;

function activationOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isRecord(value) ? String(value['class_name'] ?? value['name']) : 'linear';
}

function pairOf(value: unknown): Sides | null {
  if (typeof value === 'number') return [value, value];
  if (!Array.isArray(value) || value.length === 0) return null;
  const [first, second = first] = value as unknown[];
  return typeof first === 'number' && typeof second === 'number' ? [first, second] : null;
}

/** @param weight a weight of the model by "layer/weight" */
export function layerOf(
  { config, name: own }: TfjsLayer,
  inputs: readonly Value[],
  weight: (name: string) => Value | undefined,
): Layer {
  const [input] = inputs;
  if (input === undefined) throw new InputError('it takes nothing');
  return {
    config,
    inputs,
    input,
    number: (name, otherwise) => (typeof config[name] === 'number' ? config[name] : otherwise),
    flag: (name, otherwise) => (typeof config[name] === 'boolean' ? config[name] : otherwise),
    text: (name, otherwise) => (typeof config[name] === 'string' ? config[name] : otherwise),
    numbers: (name) => {
      const value = config[name];
      if (typeof value === 'number') return [value];
      return Array.isArray(value) ? (value as unknown[]).map((item) => (typeof item === 'number' ? item : -1)) : null;
    },
    pair: (name, otherwise) => pairOf(config[name]) ?? otherwise,
    borders: (name, otherwise) => {
      const value = config[name] ?? otherwise;
      const [rows, columns] = Array.isArray(value) ? (value as unknown[]) : [value, value];
      return [pairOf(rows) ?? [otherwise, otherwise], pairOf(columns) ?? [otherwise, otherwise]];
    },
    activation: activationOf(config['activation']),
    weight: (name) => {
      const found = weight(`${own}/${name}`);
      if (found === undefined) throw new InputError(`its weight "${own}/${name}" is not in the manifest`);
      return found;
    },
  };
}

/** @throws InputError where channels come first, which TensorFlow.js's engines don't run */
export function channelsLast({ text }: Layer): void {
  const format = text('data_format', 'channels_last').toLowerCase().replaceAll('_', '');
  if (format !== 'channelslast') throw new InputError('its channels come first (channels_first)');
}

/** Strides, dilations and padding of a convolution. */
export function slidingWindow(layer: Layer): Omit<Window, 'kernel'> {
  channelsLast(layer);
  return {
    strides: layer.pair('strides', [1, 1]),
    dilations: layer.pair('dilation_rate', [1, 1]),
    padding: paddingOf(layer),
  };
}

export function paddingOf({ text }: Layer): Padding {
  const name = text('padding', 'valid').toLowerCase();
  if (name === 'same' || name === 'valid') return name;
  throw new InputError(`its padding "${name}" is not known`);
}
