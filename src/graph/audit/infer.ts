// Walks a graph in data order: sides, element types, small constants, and where each tensor lies on the picture.
import type { OnnxModel } from '../read.js';
import type { NodeProto, TensorProto, ValueInfoProto } from '../onnx_pb.js';
import { attributesOf } from './attributes.js';
import { constantOf } from './constants.js';
import type { NodeView, Outcomes, TensorFacts } from './facts.js';
import { folded } from './fold.js';
import { pictureGeometry } from './geometry.js';
import { rules } from './operators/registry.js';
import type { LayerWindow } from './window.js';

/** The picture that a graph is fed. */
export type PictureInput = {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  readonly width: number;
  readonly height: number;
};

/** A node behind which something isn't known. */
export type Unknown = { readonly node: NodeProto; readonly reason: string };

export type Inference = {
  readonly facts: ReadonlyMap<string, TensorFacts>;
  /** Windows of the nodes that slide one. */
  readonly windows: ReadonlyMap<NodeProto, LayerWindow>;
  readonly unknown: readonly Unknown[];
  /** The side that the batch has throughout. */
  readonly batch: number;
  /** A reshape takes the batch apart: it holds only for a batch of 1. */
  readonly fixesBatch: boolean;
};

/** An open batch gets this side, a prime that no layer has, so that it can be told from other axes. */
export const OPEN_BATCH = 1009;

/** Sides of a declared value; an open first side is the batch; null where others are open. */
function declaredShape({ type }: ValueInfoProto, batch: number): number[] | null {
  if (type?.value.case !== 'tensorType' || !type.value.value.shape) return null;
  const sides = type.value.value.shape.dim.map(({ value }, i) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : i === 0 ? batch : null,
  );
  return sides.includes(null) ? null : (sides as number[]);
}

function elementType({ type }: ValueInfoProto): number {
  return type?.value.case === 'tensorType' ? type.value.value.elemType : 0;
}

/** Facts of a weight. */
function weightFacts(weight: TensorProto): TensorFacts {
  const shape = weight.dims.map(Number);
  return { shape, type: weight.dataType, constant: constantOf(weight), picture: false, geometry: null };
}

/** Facts of an input: the picture, or another one. */
function inputFacts(input: ValueInfoProto, picture: PictureInput, batch: number): TensorFacts {
  const isPicture = input.name === picture.name;
  const channels = declaredShape(input, batch)?.at(picture.layout === 'NCHW' ? 1 : 3) ?? 3;
  const { height, width } = picture;
  const sides = picture.layout === 'NCHW' ? [batch, channels, height, width] : [batch, height, width, channels];
  return {
    shape: isPicture ? sides : declaredShape(input, batch),
    type: elementType(input),
    constant: null,
    picture: isPicture,
    geometry: isPicture ? pictureGeometry(picture.layout, sides) : null,
  };
}

/** Whether a reshape takes the batch apart: its sides were written down for a batch of 1. */
function takesBatchApart(node: NodeProto, input: TensorFacts | null, output: TensorFacts): boolean {
  const places = ({ geometry }: TensorFacts): number =>
    geometry?.axes.findIndex(({ parts }) => parts.some(({ role }) => role === 'batch')) ?? -1;
  if (node.opType !== 'Reshape' || input === null || places(input) < 0) return false;
  return places(output) < 0 || (places(input) === 0 && places(output) !== 0);
}

/** A walk through a graph, tensor by tensor and node by node, for graphs that are still being written too. */
export type GraphWalk = {
  readonly facts: ReadonlyMap<string, TensorFacts>;
  readonly weight: (weight: TensorProto) => void;
  readonly input: (input: ValueInfoProto) => void;
  /** A node behind all those that it takes from. */
  readonly node: (node: NodeProto) => void;
  readonly result: () => Inference;
};

/**
 * @param batch side of the batch: the graph's own, or `OPEN_BATCH`
 * @param declared values whose shapes the graph states, by name
 */
export function walkGraph(
  picture: PictureInput,
  batch: number,
  opset: number,
  declared: ReadonlyMap<string, ValueInfoProto> = new Map(),
): GraphWalk {
  const facts = new Map<string, TensorFacts>();
  const windows = new Map<NodeProto, LayerWindow>();
  const unknown: Unknown[] = [];
  let fixesBatch = false;

  const visit = (node: NodeProto): void => {
    const inputs = node.input.map((name) => (name === '' ? null : (facts.get(name) ?? null)));
    const view: NodeView = { node, opset, attributes: attributesOf(node), inputs };
    const fromPicture = inputs.some((input) => input?.picture === true);
    const rule = rules[node.opType];
    const outcomes: Outcomes | null = rule?.(view) ?? null;
    const constants =
      fromPicture && node.opType !== 'Shape' && node.opType !== 'Size'
        ? null
        : folded(view, outcomes?.outputs[0]?.shape ?? null);
    if (outcomes?.window) windows.set(node, outcomes.window);
    for (const [i, name] of node.output.entries()) {
      if (name === '') continue;
      const outcome = outcomes?.outputs[i] ?? null;
      const constant = constants?.[i] ?? null;
      const value = declared.get(name);
      const shape = outcome?.shape ?? constant?.dims ?? (value ? declaredShape(value, batch) : null);
      const placed = fromPicture && constant === null;
      const found: TensorFacts = {
        shape,
        type: outcome?.type ?? (inputs[0]?.type || (value ? elementType(value) : 0)),
        constant,
        picture: placed,
        geometry: placed ? (outcome?.geometry ?? null) : null,
      };
      facts.set(name, found);
      fixesBatch ||= batch === OPEN_BATCH && takesBatchApart(node, inputs[0] ?? null, found);
    }
    if (fromPicture) {
      const lostBefore = inputs.some((input) => input?.picture === true && input.geometry === null);
      const lost = node.output.some(
        (name) => name !== '' && facts.get(name)?.picture === true && facts.get(name)?.geometry === null,
      );
      if (lost && !lostBefore) unknown.push({ node, reason: reasonOf(node, rule !== undefined, outcomes) });
    }
  };
  return {
    facts,
    weight: (weight) => void facts.set(weight.name, weightFacts(weight)),
    input: (input) => {
      if (!facts.has(input.name)) facts.set(input.name, inputFacts(input, picture, batch));
    },
    node: visit,
    result: () => ({ facts, windows, unknown, batch, fixesBatch }),
  };
}

/**
 * @param batch side of the batch: the graph's own, or `OPEN_BATCH`
 */
export function infer({ graph, opsetImport }: OnnxModel, picture: PictureInput, batch: number): Inference {
  const declared = new Map([...graph.valueInfo, ...graph.output].map((value) => [value.name, value]));
  const opset = Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 17n);
  const walk = walkGraph(picture, batch, opset, declared);
  graph.initializer.forEach(walk.weight);
  graph.input.forEach(walk.input);
  graph.node.forEach(walk.node);
  return walk.result();
}

function reasonOf(node: NodeProto, known: boolean, outcomes: Outcomes | null): string {
  if (!known) return `operator ${node.domain ? `${node.domain}.` : ''}${node.opType} isn't known to the audit`;
  if (outcomes === null) return 'the shape of its result depends on values that only a run knows';
  return 'its result has no place on the picture that could be followed';
}
