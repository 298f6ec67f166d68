// The card of a rewritten model (card.json and README.md in its folder): what was done to which model, what it is good
// for and what not, what it costs, and how it was checked.
import type { OutputSpec } from '../core/model.js';
import { ADVICE_FROM, type VariantRecord } from '../graph/rewrite/variant.js';

export const VARIANT_SCHEMA = 'invariance/variant@1';

export type VariantCard = {
  readonly schema: typeof VARIANT_SCHEMA;
  readonly name: string;
  readonly what: string;
  /** Name of the model that it was made from: it differs in `changes` alone. */
  readonly partner: string;
  readonly changes: string;
  readonly goodFor: string;
  readonly notGoodFor: string;
  readonly variant: VariantRecord;
  readonly original: {
    readonly name: string;
    /** SHA-256 of the model's file and its external weights. */
    readonly sha256: string;
    readonly macs: number | null;
    readonly parameters: number | null;
    readonly factor: number | null;
    /** The original's own card.json, as it was; null where it has none. */
    readonly card: Readonly<Record<string, unknown>> | null;
  };
  /** Multiply-accumulates for one picture; null where the graph doesn't say. */
  readonly macs: number | null;
  /** Multiply-accumulates as a multiple of the original's. */
  readonly macsRatio: number | null;
  readonly parameters: number | null;
  /** Subsampling factor: pixels of the picture from one place of the coarsest map to the next. */
  readonly factor: number | null;
  readonly output: OutputSpec['kind'];
  /** What was checked before the folder was put in place, a sentence each. */
  readonly checks: readonly string[];
  /** The program that made it, with its version. */
  readonly madeWith: string;
  /** Licence of the original's card, where it gives one: the weights are its weights. */
  readonly licence: string | null;
  /** SHA-256 of the model's file and its external weights. */
  readonly sha256: string;
};

const COUNT = new Intl.NumberFormat('en-US');

function sitesOf({ variant }: VariantCard): string {
  const { at, shifts } = variant;
  if (shifts.length > 0) return shifts.map(({ dx, dy }) => `(${dx}, ${dy})`).join(' ');
  if (at.length === 0) return 'the whole network';
  return at.map(({ index, nodes }) => `${index} (${nodes.join(', ')})`).join('; ');
}

function counted(value: number | null): string {
  return value === null ? 'not known' : COUNT.format(value);
}

/** A multiple, to three significant digits: ", 2.84 times the original's". */
function times(ratio: number | null): string {
  return ratio === null ? '' : `, ${Number(ratio.toPrecision(3))} times the original's`;
}

/** README.md of a variant's folder. */
export function variantReadme(card: VariantCard): string {
  const { original, variant } = card;
  const rows: [string, string][] = [
    ['made from', `${original.name}, sha256 ${original.sha256}`],
    ['rewritten as', `${variant.kind}${variant.circular && variant.kind !== 'circular' ? '+circular' : ''}`],
    [variant.shifts.length > 0 ? 'shifts (right, down), pixels' : 'at', sitesOf(card)],
    ['multiply-accumulates', `${counted(card.macs)}${times(card.macsRatio)}`],
    ['parameters, fixed blurs counted', `${counted(card.parameters)} (original ${counted(original.parameters)})`],
    ['subsampling factor', `${counted(card.factor)} (original ${counted(original.factor)})`],
    ['output', card.output],
    ...(card.licence === null ? [] : [['licence of the weights', card.licence] as [string, string]]),
    ['made with', card.madeWith],
  ];
  return [
    `# ${card.name}`,
    '',
    card.what,
    '',
    `Good for: ${card.goodFor}`,
    '',
    `Not good for: ${card.notGoodFor}`,
    '',
    ADVICE_FROM,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([label, text]) => `| ${label} | ${text.replaceAll('|', '\\|')} |`),
    '',
    'Checked before this folder was put in place:',
    '',
    ...card.checks.map((check) => `- ${check}`),
    '',
    'Accuracy and stability are not on this card: measure them on your own pictures, beside the original.',
    '',
  ].join('\n');
}
