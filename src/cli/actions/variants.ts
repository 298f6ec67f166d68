// What `invariance variants` does: lists where a model subsamples, or writes rewritten models into folders.
import { expected } from '../../core/errors.js';
import { parseShiftSet } from '../../core/shift-sets.js';
import type { ShiftSet } from '../../core/shift-sets.js';
import { parseKind, variantsAsked } from '../../graph/rewrite/asked.js';
import { averagedVariant } from '../../graph/rewrite/averaged.js';
import { normalForm } from '../../graph/rewrite/normal.js';
import { ADVICE_FROM, type Variant } from '../../graph/rewrite/variant.js';
import { makeVariant, openOriginal } from '../../run/variants.js';
import type { MadeVariant, Original } from '../../run/variants.js';
import { commandLine } from '../options.js';
import { siteLines, sitesOverview } from '../site-table.js';

export type VariantsOptions = {
  readonly subsampling?: readonly string[];
  readonly at?: readonly string[];
  readonly export?: readonly string[];
  readonly out: string;
  readonly preprocess?: string;
  readonly json?: boolean;
};

export async function variants(where: string, options: VariantsOptions): Promise<void> {
  const kinds = (options.subsampling ?? []).flatMap((text) => text.split(',')).map(parseKind);
  const sets = (options.export ?? []).flatMap(shiftSets);
  if (kinds.length === 0 && options.at) {
    throw expected('--at', '--subsampling beside it', options.at.join(', '), 'Say what to do there.');
  }
  const original = await openOriginal(where, options.preprocess);
  if (kinds.length + sets.length === 0) {
    list(where, original, options.json ?? false);
    return;
  }
  const { onnx, model } = original;
  const graph = kinds.length > 0 ? normalForm(onnx, { input: model.input }) : null;
  const wanted: Variant[] = [
    ...(graph === null ? [] : kinds.flatMap((kind) => variantsAsked(graph, kind, options.at ?? null, model.path))),
    ...sets.map((set) => averagedVariant(onnx, model, set)),
  ];
  const made: MadeVariant[] = [];
  for (const variant of wanted) {
    const one = await makeVariant(original, variant, options.out);
    const known = made.some(({ card }) => card.goodFor === one.card.goodFor);
    made.push(one);
    if (!options.json) process.stdout.write(`${[...madeLines(one), ...(known ? [] : adviceLines(one))].join('\n')}\n`);
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(made, null, 2)}\n` : `\n${nextStep(where, made, options.preprocess)}\n`,
  );
}

function list(where: string, { onnx, model }: Original, json: boolean): void {
  const overview = sitesOverview(normalForm(onnx, { input: model.input }), model);
  process.stdout.write(json ? `${JSON.stringify(overview, null, 2)}\n` : `${siteLines(overview, where).join('\n')}\n`);
}

/** "grid4,quin8" → both; a set that is written down has commas of its own. */
function shiftSets(text: string): ShiftSet[] {
  const names = text.includes(';') ? [text] : text.split(',');
  return names.map((name) => parseShiftSet(name, '--export'));
}

/** What was written and how it was checked. */
function madeLines({ folder, written, card }: MadeVariant): string[] {
  const { macsRatio } = card;
  const cost = macsRatio === null ? 'not known' : `${Number(macsRatio.toPrecision(3))} times the original's`;
  return [
    `${folder}${written ? '' : ' (was there already)'}`,
    `  what      ${card.changes}`,
    `  cost      ${cost} multiply-accumulates`,
    ...card.checks.map((check, i) => `  ${i === 0 ? 'checked' : '       '}   ${check}`),
  ];
}

/** What its kind is good for; printed once for several of a kind. */
function adviceLines({ card }: MadeVariant): string[] {
  return [`  good for  ${card.goodFor}`, `  not for   ${card.notGoodFor}`, `            ${ADVICE_FROM}`];
}

/** The comparison to run next; where the model's files don't say how it wants its pictures, `--preprocess` goes along. */
function nextStep(where: string, made: readonly MadeVariant[], preprocess: string | undefined): string {
  const prepared = preprocess === undefined ? [] : ['--preprocess', preprocess];
  const words = ['compare', where, ...made.map(({ folder }) => folder), '--shift', '1px', ...prepared];
  return `Measure accuracy and stability beside the original: ${commandLine(words)}`;
}
