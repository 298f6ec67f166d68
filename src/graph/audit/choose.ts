// Which layers are looked at: by default one per stage boundary and each block's output, else all, a glob, or a list.
import { InputError, nearest, unknownName } from '../../core/errors.js';
import type { GraphAudit, LayerAudit } from './layer.js';

/** "default", "all", a glob over names (`stage*\/relu`: `*` within a scope, `**` across), or a list of names or globs. */
export type LayerSelection = string | readonly string[];

export type ChosenLayers = {
  /** In data order. */
  readonly layers: readonly LayerAudit[];
  /** Asked for, but without places of the picture. */
  readonly skipped: readonly { readonly layer: LayerAudit; readonly reason: string }[];
};

/** At most so many layers by default: more than a figure can show. */
const MOST = 40;

/** The pattern of a glob: `*` and `?` stay within a scope, `**` crosses scopes, `{a,b}` is either. */
function globPattern(glob: string): RegExp {
  const body = glob.replace(/\*\*|[*?{},]|[.+^$()|[\]\\]/g, (sign) => {
    const meaning: Readonly<Record<string, string>> = {
      '**': '.*',
      '*': '[^/]*',
      '?': '[^/]',
      '{': '(?:',
      '}': ')',
      ',': glob.includes('{') ? '|' : ',',
    };
    return meaning[sign] ?? `\\${sign}`;
  });
  return new RegExp(`^${body}$`, 'u');
}

/** Why a layer's maps have no sums over places; null where they have. */
function withoutPlaces({ places, shape, reach }: LayerAudit): string | null {
  if (places === null && shape === null) return 'its shape is not known';
  if (places === null) return reach === null ? 'where it lies on the picture is not known' : 'it has no spatial axes';
  return null;
}

/** The block that a name speaks of: "layer1/layer1.0/conv2" → "layer1/layer1.0", "block3_dw" → "block3". */
function blockOf(name: string): string | null {
  const segments = name.split('/');
  const numbered = segments.findIndex((segment) => /\.\d+$/.test(segment));
  if (numbered >= 0) return segments.slice(0, numbered + 1).join('/');
  return /^(.*?\d+)[_/.]/.exec(name)?.[1] ?? null;
}

/** The scopes that all names lie in ("MobilenetV1/"): they say nothing of blocks. */
function commonScope(names: readonly string[]): string {
  const [first = ''] = names;
  const segments = first.split('/').slice(0, -1);
  const shared = segments.findIndex((_, i) => {
    const scope = `${segments.slice(0, i + 1).join('/')}/`;
    return !names.every((name) => name.startsWith(scope));
  });
  return segments
    .slice(0, shared < 0 ? segments.length : shared)
    .map((segment) => `${segment}/`)
    .join('');
}

/** Layers through which every path from the picture goes: the trunk, whose stretches are the network's blocks. */
function trunkOf({ input, layers }: GraphAudit): Set<LayerAudit> {
  const index = new Map([[input.name, -1], ...layers.map(({ name }, i) => [name, i] as const)]);
  /** The last layer that takes a layer's result; the picture's stands at -1. */
  const lastUse = new Map<number, number>();
  for (const [i, { from }] of layers.entries()) {
    for (const name of from) lastUse.set(index.get(name) ?? -1, i);
  }
  let open = lastUse.get(-1) ?? -1;
  const trunk = new Set<LayerAudit>();
  for (const [i, layer] of layers.entries()) {
    if (open <= i) trunk.add(layer);
    open = Math.max(open, lastUse.get(i) ?? -1);
  }
  return trunk;
}

/** Layers that change values at each place by themselves: the block's output is taken behind them. */
export function isPointwise({ window, macs, from }: LayerAudit): boolean {
  return window === null && macs === 0 && from.length === 1;
}

/** Layers that hand the same values on: padding, changes of type. */
export function isCarrier({ operator, window, places }: LayerAudit): boolean {
  const pads =
    window !== null && [...window.kernel, ...window.stride].every((side) => side === 1) && !operator.includes('Conv');
  return (
    pads || places?.layout === 'other' || /^(Cast|Identity|Dropout|(Deq|Q)uantizeLinear|Transpose)$/.test(operator)
  );
}

/** Evenly spread members of a list, its last always among them. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor(((i + 1) * list.length) / most) - 1] as T);
}

function defaultLayers(audit: GraphAudit): readonly LayerAudit[] {
  const trunk = trunkOf(audit);
  const placed = audit.layers.filter((layer) => trunk.has(layer) && withoutPlaces(layer) === null && !isCarrier(layer));
  const next = (i: number): LayerAudit | undefined => placed[i + 1];
  const area = ({ factor }: LayerAudit): number => (factor ? factor.y * factor.x : 1);
  const scope = commonScope(placed.map(({ name }) => name)).length;
  const block = ({ name }: LayerAudit): string | null => blockOf(name.slice(scope));
  const boundaries = new Set<LayerAudit>();
  const outputs: LayerAudit[] = [];
  for (const [i, layer] of placed.entries()) {
    const following = next(i);
    const boundary = following === undefined || area(following) !== area(layer);
    const own = block(layer);
    const inside = following !== undefined && own !== null && own === block(following);
    if (boundary) boundaries.add(layer);
    if (boundary || (!inside && !isPointwise(following))) outputs.push(layer);
  }
  const others = outputs.filter((layer) => !boundaries.has(layer));
  const kept = new Set([...spread([...boundaries], MOST), ...spread(others, Math.max(0, MOST - boundaries.size))]);
  return outputs.filter((layer) => kept.has(layer));
}

/**
 * The layers that a selection names, in data order.
 *
 * @param selection "default": the last layer before each change of the subsampling factor, and each block's output (a
 *   block is a stretch between layers that every path goes through), at most 40; "all"; a glob; or names and globs
 * @throws InputError for an unknown name (with the nearest), a glob that matches nothing, or no layer with places at all
 */
export function chooseLayers(audit: GraphAudit, selection: LayerSelection = 'default'): ChosenLayers {
  const asked = typeof selection === 'string' ? [selection] : selection;
  const named = layersNamed(audit, asked);
  const skipped = named.flatMap((layer) => {
    const reason = withoutPlaces(layer);
    return reason === null ? [] : [{ layer, reason }];
  });
  const layers = named.filter((layer) => withoutPlaces(layer) === null);
  if (layers.length === 0) {
    throw new InputError(
      `Expected at least one layer with spatial axes but ${asked.map((name) => `"${name}"`).join(', ')} names ${skipped.length === 0 ? 'none' : `only layers without: ${skipped.map(({ layer }) => layer.name).join(', ')}`}. Choose others: "invariance models inspect MODEL --layers all" lists them.`,
    );
  }
  return { layers, skipped };
}

/**
 * All layers that names and globs stand for, in data order, those without places too.
 *
 * @throws InputError for an unknown name (with the nearest) and for a glob that matches nothing
 */
export function layersNamed(audit: GraphAudit, asked: readonly string[]): readonly LayerAudit[] {
  const wanted = new Set(asked.flatMap((name) => matching(audit, name)));
  return audit.layers.filter((layer) => wanted.has(layer));
}

function matching(audit: GraphAudit, asked: string): readonly LayerAudit[] {
  const { layers } = audit;
  const exact = layers.filter(({ name }) => name === asked);
  if (exact.length > 0) return exact;
  if (asked === 'default') return defaultLayers(audit);
  if (asked === 'all') return layers;
  const names = layers.map(({ name }) => name);
  if (!/[*?{]/.test(asked)) throw unknownName('layer', asked, names);
  const pattern = globPattern(asked);
  const found = layers.filter(({ name }) => pattern.test(name));
  if (found.length === 0) {
    const near = nearest(asked.replace(/[*?{}]/g, ''), names);
    const guess = near.length > 0 ? ` The nearest names are ${near.map((name) => `"${name}"`).join(', ')}.` : '';
    throw new InputError(
      `Expected a pattern that fits a layer's name but "${asked}" fits none of ${names.length}.${guess} A * stays within a scope (up to the next /), ** crosses scopes.`,
    );
  }
  return found;
}
