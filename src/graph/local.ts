// The local equivariance error of a classifier, layer by layer, under translations by fractions of a pixel: what has to
// be computed (Gruver, Finzi, Goldblum & Wilson, "The Lie Derivative for Measuring Learned Equivariance", ICLR 2023).
import type { LocalCause } from '../core/layers.js';
import { FLOAT } from './audit/element-types.js';
import type { GraphAudit } from './audit/layer.js';
import { chainOf } from './local-steps.js';
import type { Chain, Cut, Step } from './local-steps.js';
import { densePool, isAffine, layersByOutput, openWindow, pads } from './local-variants.js';
import type { DensePool, Layers, OpenWindow } from './local-variants.js';
import { TensorProto_DataType as DataType } from './onnx_pb.js';
import type { OnnxModel } from './read.js';

/** A step and how its error is told apart by cause. */
export type LocalStep = Step & {
  readonly causes: readonly LocalCause[];
  /** Whether it pads with something else than the opposite edge. */
  readonly padded: boolean;
  /** Where it does not pad and so loses the map's edge. */
  readonly open: OpenWindow | null;
  readonly pool: DensePool | null;
  /** Central differences of it are exact whatever their step. */
  readonly affine: boolean;
};

/** How a model's local equivariance error is measured. */
export type LocalPlan = {
  /** In data order, the classifier last. */
  readonly steps: readonly LocalStep[];
  /** Memory of maps that one picture takes, bytes. */
  readonly bytes: number;
  readonly picture: Cut;
  readonly answer: string;
  readonly moving: Chain['moving'];
  readonly nodes: Chain['nodes'];
  /** Tensors that steps take and that come from the shapes of maps. */
  readonly shapes: ReadonlySet<string>;
  readonly layers: Layers;
};

const WORDS = new Map<number, string>([
  [DataType.FLOAT16, 'float16'],
  [DataType.BFLOAT16, 'bfloat16'],
  [DataType.UINT8, 'uint8'],
  [DataType.INT8, 'int8'],
]);

function causesOf(step: Step, edges: boolean, pool: DensePool | null): LocalCause[] {
  const factor = step.to?.grid.factor;
  const changes =
    factor !== undefined && step.from.some(({ grid }) => grid.factor.y !== factor.y || grid.factor.x !== factor.x);
  const rest: LocalCause[] = changes ? ['sampling', ...(pool ? (['nonLinearity'] as const) : [])] : ['nonLinearity'];
  return [...(edges ? (['padding'] as const) : []), ...rest];
}

/** Why the graph's numbers can't be differentiated; null where they can. */
function refusal({ graph }: OnnxModel, audit: GraphAudit, { nodes, moving }: Chain, answer: string): string | null {
  const input = graph.input.find(({ name }) => name === audit.input.name)?.type?.value;
  const [type, batch] =
    input?.case === 'tensorType' ? [input.value.elemType, input.value.shape?.dim[0]?.value] : [0, undefined];
  if (!moving.has(answer)) return `the output "${answer}" does not depend on the picture`;
  if (type !== FLOAT)
    return `the picture goes in as ${WORDS.get(type) ?? DataType[type] ?? 'unknown'}, and derivatives need float32`;
  if (batch?.case === 'dimValue' && batch.value > 1n)
    return `the graph takes ${batch.value} pictures at a time, and derivatives need one`;
  const given = graph.output.find(({ name }) => name === answer)?.type?.value;
  const answerType = given?.case === 'tensorType' ? given.value.elemType : FLOAT;
  if (answerType !== FLOAT)
    return `the answer is of type ${DataType[answerType]?.toLowerCase() ?? 'unknown'}, and derivatives need float32`;
  const control = nodes.find(({ attribute }) =>
    attribute.some(({ g, graphs }) => g !== undefined || graphs.length > 0),
  );
  if (control)
    return `node "${control.name}" (${control.opType}) holds a graph of its own, which can't be cut into steps`;
  const coarse = audit.layers.find(({ output, type }) => moving.has(output) && WORDS.has(type));
  if (coarse) return `${coarse.name} gives ${WORDS.get(coarse.type)}, and derivatives need float32`;
  return null;
}

/** Tensors that come from the shapes of maps and go into nodes that depend on the picture. */
function shapesIn({ nodes, moving }: Chain): Set<string> {
  const shapes = new Set<string>();
  const taken = new Set<string>();
  for (const { opType, input, output } of nodes) {
    if (output.some((name) => moving.has(name))) for (const name of input) taken.add(name);
    else if (
      opType === 'Shape' || opType === 'Size'
        ? input.some((name) => moving.has(name))
        : input.some((name) => shapes.has(name))
    )
      for (const name of output) shapes.add(name);
  }
  return new Set([...shapes].filter((name) => taken.has(name)));
}

function elements({ grid }: Cut): number {
  return grid.shape.reduce((all, side) => all * side, 1);
}

/**
 * Maps that are held at once: each step's result and parts for one direction and, until their memory is collected, for
 * the one before; changes on their way; and what one step takes while it runs. Measured: 400 MB for
 * efficientnet-lite0 at 224 pixels.
 */
function bytesOf(steps: readonly LocalStep[], picture: Cut): number {
  const cuts = [picture, ...steps.flatMap(({ to }) => to ?? [])];
  const maps = cuts.reduce((sum, cut) => sum + elements(cut), 0);
  const parts = steps.reduce((sum, { to, causes }) => sum + (to ? elements(to) * causes.length : 0), 0);
  return 4 * (2 * (maps + parts) + 2 * maps + 8 * Math.max(...cuts.map(elements)));
}

/**
 * Plans the measurement of the local equivariance error.
 *
 * Translation by `t` pixels acts on a map of cumulative factor `s` as a band-limited cyclic shift by `t / s` elements,
 * on class tokens and everything without places not at all. The error of a step `f` on maps `h` is its Lie derivative
 * L f(h) = d/dt T₋t f(T_t h) at t = 0 = J_f(h) · (D h) − D f(h), with D the generator of T. By the chain rule, that of
 * the network is the sum over steps of L f pushed through the rest of the network.
 *
 * @param audit of this model
 * @param answer name of the output that is the model's answer
 * @returns the plan, or in words why there is none
 */
export function planLocal(
  model: OnnxModel,
  audit: GraphAudit,
  answer: string,
): LocalPlan | { readonly unavailable: string } {
  const chain = chainOf(model.graph, audit, answer, 3);
  const unavailable = refusal(model, audit, chain, answer);
  if (unavailable !== null) return { unavailable };
  const layers = layersByOutput(audit);
  const steps = chain.steps.map((step): LocalStep => {
    const padded = pads(step, layers);
    const open = padded ? null : openWindow(step, layers);
    const pool = densePool(step, layers);
    const causes = causesOf(step, padded || open !== null, pool);
    return { ...step, causes, padded, open, pool, affine: isAffine(step, chain.moving) };
  });
  return {
    steps,
    bytes: bytesOf(steps, chain.picture),
    answer,
    layers,
    picture: chain.picture,
    moving: chain.moving,
    nodes: chain.nodes,
    shapes: shapesIn(chain),
  };
}
