// Strides taken off anywhere, without dilation: the phases of a map that a stride would keep one of go on side by side on
// the batch axis, and their answers are averaged (space-to-batch).
import { OPEN_BATCH } from '../audit/infer.js';
import { changed } from '../changed.js';
import { graphWriter } from '../local-writer.js';
import type { NodeProto } from '../onnx_pb.js';
import { answersOf, phasesAveraged } from './answer.js';
import { assembled } from './assemble.js';
import type { RewriteOptions } from './dense.js';
import { asItIs, emitWindow, withoutStride } from './emit.js';
import type { Padding } from './emit.js';
import type { NormalGraph } from './normal.js';
import { joined, sliced } from './operators.js';
import type { Rewritten } from './rewritten.js';
import { checkSites } from './sites.js';
import type { Site } from './sites.js';
import { hasPlaces, spreadNode } from './spread.js';
import { refusal, windowOf } from './window.js';

type Walk = {
  readonly graph: NormalGraph;
  /** The site by tensor that one of its nodes gives. */
  readonly sites: ReadonlyMap<string, Site>;
  readonly padding: Padding;
  /** Sites that a tensor's phases come from, the first innermost on the batch axis. */
  readonly passed: Map<string, readonly Site[]>;
  readonly answers: ReadonlySet<string>;
  readonly write: ReturnType<typeof graphWriter>;
  /** Copies of tensors that were made already. */
  readonly copies: Map<string, string>;
};

function phasesOf(sites: readonly Site[]): number {
  return sites.reduce((all, { stride }) => all * stride * stride, 1);
}

/** Operators whose second input says the sides of the result. */
const SIDED = new Set(['Reshape', 'Expand', 'Tile']);

/** The sites that a node's result has passed: those of all its inputs, of which each has passed the first ones. */
function passedBy({ graph, passed }: Walk, node: NodeProto): readonly Site[] {
  const each = node.input.map((name) => passed.get(name) ?? []);
  const most = each.reduce((longest, sites) => (sites.length > longest.length ? sites : longest), []);
  for (const [i, sites] of each.entries()) {
    const [name = ''] = [node.input[i]];
    const facts = graph.facts.get(name);
    const first = sites.every((site, at) => most[at] === site);
    if (!first || (sites.length < most.length && hasPlaces(facts?.geometry))) {
      throw refusal(
        graph.nameOf(node),
        'joins branches of which only some lost a stride',
        'Name the strides of both branches.',
      );
    }
    if (i > 0 && SIDED.has(node.opType) && sites.length < most.length && passed.has(name)) {
      throw refusal(graph.nameOf(node), 'computes sides from the number of pictures in the call');
    }
  }
  return most;
}

/** The tensor with as many phases as those that it meets: copies of it, where it has fewer. */
function matched({ graph, passed, write, copies }: Walk, name: string, sites: readonly Site[]): string {
  const own = passed.get(name);
  const batched = graph.facts.get(name)?.shape?.[0] === OPEN_BATCH;
  if (own === undefined || own.length === sites.length || !batched) return name;
  const count = phasesOf(sites) / phasesOf(own);
  const output = `${name}/${phasesOf(sites)} times`;
  if (!copies.has(output)) copies.set(output, joined(write, new Array<string>(count).fill(name), output, 0));
  return output;
}

/** Adds the phases of a map, one behind the other on the batch axis. */
function phased({ write }: Walk, input: string, output: string, stride: number): void {
  const offsets = Array.from({ length: stride * stride }, (_, i) => [Math.floor(i / stride), i % stride] as const);
  const phases = offsets.map(([row, column]) =>
    sliced(write, input, `${output}/phase ${row} ${column}`, {
      axes: [2, 3],
      starts: [row, column],
      steps: [stride, stride],
    }),
  );
  joined(write, phases, output, 0);
}

/** Adds a node, its result under a given name. */
function added(walk: Walk, original: NodeProto, inputs: readonly string[], outputs: readonly string[]): void {
  const { graph, padding, write } = walk;
  const window = windowOf(graph, original);
  const [input = '', output = ''] = [inputs[0], outputs[0]];
  const node = changed(original, { input: [...inputs], output: [...outputs] });
  if (padding === 'zero') write.add(node);
  else if (window) emitWindow(write, window, { ...asItIs(window, 1, padding), input, output, padding });
  else if (original.opType === 'Pad') {
    const result = spreadNode({ graph, node: original, write, by: 1, padding });
    if (typeof result === 'object') throw refusal(graph.nameOf(original), result.reason);
  } else write.add(node);
}

/**
 * A network without the strides of some sites: the map is computed at every place, its stride² phases go on side by side
 * on the batch axis, each as the original would, and in the end the answers are averaged: before the softmax, where the
 * network has one, else the outputs themselves. Where only linear layers follow the pooling, that is the answer to the
 * averaged features too. Statistics inside the network (squeeze-excite, normalisation) are those of each phase.
 *
 * All nodes of a site split in the same order, so that branches meet phase by phase.
 *
 * @param sites any sites of `sitesOf(graph)`; none only with circular padding
 * @throws InputError that names the node that can't be rewritten and the reason
 */
export function phases(
  graph: NormalGraph,
  sites: readonly Site[],
  { padding = 'zero' }: RewriteOptions = {},
): Rewritten {
  if (sites.length > 0 || padding === 'zero') checkSites(sites);
  if (graph.fixedBatch !== null) {
    throw refusal(graph.fixedBatch, 'and has no room for phases', 'Export the model with an open batch axis.');
  }
  const { model } = graph;
  const walk: Walk = {
    ...{ graph, padding, passed: new Map(), copies: new Map(), write: graphWriter('rewritten/') },
    sites: new Map(sites.flatMap((site) => site.nodes.map(({ output }) => [output, site] as const))),
    answers: answersOf(graph),
  };
  const { write, passed } = walk;
  const count = new Map<string, number>();
  for (const input of model.graph.input) passed.set(input.name, []);
  for (const node of model.graph.node) {
    const before = passedBy(walk, node);
    const inputs = node.input.map((name) => matched(walk, name, before));
    const [output = '', ...more] = node.output;
    const site = walk.sites.get(output);
    const window = site && windowOf(graph, node);
    const after = site ? [...before, site] : before;
    const mean = walk.answers.has(output) && after.length > 0;
    const own = mean ? `${output}/phases` : output;
    if (site && window) {
      const every = `${output}/every place`;
      emitWindow(write, window, { ...withoutStride(window, 1), input: inputs[0] ?? '', output: every, padding });
      phased(walk, every, own, site.stride);
    } else added(walk, node, inputs, [own, ...more]);
    if (mean) phasesAveraged(graph, write, own, output, phasesOf(after));
    const moving = node.input.some((name) => passed.has(name));
    for (const name of node.output) {
      if (moving) passed.set(name, mean ? [] : after);
      if (!mean && after.length > 0 && graph.facts.get(name)?.shape?.[0] === OPEN_BATCH) {
        count.set(name, phasesOf(after));
      }
    }
  }
  const rewritten = assembled(model, { nodes: write.nodes, constants: write.constants() });
  return { model: rewritten, lattice: new Map(), phases: count };
}
