// Circular padding: whether a network has padding that can be made circular, and whether its answer then can't depend on
// cyclic shifts of the picture.
import { attributesOf } from '../audit/attributes.js';
import type { TensorFacts } from '../audit/facts.js';
import { spatialAxes } from '../audit/geometry.js';
import type { NodeProto } from '../onnx_pb.js';
import type { NormalGraph } from './normal.js';
import { isElementwise, isKnownOperator, variesAlong } from './spread.js';
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

/** Operators that may take rows and columns away or add some. */
const CUTTING = new Set(['Slice', 'Pad', 'Split', 'Gather']);

/** Axes of a tensor that have to do with places. */
function placedAxes(facts: TensorFacts | undefined): number[] {
  return (facts?.geometry?.axes ?? []).flatMap(({ parts }, i) =>
    parts.some(({ role }) => role === 'y' || role === 'x') ? [i] : [],
  );
}

/** Whether a node puts other numbers in at different places: a mask, a table of positions. */
function tellsPlacesApart({ facts }: NormalGraph, node: NodeProto): boolean {
  if (!isElementwise(node) && !['Concat', 'LayerNormalization'].includes(node.opType)) return false;
  const made = facts.get(node.output[0] ?? '');
  const [axes, rank] = [placedAxes(made), made?.shape?.length ?? 0];
  return node.input.some((name) => {
    const input = facts.get(name);
    return input?.picture === false && variesAlong(input, axes, rank);
  });
}

/** Whether a node that slides no window leaves as many rows and columns as there were. */
function keepsSides({ facts }: NormalGraph, { opType, input, output }: NodeProto): boolean {
  if (!CUTTING.has(opType)) return true;
  const [before, after] = [facts.get(input[0] ?? ''), facts.get(output[0] ?? '')];
  const sides = (map: TensorFacts | undefined): string =>
    placedAxes(map)
      .map((axis) => map?.shape?.[axis])
      .join();
  return sides(before) === sides(after);
}

/**
 * Whether the answer of a network with circular padding can't depend on a cyclic shift of the picture once all its sites
 * shift with it: every window gives exactly a place for each `stride` places (no side is cut or rounded), all places are
 * treated alike, and they are joined only by means, sums and maxima over all of them.
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
    if (ORDERLESS.test(node.opType)) return true;
    if (!isKnownOperator(node) || tellsPlacesApart(graph, node) || !keepsSides(graph, node)) return false;
    return places(output) === before;
  });
}
