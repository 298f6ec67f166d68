// Layers of TensorFlow.js models: global sums with every answer and whole maps, computed by the engine from the model's
// own tensors. A fused operator is one layer, whose result is what comes out of it.
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InputError, messageOf } from '../core/errors.js';
import type { LayerMaps, ModelLayers } from '../core/layers.js';
import type { InputSpec, Model } from '../core/model.js';
import type { LayerSelection } from '../graph/audit/choose.js';
import type { LayerAudit, Places } from '../graph/audit/layer.js';
import { gridOf, lookAt } from '../graph/look.js';
import { structureOfTfjs } from '../models/structure.js';
import { layerCalls } from '../tfjs/calls.js';
import { endNames } from '../tfjs/ends.js';
import type { TfjsLayer, TfjsLayersModel, TfjsModel } from '../tfjs/model.js';
import { readTfjs } from '../tfjs/read.js';
import { elementsPerView } from './classifier.js';
import type { Elements } from './classifier.js';
import type { Layers, LocalMeasurer, MapReader, Tracer } from './layers.js';
import { channelsFirst, elementsOf } from './map-order.js';
import { tfjsLibrary } from './tfjs-library.js';
import type { TfjsLibrary } from './tfjs-library.js';
import { openTfjsSession, tfjsAnswer } from './tfjs-open.js';
import type { TfjsSession, TfjsWanted } from './tfjs-open.js';

/** Why the local equivariance error isn't measured. */
const NO_LOCAL =
  'it needs derivatives of every step by itself, which this program computes in ONNX graphs and not in TensorFlow.js';

/**
 * What there is to look at in a model.
 *
 * @throws InputError, naming the model, for layers that aren't there or where none can be looked at
 */
async function describe(model: Model, selection: LayerSelection, local: boolean): Promise<ModelLayers> {
  const { graph, audit } = structureOfTfjs(model, await readTfjs(model.path));
  try {
    const { facts } = lookAt(graph, audit, selection);
    const unavailable = local ? NO_LOCAL : 'not asked for';
    return { model: model.name, ...facts, local: { unavailable }, localBytes: 0 };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${model.name}: ${messageOf(error)}`);
    throw error;
  }
}

/** A layer that is looked at, with its maps' sides; null for the picture, which needs no engine. */
type Tapped = {
  readonly name: string;
  readonly layer: LayerAudit | null;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
};

/** Layers that the engine is asked for: all but the picture. */
type Tap = Tapped & { readonly layer: LayerAudit };

function tappedLayers(model: Model, files: TfjsModel, names: readonly string[]): Tapped[] {
  const { audit } = structureOfTfjs(model, files);
  const byName = new Map(audit.layers.map((layer) => [layer.name, layer]));
  const { name: picture, width, height } = model.input;
  return names.map((name) => {
    if (name === picture) return { name, layer: null, channels: 3, rows: height, columns: width };
    const layer = byName.get(name);
    const grid = layer === undefined ? null : gridOf(layer, audit.input);
    if (layer === undefined || grid === null) {
      throw new InputError(`Expected a layer of ${model.name} with rows and columns but "${name}" is none.`);
    }
    return { name, layer, ...grid };
  });
}

/**
 * The tensors of a layers model's calls, by name: every layer is called again on the model's own input, so that layers of
 * models inside of it have tensors of this model, and none is computed twice.
 */
function tensorsOfCalls(model: LayersModel, { topology }: TfjsLayersModel): ReadonlyMap<string, SymbolicTensor> {
  const { calls } = layerCalls(topology);
  const tensors: SymbolicTensor[] = [];
  const called = new Map<TfjsLayer, ReturnType<LayersModel['getLayer']>>();
  for (const { layer, within, from } of calls) {
    const end = within.length === 0 ? topology.inputs.findIndex((input) => input.layer === layer.name) : -1;
    if (end >= 0) {
      tensors.push(model.inputs[end] as SymbolicTensor);
      continue;
    }
    const owner = within.reduce<LayersModel>((outer, part) => outer.getLayer(part) as unknown as LayersModel, model);
    const own = called.get(layer) ?? owner.getLayer(layer.name);
    called.set(layer, own);
    const taken = from.map((index) => tensors[index] as SymbolicTensor);
    tensors.push(own.apply(taken.length === 1 ? (taken[0] as SymbolicTensor) : taken) as SymbolicTensor);
  }
  // Layers of one model must have names of their own, and those of models inside of it needn't.
  for (const { name, layer } of calls.toReversed()) {
    const own = called.get(layer);
    if (own !== undefined) own.name = name;
  }
  return new Map(calls.map(({ name }, i) => [name, tensors[i] as SymbolicTensor]));
}

/** A node's tensor by its full name: the bare one may be a name of the signature too, which goes first in the engine. */
function tensorOfNode(name: string): string {
  return /:\d+$/.test(name) ? name : `${name}:0`;
}

/** The model's answer and the results of layers as what a session reads. */
function wantedOf(
  model: Model,
  files: TfjsModel,
  taps: readonly Tap[],
  { each, ...read }: Pick<TfjsWanted, 'each' | 'values'>,
): TfjsWanted {
  const answer = tfjsAnswer(model, files);
  const names = taps.map(({ name }) => name);
  return {
    ofLayers: (loaded) => {
      if (files.kind !== 'layers') return [];
      const tensors = tensorsOfCalls(loaded, files);
      const { calls, outputs } = layerCalls(files.topology);
      const index = endNames(files.topology.outputs).indexOf(model.output.name);
      const last = calls[outputs[index] ?? -1]?.name ?? '';
      return [last, ...names].map((name) => tensors.get(name) as SymbolicTensor);
    },
    ofGraph: [...answer.ofGraph, ...names.map(tensorOfNode)],
    each: [...answer.each, ...each],
    ...read,
  };
}

/**
 * Sums over all places, `[N, channels]`, class tokens left out. Where channels come last a mean over all places, times
 * their number: WebAssembly pools in that order, and turns the axes before it sums (64×64×32: 0.12 ms against 0.82).
 */
function summed({ tf }: TfjsLibrary, maps: Tensor, { axes, classTokens: { before, after } }: Places): Tensor {
  const [axis = 1] = axes;
  const begin = maps.shape.map((_, i) => (i === axis ? before : 0));
  const size = maps.shape.map((side, i) => (i === axis ? side - before - after : side));
  const places = before + after === 0 ? maps : tf.slice(maps, begin, size);
  const [batch = 1, rows = 1, columns = 1, channels = 1] = size.length === 3 ? size.toSpliced(2, 0, 1) : size;
  if (axes.includes(maps.rank - 1)) return tf.sum(places, [...axes]);
  const grid = tf.reshape(places, [batch, rows, columns, channels]);
  return tf.mul(tf.avgPool(grid as Tensor4D, [rows, columns], 1, 'valid'), rows * columns);
}

/** Sums of the pictures themselves over all pixels, `[count, 3]`. */
function pictureSums({ width, height, layout }: InputSpec, input: Elements, count: number): Float32Array {
  const area = width * height;
  const sums = new Float64Array(3 * count);
  const [channel, place] = layout === 'NHWC' ? [1, 3] : [area, 1];
  for (let row = 0; row < sums.length; row++) {
    const start = Math.floor(row / 3) * 3 * area + (row % 3) * channel;
    let sum = 0;
    for (let i = 0; i < area; i++) sum += input[start + i * place] as number;
    sums[row] = sum;
  }
  return Float32Array.from(sums);
}

/** What a session of the layers that aren't the picture gave, with the picture's own at its place. */
function withPicture<T>(tapped: readonly Tapped[], found: readonly T[], picture: () => T): T[] {
  let next = 0;
  return tapped.map(({ layer }) => (layer === null ? picture() : (found[next++] as T)));
}

const placesOf = ({ layer }: Tap): Places => layer.places as Places;

/**
 * Opens a model with the results of layers, by name, beside its answer.
 *
 * @param read what is read of them, computed where it isn't the whole result
 */
async function openTaps(
  model: Model,
  names: readonly string[],
  read: (taps: readonly Tap[]) => Pick<TfjsWanted, 'each' | 'values'>,
): Promise<{ readonly session: TfjsSession; readonly tapped: readonly Tapped[] }> {
  let tapped: readonly Tapped[] = [];
  const session = await openTfjsSession(model, (files) => {
    tapped = tappedLayers(model, files, names);
    const taps = tapped.filter((one): one is Tap => one.layer !== null);
    return wantedOf(model, files, taps, read(taps));
  });
  return { session, tapped };
}

/** Opens a model with the sums of layers, by name, beside its answer. */
async function trace(model: Model, names: readonly string[]): Promise<Tracer> {
  const library = await tfjsLibrary(model.engine?.backend ?? 'wasm');
  const { session, tapped } = await openTaps(model, names, (taps) => ({
    each: taps.map(({ channels }) => channels),
    values: ([answer, ...found]) =>
      library.tf.tidy(() => [
        answer as Tensor,
        ...found.map((tensor, i) => summed(library, tensor, placesOf(taps[i] as Tap))),
      ]),
  }));
  return {
    runtime: session.runtime,
    run: async (input, count) => {
      const [outputs, ...found] = await session.run(input, count);
      const sums = withPicture(tapped, found, () => pictureSums(model.input, input, count));
      return { outputs: outputs as Float32Array, sums };
    },
    close: session.close,
  };
}

/** Opens a model with the whole maps of layers, by name. */
async function maps(model: Model, names: readonly string[]): Promise<MapReader> {
  const { session, tapped } = await openTaps(model, names, (taps) => ({
    each: taps.map((tap) => elementsOf(placesOf(tap), tap)),
  }));
  const { layout } = model.input;
  const ofPicture = { layout, classTokens: { before: 0, after: 0 } };
  return {
    read: async (input) => {
      const [, ...found] = await session.run(input, 1);
      const picture = (): Float32Array => Float32Array.from(input.subarray(0, elementsPerView(model.input)));
      return withPicture(tapped, found, picture).map((data, i): LayerMaps => {
        const { layer, channels, rows, columns } = tapped[i] as Tapped;
        const grid = { channels, rows, columns };
        return { ...grid, data: channelsFirst(data, layer === null ? ofPicture : layer.places, grid) };
      });
    },
    close: session.close,
  };
}

function local(model: Model): Promise<LocalMeasurer> {
  return Promise.reject(new InputError(`${model.name}: no local equivariance error: ${NO_LOCAL}.`));
}

/** TensorFlow.js's way to look inside a model. */
export const tfjsLayers: Layers = { describe, trace, maps, local };
