// Puts rewritten nodes back into a model: what nobody needs any more is left out, weights are shared, not copied.
import { changed } from '../changed.js';
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';

/** Tensors that a node takes, those of its subgraphs included. */
export function takenBy(node: NodeProto): string[] {
  return [...node.input, ...node.attribute.flatMap(takenByAttribute)];
}

function takenByAttribute({ g, graphs }: AttributeProto): string[] {
  return [...(g ? [g] : []), ...graphs].flatMap(({ node, output }) => [
    ...node.flatMap(takenBy),
    ...output.map(({ name }) => name),
  ]);
}

/** Nodes that an output depends on, in their order. */
function needed(nodes: readonly NodeProto[], outputs: readonly string[]): NodeProto[] {
  const wanted = new Set(outputs);
  const kept = nodes.toReversed().filter((node) => {
    if (!node.output.some((name) => wanted.has(name))) return false;
    for (const name of takenBy(node)) wanted.add(name);
    return true;
  });
  return kept.toReversed();
}

/** The nodes with names that no other has: engines refuse two alike. The first keeps its own. */
function uniquelyNamed(nodes: readonly NodeProto[]): NodeProto[] {
  const names = new Set<string>();
  return nodes.map((node) => {
    let { name } = node;
    for (let i = 2; name !== '' && names.has(name); i++) name = `${node.name} ${i}`;
    names.add(name);
    return name === node.name ? node : changed(node, { name });
  });
}

/** What a graph is made of anew; what isn't given stays. */
export type Parts = {
  readonly nodes: readonly NodeProto[];
  /** Added to the graph's own; one of a name that is there already is left out. */
  readonly constants?: readonly TensorProto[];
  readonly inputs?: readonly ValueInfoProto[];
  readonly outputs?: readonly ValueInfoProto[];
};

/** The model with other nodes; shapes that the file noted down between them are dropped. */
export function assembled(model: OnnxModel, { nodes, constants = [], inputs, outputs }: Parts): OnnxModel {
  const { graph } = model;
  const results = outputs ?? graph.output;
  const node = needed(
    nodes,
    results.map(({ name }) => name),
  );
  const used = new Set([...node.flatMap(takenBy), ...results.map(({ name }) => name)]);
  const known = new Set<string>();
  const initializer = [...graph.initializer, ...constants].filter(({ name }) => {
    if (!used.has(name) || known.has(name)) return false;
    known.add(name);
    return true;
  });
  // Old files list weights among the inputs: one without its weight would have to be fed.
  const dropped = new Set(graph.initializer.map(({ name }) => name).filter((name) => !known.has(name)));
  const fields: Partial<GraphProto> = {
    node: uniquelyNamed(node),
    initializer,
    valueInfo: [],
    input: (inputs ?? graph.input).filter(({ name }) => !dropped.has(name)),
    output: [...results],
  };
  return changed(model, { graph: changed(graph, fields) });
}
