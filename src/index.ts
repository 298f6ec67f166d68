// The library: the same rooms that the command line stands on. Everything exported here is documented in docs/library.md.
export { InputError, PictureError, RunError } from './core/errors.js';
export { isEstimate } from './core/estimate.js';
export type { Comparison, Estimate, MaybeEstimate, Unavailable } from './core/estimate.js';
export type {
  LayerResult,
  LayersProtocol,
  LayersResult,
  LocalEquivariance,
  LocalResult,
  LossResult,
  ModelLayers,
  PictureTrace,
} from './core/layers.js';
export type { InputSpec, KernelName, Model, OutputSpec, Preprocessing } from './core/model.js';
export type { Observation, ViewObservation } from './core/observation.js';
export type { Box, Label, PictureEntry, Raster } from './core/picture.js';
export type { KernelsResult } from './core/kernels.js';
export { protocolHash } from './core/protocol.js';
export type { Protocol } from './core/protocol.js';
export type { ClassResult, DatasetResult } from './core/dataset.js';
export { randomFor } from './core/random.js';
export type { Random } from './core/random.js';
export type { ModelResult, Result, RunRecord, Shard } from './core/result.js';
export type { Answer, Coordinates, Frame, Group, Probe, ProbePicture, View, ViewGenerator } from './core/view.js';
export { measureDataset } from './dataset/measure.js';
export type { DatasetOptions } from './dataset/measure.js';
export { readBoxes } from './dataset/read/open.js';
export type { BoxRecord } from './dataset/record.js';
export { auditGraph } from './graph/audit/audit.js';
export { chooseLayers } from './graph/audit/choose.js';
export type { LayerSelection } from './graph/audit/choose.js';
export type { GraphAudit, LayerAudit } from './graph/audit/layer.js';
export { readModel } from './graph/read.js';
export { tapGraph } from './graph/tap.js';
export { encodeModel } from './graph/write.js';
export { decodePicture } from './image/decode.js';
export { resizeRaster } from './image/resize.js';
export { createCollector } from './metrics/collect.js';
export { compareModels } from './metrics/compare.js';
export { estimatesOf } from './metrics/estimate.js';
export type { Metric, Tally } from './metrics/metric.js';
export { layerMetrics } from './metrics/layers/registry.js';
export { metrics } from './metrics/registry.js';
export { evaluateThresholds, parseThreshold } from './metrics/threshold.js';
export { verdict } from './metrics/verdict.js';
export { pullableModel, pullModel } from './models/pull.js';
export { defaultPictures } from './pictures/defaults.js';
export { listFilms } from './pictures/films.js';
export { listHash, listPictures } from './pictures/sources.js';
export { findPreset, presets } from './probes/presets.js';
export { makeProtocol } from './probes/protocol.js';
export { parseRemedies } from './remedies/registry.js';
export type { Remedy } from './remedies/remedy.js';
export { withRemedies } from './remedies/variants.js';
export { buildDatasetPage } from './report/dataset/page.js';
export { buildFigures } from './report/figures.js';
export type { PageInput } from './report/input.js';
export { buildPage } from './report/page.js';
export { noStages, openMeasurer } from './run/measure.js';
export type { Measurer } from './run/measure.js';
export { openModels } from './run/open.js';
export { publish } from './run/publish.js';
export { runProbe } from './run/run.js';
export type { Progress, RunOptions, RunOutcome } from './run/run.js';
export { trace } from './run/trace.js';
export type { Trace } from './run/trace.js';
