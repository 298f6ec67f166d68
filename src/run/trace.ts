// Layers in one call, without a run's folder: for programs that look inside a network picture by picture.
import { InputError, PictureError } from '../core/errors.js';
import type { LayersResult, ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { Observation } from '../core/observation.js';
import type { PictureEntry } from '../core/picture.js';
import type { Protocol } from '../core/protocol.js';
import type { SkippedPicture } from '../core/result.js';
import { createLayersCollector } from '../metrics/layers/collect.js';
import { classResolver } from '../models/classes.js';
import { layersProtocol, type LayersRequest } from '../probes/layers.js';
import { findProbe } from '../probes/registry.js';
import { frameOf, noStages, openMeasurer, type Decoded } from './measure.js';
import { checkMemory, closerLooks, layersToLookAt } from './plan-layers.js';
import { readPicture } from './read-picture.js';

export type Trace = {
  /** The layers, in data order, the picture first; what was left out, and why. */
  readonly inside: ModelLayers;
  readonly result: LayersResult;
  /** Answers and what was seen inside, a picture each. */
  readonly observations: readonly Observation[];
  readonly skipped: readonly SkippedPicture[];
};

/**
 * Measures one model's layers over pictures, in this thread.
 *
 * @param probe a protocol (`makeProtocol`): which views; its own `layers` are the defaults of `layers`
 * @param layers "default", "all", a glob or names; or all options of `LayersProtocol`
 * @throws InputError for unknown layers, where none can be looked at, or for a variant with a remedy; RunError where the engine fails
 */
export async function trace(
  model: Model,
  pictures: readonly PictureEntry[],
  probe: Protocol,
  layers: string | readonly string[] | LayersRequest = {},
): Promise<Trace> {
  if (model.remedy !== undefined) {
    throw new InputError(
      `${model.name} has a remedy: its answers come from other windows, or from several, and have no maps of their own. Trace the plain model.`,
    );
  }
  const request: LayersRequest =
    typeof layers === 'string' ? { selection: [layers] } : isList(layers) ? { selection: layers } : layers;
  const protocol: Protocol = { ...probe, layers: layersProtocol(request, probe.layers) };
  const [inside] = (await layersToLookAt([model], protocol)) as [ModelLayers];
  checkMemory([model], [inside], protocol, 1);
  const look = closerLooks(pictures, protocol);
  const classOf = classResolver(model);
  const collector = createLayersCollector(inside, findProbe(protocol.probe.name).shifts);
  const observations: Observation[] = [];
  const skipped: SkippedPicture[] = [];
  const measurer = await openMeasurer(model, protocol, 1, noStages(), inside);
  try {
    for (const entry of pictures) {
      const { id, label } = entry;
      try {
        const [picture] = (await readPicture(entry, protocol, [frameOf(model)])) as [Decoded];
        const index = label === null ? null : classOf(label, id);
        const observation = await measurer.measure(picture, index, look(id));
        collector.add(observation);
        observations.push(observation);
      } catch (error) {
        if (!(error instanceof PictureError)) throw error;
        skipped.push({ picture: id, reason: error.message });
      }
    }
  } finally {
    await measurer.close();
  }
  return { inside, result: collector.result(protocol.seed), observations, skipped };
}

function isList(layers: readonly string[] | LayersRequest): layers is readonly string[] {
  return Array.isArray(layers);
}
