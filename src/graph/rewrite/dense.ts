// Strides taken off, everything behind them dilated to match: every place of the network's layers is computed, and those
// that the original computes stay bit for bit the same (à trous; Shensa, IEEE Trans. Signal Processing 1992).
import { InputError } from '../../core/errors.js';
import { graphWriter } from '../local-writer.js';
import type { NodeProto } from '../onnx_pb.js';
import { assembled } from './assemble.js';
import { asItIs, emitWindow, withoutStride } from './emit.js';
import type { Padding } from './emit.js';
import type { NormalGraph } from './normal.js';
import type { Rewritten } from './rewritten.js';
import { checkSites, siteName, sitesOf } from './sites.js';
import type { Site } from './sites.js';
import { hasPlaces, sidesOf, spreadNode, wholeMap } from './spread.js';
import type { Spread } from './spread.js';
import { refusal, windowOf } from './window.js';

export type RewriteOptions = {
  /** What stands round every map that is padded; default zeros, as the file has it. */
  readonly padding?: Padding;
};

const PHASES_INSTEAD = 'Use phases, which compute each phase of the map by itself.';

/** Sites must be the last ones: a stride that is kept behind one that is taken off would sample an uneven lattice. */
function checkLast(graph: NormalGraph, sites: readonly Site[]): void {
  const first = Math.min(...sites.map(({ before }) => before));
  const kept = sitesOf(graph).find(
    ({ before, index }) => before >= first && sites.every((site) => site.index !== index),
  );
  if (kept) {
    throw new InputError(
      `Expected the last subsamplings for a dense network but ${siteName(kept)} is kept behind one that is taken off. ${PHASES_INSTEAD}`,
    );
  }
}

type Walk = {
  readonly graph: NormalGraph;
  readonly removed: ReadonlySet<string>;
  readonly padding: Padding;
  /** Places of the original's neighbours apart, by tensor that has places. */
  readonly spread: Map<string, number>;
  /** The node that pooled over a dense map, by tensor that came of it. */
  readonly pooled: Map<string, string>;
  readonly write: ReturnType<typeof graphWriter>;
};

function checkPooled({ graph, pooled }: Walk, node: NodeProto): void {
  const pool = node.input.map((name) => pooled.get(name)).find((name) => name !== undefined);
  const placed = node.output.some((name) => hasPlaces(graph.facts.get(name)?.geometry));
  if (pool === undefined || !placed) return;
  throw refusal(
    pool,
    `pools a map whose result joins the map again at ${graph.nameOf(node)} (as squeeze-excite does): over a dense map it would be another`,
    PHASES_INSTEAD,
  );
}

/** Adds a node; says how far apart the original's places lie in its result, or that they are gone. */
function added(walk: Walk, node: NodeProto, by: number): number | 'pooled' {
  const { graph, removed, padding, write } = walk;
  const window = windowOf(graph, node);
  const off = removed.has(node.output[0] ?? '');
  const [input = '', output = ''] = [node.input[0], node.output[0]];
  const gone = window !== null && sidesOf(graph.facts.get(output)?.geometry).length === 0;
  if (window && off) {
    emitWindow(write, window, { ...withoutStride(window, by), input, output, padding });
    return by * window.stride.y;
  }
  if (window && !gone && (by > 1 || padding === 'circular')) {
    if (by > 1 && (window.stride.y > 1 || window.stride.x > 1)) {
      throw refusal(window.name, 'keeps its stride behind one that is taken off', PHASES_INSTEAD);
    }
    emitWindow(write, window, { ...asItIs(window, by, padding), input, output, padding });
    return by;
  }
  if (by === 1 && !(padding === 'circular' && node.opType === 'Pad')) {
    write.add(node);
    return 1;
  }
  const asked = { graph, node, write, by, padding };
  const result: Spread = gone ? wholeMap(asked) : spreadNode(asked);
  if (typeof result === 'object') throw refusal(graph.nameOf(node), result.reason, PHASES_INSTEAD);
  return result === 'pooled' ? result : by;
}

/** How far apart the original's places lie in the maps that a node takes. */
function spreadOf({ graph, spread }: Walk, node: NodeProto): number {
  const apart = node.input.flatMap((name) => {
    const placed = sidesOf(graph.facts.get(name)?.geometry).length > 0;
    return placed ? [spread.get(name) ?? 1] : [];
  });
  const by = Math.max(1, ...apart);
  if (apart.some((other) => other !== by)) {
    throw refusal(
      graph.nameOf(node),
      'joins branches of which only some lost a stride',
      'Name the strides of both branches.',
    );
  }
  return by;
}

/**
 * A network without some of its last strides: those layers are computed at every place, all later ones are dilated, so that
 * each sees what it saw; pools alike. A mean or maximum over the whole map at the end takes all places.
 *
 * @param sites the last sites of `sitesOf(graph)`, any number of them; none only with circular padding
 * @throws InputError that names the node that can't be rewritten and the reason: global pools whose result joins the map
 *   again (squeeze-excite), statistics over the map, layers made for the map's size (Flatten before a linear layer, tokens),
 *   and what has no rule
 */
export function dense(
  graph: NormalGraph,
  sites: readonly Site[],
  { padding = 'zero' }: RewriteOptions = {},
): Rewritten {
  if (sites.length > 0 || padding === 'zero') checkSites(sites);
  checkLast(graph, sites);
  const { model } = graph;
  const removed = new Set(sites.flatMap(({ nodes }) => nodes.map(({ output }) => output)));
  const walk: Walk = {
    ...{ graph, removed, padding },
    ...{ spread: new Map(), pooled: new Map(), write: graphWriter('rewritten/') },
  };
  for (const node of model.graph.node) {
    checkPooled(walk, node);
    const by = spreadOf(walk, node);
    const result = added(walk, node, by);
    const inherited = node.input.map((name) => walk.pooled.get(name)).find((name) => name !== undefined);
    const pool = result === 'pooled' ? graph.nameOf(node) : inherited;
    for (const name of node.output) {
      if (pool !== undefined) walk.pooled.set(name, pool);
      else if (result !== 'pooled' && sidesOf(graph.facts.get(name)?.geometry).length > 0)
        walk.spread.set(name, result);
    }
  }
  const map = model.graph.output.find(({ name }) => (walk.spread.get(name) ?? 1) > 1);
  if (map) throw refusal(map.name, 'is an output with places, which would get more of them', PHASES_INSTEAD);
  const rewritten = assembled(model, { nodes: walk.write.nodes, constants: walk.write.constants() });
  return { model: rewritten, lattice: walk.spread, phases: new Map() };
}
