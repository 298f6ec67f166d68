// Names of layers that people know: node and scope names, else names of weights; never bare numbers.
import type { GraphProto, NodeProto } from '../onnx_pb.js';

/** A name that an exporter counted up ("Conv_12", "node_relu_3"), or a number alone: it says no more than the operator. */
function saysNothing(name: string, operator: string): boolean {
  const bare = name.replace(/^\/+/, '');
  if (bare === operator || !/\p{L}/u.test(bare)) return true;
  const counted = bare.startsWith(operator) && /^_+\d+$/.test(bare.slice(operator.length));
  return counted || /^(node_\w+|op_?\d+|n\d+|onnx::\w+)$/i.test(bare);
}

/** "features.3.weight" → "features.3"; null for names that an exporter counted up. */
function scopeOfWeight(weight: string): string | null {
  const scope = weight
    .replace(/^\/+/, '')
    .replace(
      /([./_:]|::)(weights?|bias(es)?|kernel|gamma|beta|scale|moving_(mean|variance)|running_(mean|var)|w|b|W|B|w_0|b_0)(_quantized)?(:\d+)?$/,
      '',
    );
  return scope === weight.replace(/^\/+/, '') || !/\p{L}/u.test(scope) || /^(onnx::|initializer|const)/i.test(scope)
    ? null
    : scope;
}

/** Where a node's name comes from when its own says nothing: its weights, else the layer whose result it works on. */
function scopeOf(node: NodeProto, weights: ReadonlySet<string>, scopes: ReadonlyMap<string, string>): string | null {
  for (const input of node.input) {
    const scope = weights.has(input) ? scopeOfWeight(input) : null;
    if (scope !== null) return scope;
  }
  for (const input of node.input) {
    const scope = scopes.get(input);
    if (scope !== undefined) return scope;
  }
  return null;
}

/**
 * A name for every node, unique in the graph: its own without leading slashes; else that of its weights, or of the
 * layer before it, with the operator ("features.3 (Conv)"); else the operator and its place among its like ("Conv 4").
 */
export function layerNames({ node: nodes, initializer }: GraphProto): ReadonlyMap<NodeProto, string> {
  const weights = new Set(initializer.map(({ name }) => name));
  const scopes = new Map<string, string>();
  const counts = new Map<string, number>();
  const used = new Map<string, number>();
  const names = new Map<NodeProto, string>();
  for (const node of nodes) {
    const count = (counts.get(node.opType) ?? 0) + 1;
    counts.set(node.opType, count);
    const own = node.name.replace(/^\/+/, '');
    const speaking = !saysNothing(node.name, node.opType);
    const scope = speaking ? null : scopeOf(node, weights, scopes);
    const wanted = speaking ? own : scope === null ? `${node.opType} ${count}` : `${scope} (${node.opType})`;
    if (scope !== null) for (const output of node.output) scopes.set(output, scope);
    const times = (used.get(wanted) ?? 0) + 1;
    used.set(wanted, times);
    names.set(node, times === 1 ? wanted : `${wanted} ${times}`);
  }
  return names;
}
