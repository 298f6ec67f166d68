// A network as a chain of steps: each goes from the nearest earlier maps that lie on the picture's grid to the next one.
import type { GraphAudit, LayerAudit } from './audit/layer.js';
import { isCarrier } from './audit/choose.js';
import { FLOAT } from './audit/element-types.js';
import type { Grid } from './local-generator.js';
import type { GraphProto, NodeProto } from './onnx_pb.js';

/** A tensor at which the network is cut: translations act on it. */
export type Cut = {
  readonly name: string;
  readonly tensor: string;
  readonly grid: Grid;
};

export type Step = {
  /** Name of the layer that it ends in; "classifier" for the last. */
  readonly name: string;
  readonly operator: string;
  /** The tensor that it gives. */
  readonly output: string;
  /** The same as a cut; null for the model's answer. */
  readonly to: Cut | null;
  /** Cuts that it takes. */
  readonly from: readonly Cut[];
  /** Its nodes that depend on the picture, in data order. */
  readonly nodes: readonly NodeProto[];
};

export type Chain = {
  readonly picture: Cut;
  /** In data order, the classifier last. */
  readonly steps: readonly Step[];
  /** All nodes that the answer needs. */
  readonly nodes: readonly NodeProto[];
  /** Tensors whose values depend on the picture. */
  readonly moving: ReadonlySet<string>;
};

/** Operators that only put elements in another order or shape: their results aren't cut at. */
const RESHAPING = /^(Reshape|Flatten|Squeeze|Unsqueeze)$/;

/** The grid of a layer; null where translations can't act on it. */
function gridOf({ shape, places, factor }: LayerAudit, { input }: GraphAudit): Grid | null {
  if (shape === null || places === null || factor === null || places.layout === 'other') return null;
  const sides = shape.map((side, i) => (i === 0 && (side === 'N' || side === 1) ? 1 : side));
  if (sides[0] !== 1 || !sides.every((side) => typeof side === 'number')) return null;
  const { before, after } = places.classTokens;
  const [axis = 0, second = 0] = places.axes;
  const common = { layout: places.layout, shape: sides, axis, before, after, factor };
  if (places.layout !== 'tokens') return { ...common, rows: sides[axis] ?? 1, columns: sides[second] ?? 1 };
  const [rows, columns] = [Math.floor(input.height / factor.y), Math.floor(input.width / factor.x)];
  const fits = before + rows * columns + after === sides[axis] && axis >= sides.length - 2 && axis > 0;
  return fits ? { ...common, rows, columns } : null;
}

/** Nodes that a tensor depends on, through shapes too. */
function ancestors(nodes: readonly NodeProto[], tensor: string): NodeProto[] {
  const wanted = new Set([tensor]);
  const found = [...nodes].reverse().filter(({ input, output }) => {
    if (!output.some((name) => wanted.has(name))) return false;
    for (const name of input) wanted.add(name);
    return true;
  });
  return found.reverse();
}

/** Tensors whose values depend on those of the picture; shapes don't. */
function movingFrom(nodes: readonly NodeProto[], picture: string): Set<string> {
  const moving = new Set([picture]);
  for (const { opType, input, output } of nodes) {
    if (opType === 'Shape' || opType === 'Size' || !input.some((name) => moving.has(name))) continue;
    for (const name of output) if (name !== '') moving.add(name);
  }
  return moving;
}

/** Nodes between a tensor and the cuts before it. */
function stepBehind(
  chain: Pick<Chain, 'nodes' | 'moving'>,
  cuts: ReadonlyMap<string, Cut>,
  output: string,
): Pick<Step, 'from' | 'nodes'> {
  const open = new Set([output]);
  const from = new Set<Cut>();
  const nodes = [...chain.nodes].reverse().filter((node) => {
    if (!node.output.some((name) => open.has(name))) return false;
    for (const name of node.input) {
      const cut = cuts.get(name);
      if (cut !== undefined) from.add(cut);
      else if (chain.moving.has(name)) open.add(name);
    }
    return true;
  });
  return { nodes: nodes.reverse(), from: [...cuts.values()].filter((cut) => from.has(cut)) };
}

/**
 * Cuts the part of a graph that leads to `answer` into steps.
 *
 * @param channels number of the picture's channels
 */
export function chainOf(graph: GraphProto, audit: GraphAudit, answer: string, channels: number): Chain {
  const { name, layout, width, height } = audit.input;
  const picture: Cut = {
    name,
    tensor: name,
    grid: {
      layout,
      shape: layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels],
      axis: layout === 'NCHW' ? 2 : 1,
      rows: height,
      columns: width,
      before: 0,
      after: 0,
      factor: { y: 1, x: 1 },
    },
  };
  const nodes = ancestors(graph.node, answer);
  const moving = movingFrom(nodes, name);
  const needed = new Set(nodes.flatMap(({ output }) => output));
  const cuts = new Map([[name, picture]]);
  const targets: { readonly layer: LayerAudit; readonly cut: Cut }[] = [];
  for (const layer of audit.layers) {
    if (!needed.has(layer.output) || layer.output === answer) continue;
    if (layer.type !== FLOAT || isCarrier(layer) || RESHAPING.test(layer.operator)) continue;
    const grid = gridOf(layer, audit);
    if (grid === null) continue;
    const cut: Cut = { name: layer.name, tensor: layer.output, grid };
    cuts.set(cut.tensor, cut);
    targets.push({ layer, cut });
  }
  const parts = { nodes, moving };
  const last = nodes.find(({ output }) => output.includes(answer));
  const steps = targets.map(({ layer, cut }): Step => {
    return {
      name: layer.name,
      operator: layer.operator,
      output: cut.tensor,
      to: cut,
      ...stepBehind(parts, cuts, cut.tensor),
    };
  });
  const end: Step = {
    name: 'classifier',
    operator: last?.opType ?? '',
    output: answer,
    to: null,
    ...stepBehind(parts, cuts, answer),
  };
  return { picture, steps: [...steps, end], nodes, moving };
}
