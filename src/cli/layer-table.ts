// The structural audit as text for the terminal: a row a layer, at most 100 columns wide, and the network's totals.
import type { GraphAudit, LayerAudit, Pair, WindowAudit } from '../graph/audit/layer.js';

const WIDTH = 100;
/** Longest operator's name that is printed whole. */
const OPERATOR = 12;
const GAP = '  ';
const HEAD = ['layer', 'operator', 'output', 'kernel', 'padding', 'factor', 'field', 'MACs', 'weights'];
const LEFT = new Set([0, 1, 2, 3, 4]);

/** "stem,block1/*" → its names and globs; commas inside braces belong to the glob. */
export function parseLayers(text: string): string[] {
  return text
    .split(/,(?![^{]*\})/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** 1,234,567 → "1.23M". */
function short(count: number): string {
  const [divisor, unit] = (
    [
      [1e9, 'G'],
      [1e6, 'M'],
      [1e3, 'k'],
    ] as const
  ).find(([least]) => count >= least) ?? [1, ''];
  return unit === '' ? String(Math.round(count)) : `${Number((count / divisor).toPrecision(3))}${unit}`;
}

/** Whole numbers as they are, other values as the fraction with the smallest denominator. */
function fraction(value: number): string {
  for (let under = 1; under <= 256; under++) {
    const over = value * under;
    if (Math.abs(over - Math.round(over)) < 1e-9 * under)
      return under === 1 ? String(Math.round(over)) : `${Math.round(over)}/${under}`;
  }
  return String(Number(value.toPrecision(4)));
}

function pair({ y, x }: Pair, shown: (value: number) => string = fraction): string {
  return y === x ? shown(y) : `${shown(y)}×${shown(x)}`;
}

/** Text cut in its middle to a width, so that scope and last part both stay. */
export function fitted(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

/** Whether a layer only puts something round its input (Pad nodes, joins of slices): shown with the layer behind it. */
function onlyPads({ window, operator }: LayerAudit): boolean {
  return window !== null && /Pad|^Concat/.test(operator);
}

/** Padding by axis, with that of padding layers in front; null where there is no window. */
function paddingOf(layer: LayerAudit, byName: ReadonlyMap<string, LayerAudit>): WindowAudit | null {
  let total = layer.window;
  let before = layer;
  while (total !== null) {
    const next = before.from.map((name) => byName.get(name)).find((found) => found !== undefined && onlyPads(found));
    const window = next?.window;
    if (!next || !window) return total;
    const filling = total.before.concat(total.after).every((side) => side === 0) ? window.filling : total.filling;
    total = {
      ...total,
      filling,
      before: total.before.map((side, axis) => side + (window.before[axis] ?? 0)),
      after: total.after.map((side, axis) => side + (window.after[axis] ?? 0)),
    };
    before = next;
  }
  return null;
}

function shownPadding({ before, after, filling }: WindowAudit): string {
  const axes = before.map((front, axis) => (front === after[axis] ? String(front) : `${front}/${after[axis] ?? 0}`));
  const text = new Set(axes).size === 1 ? (axes[0] ?? '') : axes.join('×');
  return text === '0' ? '0' : filling === 'zeros' || filling === 'left out' ? text : `${text} ${filling}`;
}

function shownWindow({ kernel, stride, dilation }: WindowAudit): string {
  const sides = (values: readonly number[]): string =>
    new Set(values).size === 1 ? fraction(values[0] ?? 1) : values.map(fraction).join('×');
  return [
    kernel.join('×'),
    stride.every((step) => step === 1) ? '' : ` /${sides(stride)}`,
    dilation.every((step) => step === 1) ? '' : ` d${sides(dilation)}`,
  ].join('');
}

function shownField({ field, reach, places }: LayerAudit): string {
  if (reach === 'global' && (places === null || field === null)) return 'all';
  if (field === null) return reach === null ? '?' : '';
  const size = pair(field.size, (value) => String(Math.round(value)));
  return reach === 'local' ? size : `${size}+`;
}

function cells(layer: LayerAudit, byName: ReadonlyMap<string, LayerAudit>): string[] {
  const { name, operator, shape, window, factor, macs, parameters } = layer;
  const padding = paddingOf(layer, byName);
  return [
    name,
    operator.length > OPERATOR ? `${operator.slice(0, OPERATOR - 1)}…` : operator,
    shape === null ? '?' : shape.slice(1).join('×'),
    window === null ? '' : shownWindow(window),
    padding === null ? '' : shownPadding(padding),
    factor === null ? (layer.reach === null ? '?' : '') : pair(factor),
    shownField(layer),
    macs === null ? '?' : macs === 0 ? '' : short(macs),
    parameters === 0 ? '' : short(parameters),
  ];
}

/** Layers that make the structure: all but those that work at each place by themselves, and padding on its own. */
function isStructural(layer: LayerAudit): boolean {
  const { window, macs, from } = layer;
  if (onlyPads(layer) || (layer.operator === 'Slice' && window?.stride.every((step) => step === 1) === true))
    return false;
  return window !== null || macs === null || macs > 0 || from.length > 1;
}

function totals({ factor, unchangedShare, augmentation, macs, parameters, notes }: GraphAudit): string[] {
  const { translations, scales, rotations, pictures } = augmentation;
  const times = [
    `${fraction(factor.y)} × ${fraction(factor.x)} translations`,
    ...(scales === 1 ? [] : [`${scales} scales`]),
    ...(rotations === 1 ? [] : [`${rotations} rotations`]),
  ];
  const rows: [string, string][] = [
    ['total factor', `${pair(factor)}: pixels from one place of the coarsest map to the next`],
    [
      'unchanged share',
      translations === 1
        ? 'no stride: nothing keeps any translation from leaving a representation unchanged'
        : `1 in ${fraction(translations)} translations (${Number((100 * unchangedShare).toPrecision(2))} %) can leave a strided representation unchanged`,
    ],
    ['pictures for each view', `${fraction(pictures)} = ${times.join(' × ')}`],
    ['multiply-accumulates', macs === null ? 'not known' : short(macs)],
    ['parameters', parameters.toLocaleString('en-US')],
    ...notes.map((note): [string, string] => ['note', note]),
  ];
  const wide = Math.max(...rows.map(([label]) => label.length));
  return rows.flatMap(([label, text]) =>
    wrapped(text, WIDTH - wide - GAP.length).map((line, i) => `${(i === 0 ? label : '').padEnd(wide)}${GAP}${line}`),
  );
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/**
 * The audit as lines of at most 100 columns.
 *
 * @param asked the layers to print; null = those that make the structure, the others counted
 */
export function layerTable(audit: GraphAudit, asked: readonly LayerAudit[] | null): string[] {
  const byName = new Map(audit.layers.map((layer) => [layer.name, layer]));
  const layers = asked ?? audit.layers.filter(isStructural);
  const rows = [HEAD, ...layers.map((layer) => cells(layer, byName))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const others = widths.slice(1).reduce((sum, width) => sum + width + GAP.length, 0);
  widths[0] = Math.min(widths[0] ?? 0, Math.max(16, WIDTH - others));
  const lines = rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        const cut = fitted(text, width);
        return LEFT.has(column) ? cut.padEnd(width) : cut.padStart(width);
      })
      .join(GAP)
      .trimEnd(),
  );
  const left = audit.layers.length - layers.length;
  const more =
    asked === null && left > 0
      ? [`${left} more only pad, or work at each place by themselves: --layers all prints them too.`]
      : [];
  const legend = layers.some(({ reach, field }) => reach !== 'local' && reach !== null && field !== null)
    ? ['Field with +: a branch that saw the whole picture joins in.']
    : [];
  return [...lines, '', ...more, ...legend, ...totals(audit)];
}
