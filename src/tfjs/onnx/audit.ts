// The structural audit of a TensorFlow.js model: that of its translation, told in the model's own layers. A layer that
// became several nodes (a fused convolution with its bias and activation) is one layer again; nodes that only turn axes are none.
import { auditGraph } from '../../graph/audit/audit.js';
import type { AuditOptions } from '../../graph/audit/audit.js';
import type { GraphAudit, LayerAudit, WindowAudit } from '../../graph/audit/layer.js';
import type { TfjsEnds, TfjsTranslation } from './translate.js';
import { UNKNOWN_DOMAIN } from './writer.js';

/** The window that says most: of several the one that covers most places. */
function widest(windows: readonly WindowAudit[]): WindowAudit | null {
  const reach = ({ kernel, stride }: WindowAudit): number =>
    [...kernel, ...stride].reduce((product, side) => product * side, 1);
  return windows.toSorted((a, b) => reach(b) - reach(a))[0] ?? null;
}

/** Where an axis of a tensor with channels first lies in TensorFlow's order, and the other way round. */
const TENSORFLOW_AXIS = [0, 3, 1, 2];
const STORED_AXIS = [0, 2, 3, 1];

/** A layer's result in TensorFlow's order of axes. */
function inOrder(layer: LayerAudit): LayerAudit {
  const { shape, places } = layer;
  return {
    ...layer,
    shape: shape && STORED_AXIS.map((axis) => shape[axis] ?? 1),
    places: places && {
      ...places,
      layout: places.layout === 'NCHW' ? 'NHWC' : 'other',
      axes: places.axes.map((axis) => TENSORFLOW_AXIS[axis] ?? axis),
    },
  };
}

/** One layer of the model from the nodes that it became, its result the last one's. */
function joined(
  nodes: readonly LayerAudit[],
  last: LayerAudit,
  name: string,
  operator: string,
  from: readonly string[],
): LayerAudit {
  return {
    ...last,
    name,
    operator,
    window: widest(nodes.flatMap(({ window }) => window ?? [])),
    macs: nodes.some(({ macs }) => macs === null) ? null : nodes.reduce((sum, { macs }) => sum + (macs ?? 0), 0),
    parameters: nodes.reduce((sum, { parameters }) => sum + parameters, 0),
    from,
  };
}

/**
 * @param options as for `auditGraph`; the picture is the translation's
 */
export function auditTfjs(
  { model, owners, operators, turned, unknown }: TfjsTranslation,
  { input }: Pick<TfjsEnds, 'input'>,
  options: Omit<AuditOptions, 'input'> = {},
): GraphAudit {
  const audit = auditGraph(model, { ...options, input });
  const ownerOf = ({ output }: LayerAudit): string | null => owners.get(output) ?? null;
  const byName = new Map(audit.layers.map((layer) => [layer.name, layer]));

  /** The model's layers whose results a node takes: past nodes that only turn axes. */
  const sources = (node: LayerAudit): string[] =>
    node.from.flatMap((name) => {
      const before = byName.get(name);
      if (before === undefined) return [name];
      const owner = ownerOf(before);
      return owner === null ? sources(before) : [owner];
    });

  const parts = new Map<string, LayerAudit[]>();
  for (const node of audit.layers) {
    const owner = ownerOf(node);
    if (owner !== null) parts.set(owner, [...(parts.get(owner) ?? []), node]);
  }
  const layers = [...parts].flatMap(([name, nodes]) => {
    const last = nodes.at(-1);
    const from = [...new Set(nodes.flatMap(sources))].filter((source) => source !== name);
    if (last === undefined) return [];
    const result = turned.has(name) ? inOrder(last) : last;
    return [joined(nodes, result, name, operators.get(name) ?? last.operator, from)];
  });
  return {
    ...audit,
    layers,
    notes: [
      ...unknown.map(({ name, operator, reason }) => `What lies behind ${name} (${operator}) isn't known: ${reason}.`),
      ...audit.notes.filter((note) => !note.includes(`operator ${UNKNOWN_DOMAIN}.`)),
    ],
  };
}
