// The graph that computes every step's own equivariance error, by cause, beside the network (see `local.ts`).
import type { LocalCause, RowsColumns } from '../core/layers.js';
import { create } from '@bufbuild/protobuf';
import { value } from './build.js';
import { changed } from './changed.js';
import { generator } from './local-generator.js';
import type { Blend, Grid } from './local-generator.js';
import type { LocalPlan, LocalStep } from './local.js';
import type { Cut } from './local-steps.js';
import { circular, copied, pooledDensely, subsampled } from './local-variants.js';
import { graphWriter } from './local-writer.js';
import type { GraphWriter } from './local-writer.js';
import { TensorProto_DataType as DataType, ValueInfoProtoSchema } from './onnx_pb.js';
import type { OnnxModel } from './read.js';

/** Steps of the central differences within a network's steps, elements of the step's own coarsest input. */
export type DifferenceSteps = {
  /** Of steps that may be curved or have kinks. */
  readonly curved: number;
  /** Of affine steps, for which the difference is exact and a large step drowns rounding. */
  readonly affine: number;
};

/** Outputs that a step has in the graph. */
export type StepOutputs = {
  readonly parts: readonly { readonly cause: LocalCause; readonly output: string }[];
  /** The step's result itself, and a scalar: its Euclidean norm. */
  readonly result: string;
  readonly norm: string;
};

export type DerivativesGraph = {
  readonly model: OnnxModel;
  /** Scalars to feed: how far the translation goes along rows and columns. */
  readonly blend: Blend;
  /** Output: the picture's change per pixel of translation, shaped like it. */
  readonly moved: string;
  /** By step of the plan. */
  readonly steps: readonly StepOutputs[];
};

const PREFIX = 'local/';

type Scene = {
  readonly write: GraphWriter;
  readonly plan: LocalPlan;
  readonly blend: Blend;
  /** Tensor by cut: the cut moved by a step along its generator; written once. */
  readonly displaced: (cut: Cut, by: number) => string;
  /** Its generator. */
  readonly moved: (cut: Cut) => string;
};

function scene(write: GraphWriter, plan: LocalPlan, blend: Blend): Scene {
  const known = new Map<string, string>();
  const once = (key: string, make: () => string): string => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  const moved = ({ tensor, grid }: Cut): string =>
    once(tensor, () => generator(write, write.op('Identity', [tensor], `${PREFIX}${tensor}`), grid, blend));
  return {
    write,
    plan,
    blend,
    moved,
    displaced: (cut, by) =>
      once(`${cut.tensor}${by}`, () => {
        const far = write.op('Mul', [moved(cut), write.number(by)], `${PREFIX}${cut.tensor}/by ${by}`);
        return write.op('Add', [cut.tensor, far], `${PREFIX}${cut.tensor}/at ${by}`);
      }),
  };
}

/**
 * Adds J · (D h) − D f(h) for a variant of a step.
 *
 * @param evaluate adds the variant on displaced cuts and gives its result
 * @param by displacement, pixels of the picture
 * @param still D f(h), or null where translations don't act on the result
 */
function lieDerivative(
  { write }: Scene,
  evaluate: (side: 'plus' | 'minus') => string,
  by: number,
  still: string | null,
  output: string,
): string {
  const rise = write.op('Sub', [evaluate('plus'), evaluate('minus')], `${output}/rise`);
  const slope = write.op('Mul', [rise, write.number(1 / (2 * by))], still === null ? output : `${output}/slope`);
  return still === null ? slope : write.op('Sub', [slope, still], output);
}

/** Largest factor of the cuts that a step takes: elements of its coarsest input are measured in it. */
function coarsest({ from }: LocalStep): number {
  return Math.max(...from.map(({ grid }) => Math.max(grid.factor.y, grid.factor.x)));
}

function stepParts(scene: Scene, step: LocalStep, index: number, sizes: DifferenceSteps): StepOutputs['parts'] {
  const { write, plan, blend } = scene;
  const by = coarsest(step) * (step.affine ? sizes.affine : sizes.curved);
  const output = (what: string): string => `${PREFIX}${index}/${what}`;
  const at = (side: 'plus' | 'minus' | 'still') => (cut: Cut) =>
    side === 'still' ? cut.tensor : scene.displaced(cut, side === 'plus' ? by : -by);
  const evaluated = (kind: 'own' | 'circular') => (side: 'plus' | 'minus' | 'still') =>
    copied(
      write,
      step,
      plan.moving,
      { cut: at(side), suffix: `/${kind} ${side} ${index}` },
      kind === 'own' ? null : (step.open?.wraps ?? circular(step, plan.layers)),
    );
  const generated = (tensor: string, grid: Grid | undefined): string | null =>
    grid === undefined ? null : generator(write, tensor, grid, blend);

  const rest: LocalCause = step.causes.includes('sampling') ? 'sampling' : 'nonLinearity';
  const whole = lieDerivative(scene, evaluated('own'), by, step.to && scene.moved(step.to), output('whole'));
  const parts: { cause: LocalCause; output: string }[] = [];
  let torus = whole;
  if (step.padded || step.open) {
    const still = generated(evaluated('circular')('still'), step.open?.grid ?? step.to?.grid);
    const round = lieDerivative(scene, evaluated('circular'), by, still, output('circular'));
    torus = step.open ? subsampled(write, step.open.kept, round) : round;
    parts.push({ cause: 'padding', output: write.op('Sub', [whole, torus], output('padding')) });
  }
  const { pool } = step;
  if (pool === null) return [...parts, { cause: rest, output: torus }];
  const dense = (side: 'plus' | 'minus' | 'still'): string =>
    pooledDensely(write, pool, at(side)(pool.cut), `/dense ${side} ${index}`);
  const curved = lieDerivative(scene, dense, by, generated(dense('still'), pool.cut.grid), output('dense'));
  const kept = subsampled(write, pool.kept, curved);
  const sampling = write.op('Sub', [torus, kept], output('sampling'));
  return [...parts, { cause: 'sampling', output: sampling }, { cause: 'nonLinearity', output: kept }];
}

/**
 * The graph whose outputs are the Lie derivatives of a plan's steps, by cause: of the padding (what is left once the
 * step with circular padding is taken off), and of the rest.
 *
 * Its weights are the model's; copies of nodes read them by name.
 */
export function derivativesGraph(model: OnnxModel, plan: LocalPlan, sizes: DifferenceSteps): DerivativesGraph {
  const write = graphWriter(PREFIX);
  const blend: Blend = { y: `${PREFIX}y`, x: `${PREFIX}x` };
  const stage = scene(write, plan, blend);
  const moved = stage.moved(plan.picture);
  const steps = plan.steps.map((step, index): StepOutputs => {
    const parts = stepParts(stage, step, index, sizes);
    const norm = write.op('ReduceL2', [step.output], `${PREFIX}${index}/norm`, { keepdims: 0n });
    return { parts, result: step.output, norm };
  });
  const names = [
    moved,
    ...steps.flatMap(({ parts, result, norm }) => [...parts.map(({ output }) => output), result, norm]),
  ];
  const { graph } = model;
  const scalars = [blend.y, blend.x].map((name) => value(name, DataType.FLOAT, []));
  return {
    model: changed(model, {
      graph: changed(graph, {
        node: [...plan.nodes, ...write.nodes],
        initializer: [...graph.initializer, ...write.constants()],
        input: [...graph.input, ...scalars],
        output: [
          ...names.map((name) => value(name, DataType.FLOAT, null)),
          // Their types are the engine's to tell.
          ...[...plan.shapes].map((name) => create(ValueInfoProtoSchema, { name })),
        ],
      }),
    }),
    blend,
    moved,
    steps,
  };
}

/** The scalars' values for each of the two directions. */
export const DIRECTIONS: readonly RowsColumns[] = [
  { y: 1, x: 0 },
  { y: 0, x: 1 },
];
