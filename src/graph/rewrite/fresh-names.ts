// Names for the tensors of a graph that was rewritten before: what a rewriting adds to it is named after its tensors, and
// would meet what the one before added.
import { changed } from '../changed.js';
import type { OnnxModel } from '../read.js';

/** What rewriting appends to tensors' names, last. */
const ADDED =
  /^(.+)\/(answers|apart|back|batch|border|bordered|chosen|copies|dense|energies|first|grid|grids|kept|last|longer|mean|ordered|padded|phases|probabilities|short|weights)$/;

/**
 * The same network with every tensor inside it renamed, where any has a name that rewriting gives; else as it is. Inputs,
 * outputs and nodes keep their names.
 */
export function withFreshNames(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const ends = new Set([...graph.input, ...graph.output].map(({ name }) => name));
  const names = new Set([...graph.node.flatMap(({ output }) => output), ...graph.initializer.map(({ name }) => name)]);
  const rewritten = [...names].some((name) => {
    const stem = ADDED.exec(name)?.[1];
    return stem !== undefined && (names.has(stem) || ends.has(stem));
  });
  // Graphs inside of nodes may speak of tensors outside.
  const nested = graph.node.some(({ attribute }) =>
    attribute.some(({ g, graphs }) => g !== undefined || graphs.length > 0),
  );
  if (!rewritten || nested) return model;
  let time = 1;
  while ([...names].some((name) => name.endsWith(`~${time}`))) time++;
  const fresh = (name: string): string =>
    name === '' || ends.has(name) || !names.has(name) ? name : `${name}~${time}`;
  return changed(model, {
    graph: changed(graph, {
      node: graph.node.map((node) => changed(node, { input: node.input.map(fresh), output: node.output.map(fresh) })),
      initializer: graph.initializer.map((tensor) => changed(tensor, { name: fresh(tensor.name) })),
      valueInfo: [],
      quantizationAnnotation: [],
    }),
  });
}
