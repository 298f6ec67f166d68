// What a model costs, told from its files: multiply-accumulates, parameters, bytes, subsampling factor, depth.
import { stat } from 'node:fs/promises';
import type { ModelCost } from '../core/compare.js';
import type { Model } from '../core/model.js';
import { canonicalJson } from '../core/protocol.js';
import { auditGraph } from '../graph/audit/audit.js';
import type { GraphAudit } from '../graph/audit/layer.js';
import { presentExternalFiles } from '../graph/external.js';
import { readModel, type OnnxModel } from '../graph/read.js';
import { structureOfTfjs } from '../models/structure.js';
import { readTfjs } from '../tfjs/read.js';

/**
 * What models cost, in their order; what can't be told is a reason, so that nothing keeps a model from being measured. Each
 * file is read once, one after the other: variants of a model share it, and several may not fit in memory.
 */
export async function modelCosts(models: readonly Model[]): Promise<ModelCost[]> {
  const known = new Map<string, ModelCost>();
  const costs: ModelCost[] = [];
  for (const model of models) {
    const key = canonicalJson([model.path, model.sha256, model.input]);
    const plain = known.get(key) ?? (await plainCost(model));
    known.set(key, plain);
    const { macs } = plain;
    const inferences = model.remedy?.inferences ?? 1;
    costs.push({ ...plain, macs: typeof macs === 'number' ? macs * inferences : macs });
  }
  return costs;
}

/** What one model costs, as `modelCosts` tells it. */
export async function modelCost(model: Model): Promise<ModelCost> {
  return (await modelCosts([model]))[0] as ModelCost;
}

/** One answer of the model as its files are. Reasons name no path: they stand in results. */
async function plainCost(model: Model): Promise<ModelCost> {
  const found = await read(model).catch(() => null);
  const unreadable = "the model's files can't be read";
  if (found === null) return { ...untold(unreadable), bytes: { unavailable: unreadable } };
  try {
    return { ...structureOf(found.audit()), bytes: found.bytes };
  } catch {
    return { ...untold("the network's structure can't be followed"), bytes: found.bytes };
  }
}

/** A model's files: their size, and the audit of the graph in them. */
async function read(model: Model): Promise<{ readonly bytes: number; readonly audit: () => GraphAudit }> {
  if (model.format !== 'onnx') {
    const files = await readTfjs(model.path);
    return { bytes: files.bytes, audit: () => structureOfTfjs(model, files).audit };
  }
  const { model: onnx } = await readModel(model.path);
  return { bytes: await bytesOf(model, onnx), audit: () => auditGraph(onnx, { input: model.input }) };
}

function untold(reason: string): Omit<ModelCost, 'bytes'> {
  const none = { unavailable: reason };
  return { macs: none, parameters: none, factor: none, depth: none };
}

async function bytesOf(model: Model, onnx: OnnxModel): Promise<number> {
  const external = await presentExternalFiles(onnx, model.path);
  const sizes = await Promise.all([model.path, ...external.map(({ path }) => path)].map((file) => stat(file)));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** The numbers that the audit tells; those that a part which it can't follow would change are not told. */
function structureOf(audit: GraphAudit): Omit<ModelCost, 'bytes'> {
  const lost = audit.notes.find((note) => note.startsWith('What lies behind'));
  if (lost !== undefined) return untold(lost);
  const unknown = audit.layers.find(({ macs }) => macs === null);
  const without = { unavailable: `the sides of ${unknown?.name ?? 'a layer'} are not known` };
  return {
    macs: audit.macs ?? without,
    parameters: audit.parameters,
    factor: { y: audit.factor.y, x: audit.factor.x },
    depth: unknown === undefined ? depthOf(audit) : without,
  };
}

/** Layers that multiply by weights on the longest path: the number in a network's name (VGG-16, ResNet-50). */
function depthOf({ layers }: GraphAudit): number {
  const depths = new Map<string, number>();
  for (const { name, from, macs, parameters } of layers) {
    const before = Math.max(0, ...from.map((layer) => depths.get(layer) ?? 0));
    depths.set(name, before + Number((macs ?? 0) > 0 && parameters > 0));
  }
  return Math.max(0, ...depths.values());
}
