// What a protocol looks at inside networks: its options with every default written out.
import { z } from 'zod';
import { expected } from '../core/errors.js';
import type { LayersProtocol } from '../core/layers.js';
import { parsed } from './parse.js';

/** What may be asked for; all of it may be left out. */
export type LayersRequest = Partial<LayersProtocol>;

/** Azulay & Weiss (JMLR 2019): a fifth of the mean. */
const THRESHOLD = 0.2;
const MAP_PICTURES = 16;
const LOCAL_PICTURES = 8;

const count = (least: number) => {
  const what = `a whole number, ${least} or more`;
  return z.int(what).min(least, what);
};
const fraction = 'a share above 0, such as 0.2';

export const layersSchema = z.strictObject(
  {
    selection: z
      .array(z.string('the name of a layer, a glob, "default" or "all"'), 'a list of names of layers or globs')
      .min(1, 'at least one name of a layer or glob')
      .default(['default']),
    threshold: z.number(fraction).gt(0, fraction).default(THRESHOLD),
    maps: count(1).nullable().default(null),
    mapPictures: count(0).default(MAP_PICTURES),
    localPictures: count(0).default(LOCAL_PICTURES),
  },
  'an object such as {"selection": ["default"]}',
);

/**
 * The options with every default.
 *
 * @param base those of a protocol that the request changes
 * @throws InputError naming the option
 */
export function layersProtocol(request: LayersRequest, base: LayersProtocol | undefined): LayersProtocol {
  return parsed(layersSchema, { ...base, ...request }, 'layers');
}

/** "20%" or "0.2". @throws InputError naming the flag */
export function parseShare(text: string, flag: string): number {
  const [, number, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text) ?? [];
  const value = Number(number) / (percent ? 100 : 1);
  if (value > 0 && Number.isFinite(value)) return value;
  throw expected(flag, 'a share above 0, such as 20% or 0.2', text);
}
