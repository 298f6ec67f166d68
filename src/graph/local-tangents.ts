// Each step as a graph of its own that carries a change of its maps to the change of its result: pushing an error
// through the network is a walk along these, forward-mode differentiation (see `local.ts`).
import { value } from './build.js';
import { changed } from './changed.js';
import type { LocalPlan, LocalStep } from './local.js';
import { copied } from './local-variants.js';
import { graphWriter } from './local-writer.js';
import { TensorProto_DataType as DataType } from './onnx_pb.js';
import type { NodeProto, TensorProto } from './onnx_pb.js';
import type { OnnxModel } from './read.js';

/** J · v of a step f at maps h, [f(h + e v) − f(h − e v)] / (2 e); of an affine step, [f(h + e v) − f(h)] / e. */
export type TangentGraph = {
  readonly model: OnnxModel;
  /** Inputs: the maps, by cut that the step takes, go by their own names; the changes v by these, in the same order. */
  readonly changes: readonly string[];
  /** Scalar inputs: e, and what the difference is multiplied with. */
  readonly by: string;
  readonly scale: string;
  /** Input: f(h), where it is needed. */
  readonly result: string | null;
  readonly output: string;
};

const PREFIX = 'tangent/';

/** Nodes that a step's weights come from. */
function stillBehind(plan: LocalPlan, { nodes }: LocalStep): NodeProto[] {
  const open = new Set(
    nodes.flatMap(({ input }) => input).filter((name) => !plan.moving.has(name) && !plan.shapes.has(name)),
  );
  const found = [...plan.nodes].reverse().filter(({ input, output }) => {
    if (!output.some((name) => open.has(name))) return false;
    for (const name of input) open.add(name);
    return true;
  });
  return found.reverse();
}

/**
 * The graph of one step's tangent; weights are shared with the model.
 *
 * @param shapes values of the plan's tensors that come from the shapes of maps
 */
export function tangentGraph(
  model: OnnxModel,
  plan: LocalPlan,
  step: LocalStep,
  shapes: readonly TensorProto[],
): TangentGraph {
  const { graph } = model;
  const write = graphWriter(PREFIX);
  const [by, scale] = [`${PREFIX}by`, `${PREFIX}scale`];
  const changes = step.from.map((_, i) => `${PREFIX}change ${i}`);
  const displaced = (side: 'plus' | 'minus'): string => {
    const ends = step.from.map(({ tensor }, i) => {
      const far = write.op('Mul', [changes[i] ?? '', by], `${PREFIX}${i}/${side}/far`);
      return write.op(side === 'plus' ? 'Add' : 'Sub', [tensor, far], `${PREFIX}${i}/${side}`);
    });
    const cut = (wanted: { readonly tensor: string }): string =>
      ends[step.from.findIndex(({ tensor }) => tensor === wanted.tensor)] ?? '';
    return copied(write, step, plan.moving, { cut, suffix: `/${side}` }, null);
  };
  const result = step.affine ? `${PREFIX}result` : null;
  const rise = write.op('Sub', [displaced('plus'), result ?? displaced('minus')], `${PREFIX}rise`);
  const output = write.op('Mul', [rise, scale], `${PREFIX}output`);

  const nodes = [...stillBehind(plan, step), ...write.nodes];
  const used = new Set(nodes.flatMap(({ input }) => input));
  const map = (name: string, shape: readonly number[] | null) => value(name, DataType.FLOAT, shape);
  const sides = (axes: number, name: string): string[] => Array.from({ length: axes }, (_, i) => `${name} side ${i}`);
  return {
    model: changed(model, {
      graph: changed(graph, {
        node: nodes,
        initializer: [...graph.initializer, ...shapes].filter(({ name }) => used.has(name)).concat(write.constants()),
        sparseInitializer: graph.sparseInitializer.filter(({ values }) => used.has(values?.name ?? '')),
        valueInfo: [],
        input: [
          ...step.from.map(({ tensor, grid }) => map(tensor, grid.shape)),
          ...step.from.map(({ grid }, i) =>
            value(changes[i] ?? '', DataType.FLOAT, sides(grid.shape.length, changes[i] ?? '')),
          ),
          map(by, []),
          map(scale, []),
          ...(result === null ? [] : [map(result, step.to?.grid.shape ?? null)]),
        ],
        output: [map(output, null)],
      }),
    }),
    changes,
    by,
    scale,
    result,
    output,
  };
}
