// What a run looks at inside its models, settled before anything is measured: layers, pictures, memory.
import os from 'node:os';
import { InputError } from '../core/errors.js';
import type { ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { PictureEntry } from '../core/picture.js';
import type { Protocol } from '../core/protocol.js';
import { randomFor } from '../core/random.js';
import { layersOf } from '../runtimes/registry.js';
import { NO_CLOSER_LOOK, type CloserLook } from './inside.js';

/** Pictures of a run that have a film strip. */
const STRIPS = 6;

/** Share of the machine's memory that whole maps may take. */
const MEMORY_SHARE = 0.5;

/**
 * What is looked at inside each model; null where the protocol asks for nothing, and for variants with a remedy, whose
 * answers are made of several windows and have no maps of their own.
 *
 * @throws InputError for layers that aren't there, or where none of a model can be looked at
 */
export async function layersToLookAt(
  models: readonly Model[],
  { layers }: Protocol,
): Promise<readonly (ModelLayers | null)[] | null> {
  if (layers === undefined) return null;
  const found: (ModelLayers | null)[] = [];
  for (const model of models) {
    if (model.remedy !== undefined) {
      found.push(null);
      continue;
    }
    found.push(await (await layersOf(model)).describe(model, layers.selection, layers.localPictures > 0));
  }
  return found;
}

/**
 * Which pictures are looked at more closely: those first in an order that depends on seed and ids alone, so that every
 * part of a run picks the same.
 *
 * @param entries all pictures of the run, of all its parts
 */
export function closerLooks(
  entries: readonly Pick<PictureEntry, 'id'>[],
  { layers, seed }: Pick<Protocol, 'layers' | 'seed'>,
): (picture: string) => CloserLook {
  if (layers === undefined) return () => NO_CLOSER_LOOK;
  const order = entries
    .map(({ id }) => ({ id, place: randomFor(seed, 'closer look', id).uniform() }))
    .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  const first = (count: number): Set<string> => new Set(order.slice(0, count).map(({ id }) => id));
  const maps = first(layers.mapPictures);
  const strips = first(Math.min(layers.mapPictures, STRIPS));
  const local = first(layers.localPictures);
  return (picture) => ({ maps: maps.has(picture), strip: strips.has(picture), local: local.has(picture) });
}

/** Bytes of whole maps that a worker holds for one model: those of a view and of the same view moved; the local error's. */
function mapBytes({ layers, localBytes }: ModelLayers, pictures: number): number {
  const maps = layers.reduce((sum, { channels, rows, columns }) => sum + 4 * channels * rows * columns, 0);
  return (pictures > 0 ? 2 * maps : 0) + localBytes;
}

/** @throws InputError where the maps of a closer look would not fit, with the flags that narrow it */
export function checkMemory(
  models: readonly Model[],
  layers: readonly (ModelLayers | null)[],
  protocol: Protocol,
  workers: number,
  memory = os.totalmem(),
): void {
  const bytes = layers.map((each) => (each === null ? 0 : mapBytes(each, protocol.layers?.mapPictures ?? 0)));
  const all = workers * bytes.reduce((sum, each) => sum + each, 0);
  if (all <= MEMORY_SHARE * memory) return;
  const most = bytes.indexOf(Math.max(...bytes));
  const gigabytes = (value: number): string => `${(value / 2 ** 30).toPrecision(2)} GiB`;
  throw new InputError(
    `Whole maps of ${layers[most]?.layers.length ?? 0} layers of ${models[most]?.name ?? ''} take ${gigabytes(bytes[most] ?? 0)} in each of ${workers} workers, ${gigabytes(all)} for all models; this machine has ${gigabytes(memory)}, of which half may be used. ` +
      `Name fewer layers with --layers, use fewer --workers, or leave whole maps out with --map-pictures 0 --local-pictures 0.`,
  );
}
