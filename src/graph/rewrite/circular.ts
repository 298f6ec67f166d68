// Circular padding: whether a network has padding that can be made circular, and whether its answer then can't depend on
// cyclic shifts of the picture.
import { attributesOf } from '../audit/attributes.js';
import { spatialAxes } from '../audit/geometry.js';
import type { NormalGraph } from './normal.js';
import { windowOf } from './window.js';

/** Whether a network has padding round rows and columns that isn't circular yet. */
export function hasPadding(graph: NormalGraph): boolean {
  return graph.model.graph.node.some((node) => {
    if (graph.facts.get(node.output[0] ?? '')?.picture !== true) return false;
    if (node.opType === 'Pad') return attributesOf(node).text('mode', 'constant') !== 'wrap';
    const window = windowOf(graph, node);
    return window !== null && [window.before, window.after].some(({ y, x }) => y > 0 || x > 0);
  });
}

/** Operators that make one value of all places, whatever their order. */
const ORDERLESS = /^(Global\w+Pool|Reduce(Mean|Sum|Max|Min|L1|L2|SumSquare|LogSum|LogSumExp))$/;

/**
 * Whether the answer of a network with circular padding can't depend on a cyclic shift of the picture once all its sites
 * shift with it: every window gives exactly a place for each `stride` places (no side is cut or rounded), and places are
 * joined only by means, sums and maxima over all of them.
 */
export function cyclicPromise(graph: NormalGraph): boolean {
  const places = (tensor: string): number => {
    const geometry = graph.facts.get(tensor)?.geometry;
    return geometry ? spatialAxes(geometry).length : 0;
  };
  return graph.model.graph.node.every((node) => {
    const [output = ''] = node.output;
    if (graph.facts.get(output)?.picture !== true) return true;
    const before = Math.max(0, ...node.input.map(places));
    if (before === 0) return true;
    const window = windowOf(graph, node);
    if (window) {
      return (['y', 'x'] as const).every((d) => window.to[d] * window.stride[d] === window.from[d]);
    }
    return places(output) === before || ORDERLESS.test(node.opType);
  });
}
