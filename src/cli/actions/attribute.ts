// What `invariance variants MODEL --attribute` does: takes the strides off one at a time, and measures what each loses.
import path from 'node:path';
import type { AttributionPlan } from '../../core/attribution.js';
import { expected } from '../../core/errors.js';
import type { Model } from '../../core/model.js';
import { canonicalJson, sha256 } from '../../core/protocol.js';
import { orderSentence } from '../../metrics/attribution-words.js';
import { listPictures } from '../../pictures/sources.js';
import { parseStep } from '../../probes/shift/flags.js';
import { normaliseShiftOptions } from '../../probes/shift/options.js';
import { roomFor } from '../../probes/shift/room.js';
import { planAttribution } from '../../run/attribute.js';
import { frameOf } from '../../run/measure.js';
import { openModels } from '../../run/open.js';
import { openOriginal, type Original } from '../../run/variants.js';
import { attributionLines } from '../attribution-table.js';
import { picturesFor, probe, type Comparing, type ProbeOptions } from './probe.js';

type Shared =
  | 'shift'
  | 'images'
  | 'labels'
  | 'preprocess'
  | 'surround'
  | 'path'
  | 'canvas'
  | 'repeat'
  | 'seed'
  | 'limit'
  | 'workers'
  | 'threads'
  | 'out'
  | 'fresh'
  | 'strict'
  | 'json'
  | 'report'
  | 'quiet';

export type AttributeOptions = Partial<Pick<ProbeOptions, Shared>> & {
  readonly maxCost?: number;
  /** Whether the last layer is looked at too; default yes. */
  readonly layers?: boolean;
};

/** Random pairs of each picture, where nothing is said: one pair alone says little. */
const REPEAT = 8;

/**
 * How far random positions lie from the centre, pixels: half the network's subsampling factor, so that pairs meet the
 * coarsest stride in any phase; farther apart what enters and leaves decides. Less where the pictures don't go so far.
 *
 * @throws InputError where the surround leaves the neighbouring path no room
 */
function farReach(
  model: Model,
  { sites }: AttributionPlan,
  { surround, canvas, shift = '1px' }: AttributeOptions,
): number {
  const factor = Math.max(...sites.map(({ after }) => after));
  const options = normaliseShiftOptions({
    ...{ path: 'diagonal', step: parseStep(shift) },
    ...(surround === undefined ? {} : { surround }),
    ...(canvas === undefined ? {} : { canvas }),
  });
  const frame = frameOf(model);
  const { low, high } = roomFor(options, frame).limit;
  const side = Math.floor(Math.min(frame.width, frame.height) / 2) - 1;
  return Math.floor(Math.min(-low, high, side, Math.max(2, factor / 2)));
}

/**
 * Measures which stride of a model loses the invariance, for neighbouring and for random positions, and leaves a run with
 * its page; the rewritten models stay in `variants/` below it.
 *
 * @param where a path, or the name of an embedded or pulled model
 * @throws InputError for what can't be read, rewritten or measured
 */
export async function attribute(where: string, options: AttributeOptions): Promise<void> {
  const { maxCost = null, layers = true, shift = '1px' } = options;
  const paths = options.path?.split(',') ?? [];
  if (options.path !== undefined && paths.length !== 2) {
    throw expected('--path', 'two paths for --attribute, the near one first', options.path, 'Or leave it out.');
  }
  const original = await openOriginal(where, options.preprocess);
  const { model } = original;
  await checkBeforehand(where, original, options);
  const out = options.out ?? path.join('reports', `attribute-${model.name}-${askedHash(model, options)}`);
  const { plan, folders } = await planAttribution(original, {
    into: path.join(out, 'variants'),
    fresh: options.fresh ?? false,
    maxCost,
    inside: layers,
    progress: (name) => {
      if (!(options.quiet ?? false)) process.stderr.write(`rewriting ${name}\n`);
    },
  });
  const { layers: _layers, maxCost: _maxCost, ...shared } = options;
  const looked = plan.layer === null ? {} : { layers: plan.layer, mapPictures: 0, localPictures: 0 };
  await probe(
    {
      ...shared,
      ...{ out, shift, report: options.report ?? true, threads: options.threads ?? 1, ...looked },
      path: options.path ?? `diagonal,random-pair:${farReach(model, plan, options)}`,
      repeat: options.repeat ?? REPEAT,
      model: [`${model.name}=${where}`, ...folders.map(({ name, folder }) => `${name}=${folder}`)],
      ...{ remedy: [], failIf: [], inputName: [], outputName: [] },
    },
    attributing(plan),
  );
}

/** Different for every different question, so that the same command goes on and another one doesn't meet its folder. */
function askedHash({ sha256: file }: Model, options: AttributeOptions): string {
  const { images, labels, limit, maxCost, layers, shift, surround, canvas, path: paths, repeat, seed } = options;
  const asked = { images, labels, limit, maxCost, layers, shift, surround, canvas, paths, repeat, seed };
  return sha256(canonicalJson({ ...asked, preprocess: options.preprocess, file })).slice(0, 8);
}

/**
 * Asks of model and pictures what measuring will ask of them, before anything is rewritten.
 *
 * @throws InputError where nothing says how the model wants its pictures, or there are none
 */
async function checkBeforehand(
  where: string,
  { unprepared }: Original,
  { images, labels }: AttributeOptions,
): Promise<void> {
  if (unprepared) await openModels([{ where }]);
  const source = picturesFor(images, labels);
  await listPictures({ images: source.images, ...(source.labels === null ? {} : { labels: source.labels }) });
}

/** What `probe` does for an attribution. */
function attributing(plan: AttributionPlan): Comparing {
  return {
    ordered: (models) => models,
    record: () => Promise.resolve({ x: null, times: null, joined: [], attribution: plan }),
    timed: (run) => Promise.resolve(run),
    lines: (result) => {
      const [far] = Object.values(result.parts ?? {});
      const order =
        result.attribution && far?.attribution ? ['', orderSentence(result.attribution, far.attribution)] : [];
      return [...attributionLines(result), ...order];
    },
  };
}
