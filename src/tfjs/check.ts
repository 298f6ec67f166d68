// Checks that a topology can be followed from its ends to the picture: nothing missing, nothing that waits for itself.
import { InputError, messageOf } from '../core/errors.js';
import { layerCalls } from './calls.js';
import type { TfjsGraphModel, TfjsModel, TfjsNode } from './model.js';

/** What to do about a topology that can't be followed. */
const ADVICE = 'Save or convert the model again.';

/** "a", "b" and 3 more. */
function listed(names: readonly string[]): string {
  const first = names.slice(0, 3).map((name) => `"${name}"`);
  return `${first.join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

/** What a node takes; loops of old graphs go on by NextIteration, whose input comes from behind. */
function sourcesOf({ op, input }: TfjsNode): string[] {
  if (op === 'NextIteration') return [];
  return input.map((text) => text.replace(/^\^/, '').replace(/:\d+$/, ''));
}

/** The nodes that the outputs need. @throws InputError for nodes that aren't there, or take from themselves */
function neededNodes({ path, topology }: TfjsGraphModel): TfjsNode[] {
  const byName = new Map(topology.nodes.map((node) => [node.name, node]));
  const needed = new Set<TfjsNode>();
  const open = new Set<TfjsNode>();
  const stack: { readonly name: string; readonly by: string; readonly leave: boolean }[] = topology.outputs.map(
    ({ tensor }) => ({ name: tensor.replace(/:\d+$/, ''), by: 'its signature', leave: false }),
  );
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { name, by, leave } = top;
    const node = byName.get(name);
    if (node === undefined) {
      throw new InputError(`In the graph of ${path} ${by} takes from a node "${name}" that isn't there. ${ADVICE}`);
    }
    if (leave) {
      open.delete(node);
      continue;
    }
    if (open.has(node)) {
      throw new InputError(`In the graph of ${path} the node "${name}" takes from itself, past others. ${ADVICE}`);
    }
    if (needed.has(node)) continue;
    needed.add(node);
    open.add(node);
    stack.push({ name, by, leave: true });
    for (const source of sourcesOf(node)) stack.push({ name: source, by: `the node "${name}"`, leave: false });
  }
  return [...needed];
}

function checkGraph(model: TfjsGraphModel): void {
  const weights = new Set(model.weights.map(({ name }) => name));
  const missing = neededNodes(model).filter(({ op, name }) => op === 'Const' && !weights.has(name));
  if (missing.length === 0) return;
  throw new InputError(
    `The manifest of ${model.path} lacks ${missing.length} weights that its graph takes: ${listed(missing.map(({ name }) => name))}. ${ADVICE}`,
  );
}

/** @throws InputError naming the file and the layer, node or weight */
export function checkTopology(model: TfjsModel): void {
  if (model.kind === 'graph') {
    checkGraph(model);
    return;
  }
  try {
    layerCalls(model.topology);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`The layers of ${model.path} can't be followed. ${messageOf(error)} ${ADVICE}`);
  }
}
