// Layers of ONNX models in onnxruntime: what there is to look at, sums with every answer, whole maps on demand.
import { InputError, messageOf } from '../core/errors.js';
import type { LayerMaps, ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import { auditGraph } from '../graph/audit/audit.js';
import type { LayerSelection } from '../graph/audit/choose.js';
import type { GraphAudit, LayerAudit } from '../graph/audit/layer.js';
import { gridOf, lookAt, pictureLayer } from '../graph/look.js';
import { readModel, type OnnxModel } from '../graph/read.js';
import { tapGraph } from '../graph/tap.js';
import { encodeModel } from '../graph/write.js';
import { planLocal } from '../graph/local.js';
import type { Layers, LocalMeasurer, MapReader, Tracer } from './layers.js';
import { channelsFirst, elementsOf } from './map-order.js';
import type { Grid } from './map-order.js';
import { answerOf, onnxRuntimeName, sessionRunner } from './onnx.js';
import { openBytes } from './onnx-bytes.js';
import { openLocal } from './onnx-local.js';

async function audited(model: Model): Promise<{ readonly onnx: OnnxModel; readonly audit: GraphAudit }> {
  const { model: onnx } = await readModel(model.path);
  return { onnx, audit: auditGraph(onnx, { input: model.input }) };
}

/**
 * What there is to look at in a model.
 *
 * @throws InputError, naming the model, for layers that aren't there or where none can be looked at
 */
async function describe(model: Model, selection: LayerSelection, local: boolean): Promise<ModelLayers> {
  const { onnx, audit } = await audited(model);
  try {
    const { facts } = lookAt(onnx, audit, selection);
    const plan = local ? planLocal(onnx, audit, model.output.name) : null;
    return {
      model: model.name,
      ...facts,
      local:
        plan === null
          ? { unavailable: 'not asked for' }
          : 'unavailable' in plan
            ? plan
            : plan.steps.map(({ name, operator }) => ({ name, operator })),
      localBytes: plan !== null && 'bytes' in plan ? plan.bytes : 0,
    };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${model.name}: ${messageOf(error)}`);
    throw error;
  }
}

/** The layers of the given names, in that order; the picture goes by its input's name. */
function layersOf(onnx: OnnxModel, audit: GraphAudit, names: readonly string[]): LayerAudit[] {
  const byName = new Map([pictureLayer(onnx, audit), ...audit.layers].map((layer) => [layer.name, layer]));
  return names.map((name) => {
    const layer = byName.get(name);
    if (layer === undefined) throw new InputError(`Expected a layer of the model but "${name}" is none of them.`);
    return layer;
  });
}

/** Opens a model with the sums of layers, by name, beside its answer. */
async function trace(model: Model, names: readonly string[], threads: number): Promise<Tracer> {
  const { onnx, audit } = await audited(model);
  const layers = layersOf(onnx, audit, names);
  const { model: opened, taps } = tapGraph(onnx, layers);
  const session = await openBytes(encodeModel(opened), model.path, threads);
  const sums = taps.map(({ layer, sum }) => ({ name: sum ?? '', each: gridOf(layer, audit.input)?.channels ?? 0 }));
  const run = sessionRunner(session, model, [answerOf(model), ...sums]);
  return {
    runtime: onnxRuntimeName(),
    run: async (input, count) => {
      const [outputs, ...found] = await run(input, count);
      return { outputs: outputs as Float32Array, sums: found };
    },
    close: () => session.release(),
  };
}

/** Opens a model with the whole maps of layers, by name. */
async function maps(model: Model, names: readonly string[], threads: number): Promise<MapReader> {
  const { onnx, audit } = await audited(model);
  const layers = layersOf(onnx, audit, names);
  const { model: opened, taps } = tapGraph(onnx, layers, { sums: false, maps: names });
  const session = await openBytes(encodeModel(opened), model.path, threads);
  const grids = taps.map(({ layer }) => gridOf(layer, audit.input) ?? { channels: 0, rows: 0, columns: 0 });
  const wanted = taps.map(({ layer, map }, i) => {
    return { name: map ?? '', each: elementsOf(layer.places, grids[i] as Grid) };
  });
  const run = sessionRunner(session, model, [answerOf(model), ...wanted]);
  return {
    read: async (input) => {
      const [, ...found] = await run(input, 1);
      return found.map((data, i): LayerMaps => ({
        ...(grids[i] as Grid),
        data: channelsFirst(data, (layers[i] as LayerAudit).places, grids[i] as Grid),
      }));
    },
    close: () => session.release(),
  };
}

async function local(model: Model, threads: number): Promise<LocalMeasurer> {
  const { onnx, audit } = await audited(model);
  const plan = planLocal(onnx, audit, model.output.name);
  if ('unavailable' in plan) throw new InputError(`${model.name}: no local equivariance error: ${plan.unavailable}.`);
  return openLocal(model, onnx, plan, threads);
}

/** onnxruntime's way to look inside a model. */
export const onnxLayers: Layers = { describe, trace, maps, local };
