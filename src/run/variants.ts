// Makes folders of rewritten models: opens the original, writes a rewriting beside its files, checks it, puts it in place.
import path from 'node:path';
import { expected } from '../core/errors.js';
import type { Unavailable } from '../core/estimate.js';
import type { Model, Preprocessing } from '../core/model.js';
import { version } from '../core/version.js';
import { externalFiles, presentExternalFiles } from '../graph/external.js';
import type { ExternalFile } from '../graph/external.js';
import { readModel } from '../graph/read.js';
import type { OnnxModel } from '../graph/read.js';
import type { Variant } from '../graph/rewrite/variant.js';
import { encodeModel } from '../graph/write.js';
import { findModel } from '../models/find.js';
import { modelFiles } from '../models/folder.js';
import type { ModelFiles } from '../models/folder.js';
import { withoutSecrets } from '../models/shown-url.js';
import { readJsonFile } from '../models/json-file.js';
import { timmSettings } from '../models/timm.js';
import { VARIANT_SCHEMA, type VariantCard } from '../models/variant-card.js';
import { dropVariant, writeVariantFolder } from '../models/variant-folder.js';
import { modelCost } from './cost.js';
import { openModels } from './open.js';
import { checkedVariant } from './variant-checks.js';

/** A model that variants are made of, with all that its files say. */
export type Original = {
  readonly model: Model;
  readonly onnx: OnnxModel;
  readonly files: ModelFiles;
  readonly external: readonly ExternalFile[];
  /** Its own card.json; null where there is none. */
  readonly card: Readonly<Record<string, unknown>> | null;
  /** What `--preprocess` says; null where its files do, or nothing does. */
  readonly preprocessing: string | Preprocessing | null;
  /** Whether nothing says how it wants its pictures. */
  readonly unprepared: boolean;
};

/**
 * Opens the model that variants are made of.
 *
 * @param where a path, or the name of an embedded or pulled model
 * @param preprocess `--preprocess`. A model without one whose files don't say how it wants its pictures is opened too:
 *   then its variants don't say it either.
 * @throws InputError for whatever keeps it from being read
 */
export async function openOriginal(where: string, preprocess?: string): Promise<Original> {
  const { model, unprepared } = await openedModel(where, preprocess);
  if (model.format !== 'onnx') {
    throw expected(
      'variants',
      'a model in ONNX format',
      `${withoutSecrets(where)} (${model.format})`,
      'Convert it first (tf2onnx).',
    );
  }
  const files = await modelFiles(model.path);
  const { model: onnx } = await readModel(model.path);
  const card = await readJsonFile(path.join(path.dirname(files.config?.name ?? model.path), 'card.json'));
  const named = preprocess === undefined || preprocess.endsWith('.json') ? (preprocess ?? null) : model.preprocessing;
  return {
    model,
    onnx,
    files,
    external: await presentExternalFiles(onnx, model.path),
    card: card?.content ?? null,
    preprocessing: named,
    unprepared,
  };
}

/** Loads the model; where nothing says how it wants its pictures, as if it took pixels as they are. */
async function openedModel(
  where: string,
  preprocess: string | undefined,
): Promise<Pick<Original, 'model' | 'unprepared'>> {
  const [found, ...others] = await findModel(where);
  if (found === undefined || others.length > 0) {
    throw expected('variants', 'one model', where, 'Rewrite them one by one.');
  }
  const { preprocessor, config } = await modelFiles(found.path);
  const said = preprocess !== undefined || preprocessor !== null || (config !== null && timmSettings(config) !== null);
  const [model] = (await openModels([{ where }], said ? preprocess : 'none')) as [Model];
  return { model, unprepared: !said };
}

/** A variant's folder, written now or found as it would be written. */
export type MadeVariant = {
  readonly folder: string;
  /** False where this very variant lay there already. */
  readonly written: boolean;
  readonly card: VariantCard;
};

/**
 * Writes a variant into a folder named after the model and the rewriting, once its checks have passed.
 *
 * @param into the folder that the variant's folder is made in
 * @param fresh whether a variant that lies in its place, whichever it is, is dropped first
 * @throws InputError where something else lies in its place
 * @throws RunError where a check fails: then nothing is left behind
 */
export async function makeVariant(
  original: Original,
  variant: Variant,
  into: string,
  fresh = false,
): Promise<MadeVariant> {
  const { model, files, external, preprocessing } = original;
  const name = `${model.name}-${variant.suffix}`;
  const folder = path.join(into, name);
  const used = new Set(externalFiles(variant.model, model.path).map(({ location }) => location));
  const content = {
    bytes: encodeModel(variant.model),
    original: model.sha256,
    files,
    external: external.filter(({ location }) => used.has(location)),
    config: variant.probabilities ? { output: 'probabilities' } : {},
    preprocessing,
  };
  const before = await costOf(model);
  if (fresh) await dropVariant(folder);
  const written = await writeVariantFolder(folder, content, variant.record, async (draft) => {
    const checked = await checkedVariant(model, variant, draft, original.unprepared ? 'none' : undefined);
    return cardOf(original, variant, name, before, checked);
  });
  const card = (await readJsonFile(path.join(folder, 'card.json')))?.content as unknown as VariantCard;
  return { folder, written, card };
}

type Cost = { readonly macs: number | null; readonly parameters: number | null; readonly factor: number | null };

async function costOf(model: Model): Promise<Cost> {
  const { macs, parameters, factor } = await modelCost(model);
  const told = <T>(value: T | Unavailable): T | null =>
    typeof value === 'object' && value !== null && 'unavailable' in value ? null : value;
  const sides = told(factor);
  return {
    macs: told(macs),
    parameters: told(parameters),
    factor: sides === null ? null : Math.sqrt(sides.y * sides.x),
  };
}

async function cardOf(
  { model, card }: Original,
  { record, changes, goodFor, notGoodFor }: Variant,
  name: string,
  before: Cost,
  { model: made, checks }: Awaited<ReturnType<typeof checkedVariant>>,
): Promise<VariantCard> {
  const after = await costOf(made);
  const { licence } = card ?? {};
  return {
    schema: VARIANT_SCHEMA,
    name,
    what: `${model.name} rewritten without retraining: ${changes}.`,
    partner: model.name,
    changes,
    goodFor,
    notGoodFor,
    variant: record,
    original: { name: model.name, sha256: model.sha256, ...before, card },
    ...after,
    macsRatio: after.macs === null || !before.macs ? null : after.macs / before.macs,
    output: made.output.kind,
    checks,
    madeWith: `invariance ${version}`,
    licence: typeof licence === 'string' ? licence : null,
    sha256: made.sha256,
  };
}
