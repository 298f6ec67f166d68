// From stored observations to `result.json`: estimates of each model, comparisons between them. Reads each file once;
// what is kept a picture is a few numbers. No times and no machine in it: the same observations give the same result.
import type { AttributionResult } from '../core/attribution.js';
import type { AgainstResult, ModelCost } from '../core/compare.js';
import { InputError } from '../core/errors.js';
import type { KernelsResult } from '../core/kernels.js';
import type { LayersResult, ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { Protocol } from '../core/protocol.js';
import type { ModelResult, RemedyResult, Result, RunRecord, SkippedPicture, SmallestFlip } from '../core/result.js';
import { flipsOf } from '../metrics/agreement.js';
import { againstOf } from '../metrics/against.js';
import { attributionOf } from '../metrics/attribution.js';
import { createCollector, type Collected } from '../metrics/collect.js';
import { compareModels } from '../metrics/compare.js';
import { estimatesOf } from '../metrics/estimate.js';
import { createKernelsCollector } from '../metrics/kernels.js';
import { createLayersCollector, type PictureTallies } from '../metrics/layers/collect.js';
import { metricsOf } from '../metrics/registry.js';
import { createRemedyCollector } from '../metrics/remedy.js';
import { createSmallestFlipCollector } from '../metrics/smallest-flip.js';
import { findProbe } from '../probes/registry.js';
import { runtimeName } from '../runtimes/registry.js';
import { checkComparable, joinedObservations, modelsOf } from './join.js';

/**
 * The result of one run, or of several that are parts of one (shards, or more models on the same pictures).
 *
 * @param folders where the runs lie, in the order of `records`
 * @throws InputError where the runs can't be compared (says what differs) or nothing was measured
 */
export async function summarise(folders: readonly string[], records: readonly RunRecord[]): Promise<Result> {
  const [first] = records;
  if (first === undefined) throw new InputError('Expected at least one run.');
  checkComparable(folders, records);
  const { seed } = first.protocol;
  const models: {
    model: Model;
    collected: Collected;
    layers: LayersResult | null;
    layerTallies: LayerTallies;
    flip: SmallestFlip | null;
    kernels: KernelsResult | null;
    remedy: RemedyResult | null;
    runtime: string;
  }[] = [];
  for (const model of modelsOf(records)) {
    models.push({
      model,
      ...(await collected(model, folders, records, first.protocol)),
      runtime: await runtimeName(model),
    });
  }
  const counts = models.map(({ collected: { counts } }) => counts);
  if (counts.every(({ measured }) => measured === 0)) {
    throw new InputError(`No picture has been measured in ${folders.join(', ')}.`);
  }
  const named = models.map(({ model, collected }) => ({ name: model.name, collected }));
  const estimated = models.map(({ model, collected, layers, flip, kernels, remedy, runtime }): ModelResult => {
    const cost = costOf(records, model.name);
    return {
      name: model.name,
      sha256: model.sha256,
      input: [3, model.input.height, model.input.width],
      preprocessing: model.preprocessing,
      runtime,
      ...(remedy === null ? {} : { remedy }),
      ...(cost === null ? {} : { cost }),
      ...estimatesOf(collected, { seed }),
      ...(flip === null ? {} : { smallestFlip: flip }),
      ...(kernels === null ? {} : { kernels }),
      ...(layers === null ? {} : { layers }),
    };
  });
  const flips = flipsOf(named, { seed });
  const against = againstNumber(records, estimated, seed);
  const attribution = attributionIn(records, models, seed);
  return {
    schema: 'invariance/result@1',
    protocol: { ...first.protocol, hash: first.hash },
    pictures: {
      count: Math.max(...counts.map(({ measured }) => measured)),
      labelled: Math.max(...counts.map(({ labelled }) => labelled)),
      sha256: first.pictures.sha256,
      skipped: skippedOf(records),
    },
    models: estimated,
    comparisons: compareModels(named, {
      seed,
      pairs:
        attribution?.reference === named[0]?.name
          ? 'with the first'
          : hasReference(records)
            ? 'the first apart'
            : 'all',
    }),
    ...(flips === null ? {} : { flips }),
    ...(against === null ? {} : { against }),
    ...(attribution === null ? {} : { attribution }),
    thresholds: [],
  };
}

/** Whether the first model is what the others are compared with: asked for, or they are its variants. */
function hasReference(records: readonly RunRecord[]): boolean {
  return records.some(
    ({ comparison, models }) => comparison !== undefined || models.some(({ remedy }) => remedy !== undefined),
  );
}

/** One layer's tallies of one metric, where the run looked at it. */
type LayerTallies = (layer: string, metric: string) => PictureTallies | null;

async function collected(
  model: Model,
  folders: readonly string[],
  records: readonly RunRecord[],
  { seed, probe }: Protocol,
): Promise<{
  readonly collected: Collected;
  readonly layers: LayersResult | null;
  readonly layerTallies: LayerTallies;
  readonly flip: SmallestFlip | null;
  readonly kernels: KernelsResult | null;
  readonly remedy: RemedyResult | null;
}> {
  const inside = layersOfModel(records, model.name);
  const collector = createCollector(metricsOf(probe.name));
  const flip = flipCollector(model, probe);
  const kernels = probe.name === 'kernels' ? createKernelsCollector() : null;
  const remedy = model.remedy === undefined ? null : createRemedyCollector(model.remedy);
  const layers =
    inside === null
      ? null
      : createLayersCollector(
          inside,
          records.every(({ protocol }) => findProbe(protocol.probe.name).shifts),
        );
  for await (const observation of joinedObservations(folders, records, model.name)) {
    collector.add(observation);
    flip?.add(observation);
    kernels?.add(observation);
    remedy?.add(observation);
    layers?.add(observation);
  }
  return {
    collected: collector.collected(),
    layers: layers?.result(seed) ?? null,
    layerTallies: (layer, metric) => layers?.tallies(layer, metric) ?? null,
    flip: flip?.result() ?? null,
    kernels: kernels?.result() ?? null,
    remedy: remedy?.result() ?? null,
  };
}

/** Of shifts that are not drawn at random; those of a torus count the shorter way round. */
function flipCollector({ input }: Model, { name, options }: Protocol['probe']) {
  const { path, surround } = options as { readonly path?: unknown; readonly surround?: unknown };
  if (name !== 'shift' || String(path).startsWith('random')) return null;
  return createSmallestFlipCollector(surround === 'cyclic' ? { width: input.width, height: input.height } : null);
}

/** What was looked at inside a model; null where nothing was. */
function layersOfModel(records: readonly RunRecord[], name: string): ModelLayers | null {
  return records.flatMap(({ layers = [] }) => layers).find(({ model }) => model === name) ?? null;
}

/** What a model costs, from the first run that tells it. */
function costOf(records: readonly RunRecord[], name: string): ModelCost | null {
  for (const { models, costs } of records) {
    const cost = costs?.[models.findIndex((model) => model.name === name)];
    if (cost !== undefined) return cost;
  }
  return null;
}

/** The estimates against the number that the comparison was asked for. */
function againstNumber(
  records: readonly RunRecord[],
  models: readonly ModelResult[],
  seed: number,
): AgainstResult | null {
  const number = records.find(({ comparison }) => comparison?.x)?.comparison?.x;
  return number ? againstOf(number, models, seed) : null;
}

/** What the strides do, where the run was made to tell. */
function attributionIn(
  records: readonly RunRecord[],
  models: readonly {
    readonly model: Model;
    readonly collected: Collected;
    readonly layerTallies: LayerTallies;
  }[],
  seed: number,
): AttributionResult | null {
  const plans = records.flatMap(({ comparison }) => comparison?.attribution ?? []);
  const plan = plans.find(({ reference }) => reference === models[0]?.model.name) ?? plans[0];
  if (plan === undefined) return null;
  const known = models.map(({ model, collected: { metrics, columns, pictures, counts }, layerTallies }) => ({
    name: model.name,
    labelled: counts.labelled,
    tallies: (metric: string): PictureTallies | null => {
      const column = columns[metrics.findIndex(({ name }) => name === metric)];
      if (column !== undefined) return { pictures, column };
      return plan.layer === null ? null : layerTallies(plan.layer, metric);
    },
  }));
  return attributionOf(plan, known, { seed });
}

function skippedOf(records: readonly RunRecord[]): SkippedPicture[] {
  const all = new Map(records.flatMap(({ pictures }) => pictures.skipped).map((skipped) => [skipped.picture, skipped]));
  return [...all.values()].sort((a, b) => (a.picture < b.picture ? -1 : 1));
}
