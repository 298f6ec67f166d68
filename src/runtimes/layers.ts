// The seam to what an engine can tell of a model's inside: sums beside every answer, whole maps, the local error.
import type { LayerMaps, LocalEquivariance, ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { Elements } from './classifier.js';

/** An opened model whose layers' global sums come out with its answers. */
export type Tracer = {
  readonly runtime: string;
  /** Runs `count` views as `Classifier.run` does; `sums` by layer, `[count, channels]`. */
  readonly run: (
    input: Elements,
    count: number,
  ) => Promise<{ readonly outputs: Float32Array; readonly sums: readonly Float32Array[] }>;
  readonly close: () => Promise<void>;
};

/** An opened model whose layers' whole maps can be read. */
export type MapReader = {
  /** The maps of one view, by layer. */
  readonly read: (input: Elements) => Promise<readonly LayerMaps[]>;
  readonly close: () => Promise<void>;
};

/** An opened model whose local equivariance error can be measured. */
export type LocalMeasurer = {
  /** @param input one prepared view */
  readonly measure: (input: Float32Array) => Promise<LocalEquivariance>;
  readonly close: () => Promise<void>;
};

/** How an engine looks inside a model. */
export type Layers = {
  /** What there is to look at; with `local`, also the steps of the local equivariance error. */
  readonly describe: (model: Model, selection: readonly string[], local: boolean) => Promise<ModelLayers>;
  /** Sums of the named layers beside every answer. */
  readonly trace: (model: Model, names: readonly string[], threads: number) => Promise<Tracer>;
  /** Whole maps of the named layers. */
  readonly maps: (model: Model, names: readonly string[], threads: number) => Promise<MapReader>;
  /** The local equivariance error of every step; for a model that `describe` found fit for it. */
  readonly local: (model: Model, threads: number) => Promise<LocalMeasurer>;
};
