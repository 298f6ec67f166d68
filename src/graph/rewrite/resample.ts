// Replaces the subsampling of chosen sites by another one: each window without its stride, its activation, then what
// takes every s-th place in its stead. Padding may be made circular throughout.
import type { Pair } from '../audit/layer.js';
import { changed } from '../changed.js';
import { graphWriter } from '../local-writer.js';
import type { GraphWriter } from '../local-writer.js';
import type { NodeProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';
import { activationEnd } from './activation.js';
import { assembled, takenBy } from './assemble.js';
import { asItIs, emitWindow } from './emit.js';
import type { Padding, WindowForm } from './emit.js';
import type { NormalGraph } from './normal.js';
import { checkSites } from './sites.js';
import type { Site } from './sites.js';
import { spreadNode } from './spread.js';
import { refusal, windowOf } from './window.js';
import type { WindowNode } from './window.js';

/** A map without its stride, behind its activation: what a subsampling takes. */
export type DenseMap = {
  readonly tensor: string;
  /** Its sides, and those that the subsampled map must have. */
  readonly side: Pair;
  readonly to: Pair;
  readonly stride: Pair;
  readonly channels: number;
  /** TensorProto.DataType. */
  readonly type: number;
  readonly window: WindowNode;
  readonly padding: Padding;
  readonly site: Site;
};

/** How a site's windows and what stands in place of their strides are written. */
export type Resampling = {
  /** Whether the subsampling stands behind the activation; else right behind the window. */
  readonly behindActivation: boolean;
  /** The window as it is written in front of the subsampling. */
  readonly form: (window: WindowNode, padding: Padding) => Omit<WindowForm, 'input' | 'output' | 'padding'>;
  /** Adds window and subsampling as one node, where that can be; else gives false and they are written apart. */
  readonly whole?: (write: GraphWriter, window: WindowNode, padding: Padding) => boolean;
  /** Adds what takes `to` places a side of the dense map, as the tensor `output`. */
  readonly subsample: (write: GraphWriter, dense: DenseMap, output: string) => void;
};

const each = (value: (direction: 'y' | 'x') => number): Pair => ({ y: value('y'), x: value('x') });

/** Sides of the result of a window. */
function sidesOf({ kernel }: WindowNode, form: ReturnType<Resampling['form']>): Pair {
  return each((d) => {
    const span = form.dilation[d] * (kernel[d] - 1) + 1;
    return Math.floor((form.side[d] + form.before[d] + form.after[d] - span) / form.stride[d]) + 1;
  });
}

/** Nodes in data order: each behind those whose results it takes; else in the order given. */
function inDataOrder(nodes: readonly NodeProto[]): NodeProto[] {
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const sorted = new Set<NodeProto>();
  const add = (node: NodeProto): void => {
    if (sorted.has(node)) return;
    for (const name of takenBy(node)) {
      const producer = producers.get(name);
      if (producer && producer !== node) add(producer);
    }
    sorted.add(node);
  };
  nodes.forEach(add);
  return [...sorted];
}

/** Every node with a name of its own: tensors that the original has keep their nodes' names. */
function named(nodes: readonly NodeProto[], original: readonly NodeProto[]): NodeProto[] {
  const names = new Map(original.map(({ name, output }) => [output[0] ?? '', name]));
  const used = new Set(original.map(({ name }) => name).filter((name) => name !== ''));
  const free = (wanted: string, i = 1): string => {
    const name = i === 1 ? wanted : `${wanted} ${i}`;
    return used.has(name) ? free(wanted, i + 1) : name;
  };
  return nodes.map((node) => {
    const own = names.get(node.output[0] ?? '');
    if (own !== undefined) return changed(node, { name: own });
    const name = free(node.output[0] ?? node.opType);
    used.add(name);
    return changed(node, { name });
  });
}

/**
 * The network with other subsamplings at some sites.
 *
 * @throws InputError for a node that can't be rewritten, with its name and the reason
 */
export function resampled(
  graph: NormalGraph,
  sites: readonly Site[],
  padding: Padding,
  resampling: Resampling,
): OnnxModel {
  checkSites(sites);
  const { node: nodes } = graph.model.graph;
  const write = graphWriter('rewritten/');
  const siteOf = new Map(sites.flatMap((site) => site.nodes.map(({ output }) => [output, site] as const)));
  const waiting = new Map<string, Omit<DenseMap, 'tensor'>>();
  for (const node of nodes) {
    const [output = ''] = node.output;
    const window = windowOf(graph, node);
    const site = siteOf.get(output);
    const dense = waiting.get(output);
    if (site) {
      if (!window) throw refusal(graph.nameOf(node), `subsamples by ${node.opType}`);
      if (resampling.whole?.(write, window, padding)) continue;
      const facts = graph.facts.get(output);
      const form = resampling.form(window, padding);
      const end = resampling.behindActivation ? activationEnd(graph, output) : output;
      const tensor = end === output ? `${output}/dense` : output;
      emitWindow(write, window, { ...form, input: window.input, output: tensor, padding });
      const map = {
        side: sidesOf(window, form),
        to: window.to,
        stride: window.stride,
        channels: facts?.shape?.[1] ?? window.channels,
        type: graph.facts.get(end)?.type ?? facts?.type ?? 0,
        window,
        padding,
        site,
      };
      if (end === output) resampling.subsample(write, { ...map, tensor }, output);
      else waiting.set(end, map);
    } else if (dense) {
      const tensor = `${output}/dense`;
      write.add(changed(node, { output: [tensor, ...node.output.slice(1)] }));
      resampling.subsample(write, { ...dense, tensor }, output);
    } else if (padding === 'circular' && window) {
      emitWindow(write, window, { ...asItIs(window, 1, padding), input: window.input, output, padding });
    } else if (padding === 'circular' && node.opType === 'Pad') {
      const result = spreadNode({ graph, node, write, by: 1, padding });
      if (typeof result === 'object') throw refusal(graph.nameOf(node), result.reason);
    } else write.add(node);
  }
  const rewritten = named(inDataOrder(write.nodes), nodes);
  return assembled(graph.model, { nodes: rewritten, constants: write.constants() });
}
