// What is known of a tensor, and how an operator's rule sees its node.
import type { NodeProto } from '../onnx_pb.js';
import type { Attributes } from './attributes.js';
import type { Constant } from './constants.js';
import type { Geometry } from './geometry.js';
import type { LayerWindow } from './window.js';

export type TensorFacts = {
  /** Sides, or null where unknown. An open batch has the side that `Inference.batch` says. */
  readonly shape: readonly number[] | null;
  /** TensorProto.DataType; 0 where unknown. */
  readonly type: number;
  /** Values, where they don't depend on the picture and are few. */
  readonly constant: Constant | null;
  /** Whether it depends on the picture at all. */
  readonly picture: boolean;
  /** Where its elements lie on the picture; null where they don't, or where it isn't known. */
  readonly geometry: Geometry | null;
};

/** What a rule says of one output; what it leaves out is taken from the first input (type) or unknown. */
export type Outcome = {
  readonly shape: readonly number[];
  readonly type?: number;
  readonly geometry?: Geometry | null;
};

/** What a rule says of a node: its outputs, and its window where it slides one. */
export type Outcomes = { readonly outputs: readonly (Outcome | null)[]; readonly window?: LayerWindow };

/** A node as its rule sees it. */
export type NodeView = {
  readonly node: NodeProto;
  readonly opset: number;
  readonly attributes: Attributes;
  readonly inputs: readonly (TensorFacts | null)[];
};

/** From a node to its outputs; null where nothing can be told. */
export type Rule = (view: NodeView) => Outcomes | null;

export function shapeOf({ inputs }: NodeView, index: number): readonly number[] | null {
  return inputs[index]?.shape ?? null;
}

export function geometryOf({ inputs }: NodeView, index: number): Geometry | null {
  return inputs[index]?.geometry ?? null;
}

/** Values of an input that is a constant. */
export function valuesOf({ inputs }: NodeView, index: number): readonly number[] | null {
  return inputs[index]?.constant?.values ?? null;
}

/** One output alone. */
export function single(shape: readonly number[], geometry: Geometry | null, type?: number): Outcomes {
  return { outputs: [type === undefined ? { shape, geometry } : { shape, geometry, type }] };
}

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Axes of a node: an input of recent opsets, an attribute of older ones; null where neither says any. */
export function axesOf(view: NodeView, input: number, rank: number): number[] | null {
  const axes = view.attributes.ints('axes') ?? valuesOf(view, input);
  return axes && axes.map((axis) => fromFront(axis, rank));
}
