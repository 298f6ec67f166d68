// Copies of a step's nodes on other inputs: as they are, with all padding circular, and with a pool's stride taken off.
import type { GraphAudit, LayerAudit } from './audit/layer.js';
import { attributesOf } from './audit/attributes.js';
import { node } from './build.js';
import { changed } from './changed.js';
import type { Grid } from './local-generator.js';
import type { Cut, Step } from './local-steps.js';
import type { GraphWriter } from './local-writer.js';
import type { NodeProto } from './onnx_pb.js';

/** How a copy's tensors are called: by the names of the original's. */
export type Naming = {
  /** What the step's cuts are replaced by. */
  readonly cut: (cut: Cut) => string;
  /** Appended to all other tensors that depend on the picture. */
  readonly suffix: string;
};

/** Padding of a node along one axis of its input, elements. */
type Wrap = { readonly axis: number; readonly length: number; readonly before: number; readonly after: number };

/** Layers by the tensor that they give. */
export type Layers = ReadonlyMap<string, LayerAudit>;

export function layersByOutput({ layers }: GraphAudit): Layers {
  return new Map(layers.map((layer) => [layer.output, layer]));
}

const WINDOWED = /^(Conv|FusedConv|MaxPool|AveragePool|LpPool)$/;

/** Sides of a tensor, where they are known. */
function sidesOf(tensor: string, layers: Layers, from: readonly Cut[]): readonly (number | string)[] | null {
  return from.find((cut) => cut.tensor === tensor)?.grid.shape ?? layers.get(tensor)?.shape ?? null;
}

/**
 * Circular padding with which a sliding window gives a certain number of results.
 *
 * @param results by axis of the map; those of a pool with ceil_mode may reach beyond its own padding
 */
function wrapsFor(
  { window }: LayerAudit,
  sides: readonly (number | string)[],
  results: (axis: number, stride: number) => number,
): Wrap[] {
  return (window?.kernel ?? []).map((kernel, i) => {
    const [axis, length] = [i + 2, Number(sides[i + 2])];
    const [before, stride] = [window?.before[i] ?? 0, window?.stride[i] ?? 1];
    const span = (kernel - 1) * (window?.dilation[i] ?? 1) + 1;
    return { axis, length, before, after: Math.max(0, (results(axis, stride) - 1) * stride + span - length - before) };
  });
}

/** Padding that a node does itself, as wide as its windows reach; null where it does none. */
function wrapsOf(node: NodeProto, layers: Layers, from: readonly Cut[]): Wrap[] | null {
  const layer = layers.get(node.output[0] ?? '');
  const sides = sidesOf(node.input[0] ?? '', layers, from);
  const { window } = layer ?? {};
  if (!layer?.shape || !window || sides === null) return null;
  const found = (wraps: Wrap[]): Wrap[] | null =>
    wraps.some(({ before, after }) => before > 0 || after > 0) ? wraps : null;
  if (WINDOWED.test(node.opType)) return found(wrapsFor(layer, sides, (axis) => Number(layer.shape?.[axis])));
  if (node.opType !== 'Pad' || window.filling === 'circular') return null;
  return found(
    (layer.places?.axes ?? []).map((axis, i) => ({
      axis,
      length: Number(sides[axis]),
      before: window.before[i] ?? 0,
      after: window.after[i] ?? 0,
    })),
  );
}

/** Circular padding by node of a step. */
export type Wraps = (node: NodeProto) => readonly Wrap[] | null;

/** Circular padding of the widths that the nodes' own has. */
export function circular({ from }: Step, layers: Layers): Wraps {
  return (node) => wrapsOf(node, layers, from);
}

/** Whether any node of a step pads with something else than the opposite edge. */
export function pads(step: Step, layers: Layers): boolean {
  return step.nodes.some((node) => circular(step, layers)(node) !== null);
}

/** Places, by axis, that are kept of a map. */
export type Kept = readonly { readonly axis: number; readonly indices: readonly number[] }[];

/** A window that, for want of padding, does not reach round the torus: what it takes to let it, and what is too much. */
export type OpenWindow = { readonly wraps: Wraps; readonly grid: Grid; readonly kept: Kept };

/** The step's last node, where it is a window without padding that cuts the map's edge off; the step must not pad. */
export function openWindow({ nodes, from, to }: Step, layers: Layers): OpenWindow | null {
  const last = nodes.at(-1);
  const layer = layers.get(to?.tensor ?? '');
  const sides = sidesOf(last?.input[0] ?? '', layers, from);
  if (!last || !layer || !to || sides === null || to.grid.layout !== 'NCHW') return null;
  if (!WINDOWED.test(last.opType) || last.output[0] !== to.tensor) return null;
  // On a map that padding nodes (or slices that wrap) made larger, windows do reach round.
  if (!from.some(({ grid }) => grid.shape.length === 4 && grid.rows === sides[2] && grid.columns === sides[3]))
    return null;
  const { shape } = to.grid;
  const wraps = wrapsFor(layer, sides, (axis, stride) =>
    Math.max(shape[axis] ?? 1, Math.floor(Number(sides[axis]) / stride)),
  );
  if (wraps.every(({ after }) => after === 0)) return null;
  const full = shape.map((side, axis) => {
    const stride = layer.window?.stride[axis - 2] ?? 1;
    return axis < 2 ? side : Math.max(side, Math.floor(Number(sides[axis]) / stride));
  });
  const grid = { ...to.grid, shape: full, rows: full[2] ?? 1, columns: full[3] ?? 1 };
  const kept = wraps.map(({ axis }) => ({ axis, indices: Array.from({ length: shape[axis] ?? 1 }, (_, j) => j) }));
  return { wraps: (node) => (node === last ? wraps : null), grid, kept };
}

function modulo(index: number, length: number): number {
  return ((index % length) + length) % length;
}

/** Adds circular padding: elements of one axis, picked by index; gives the name of the result. */
function wrapped(write: GraphWriter, tensor: string, wraps: readonly Wrap[], output: string): string {
  return wraps
    .filter(({ before, after }) => before !== 0 || after !== 0)
    .reduce((from, { axis, length, before, after }) => {
      const indices = Array.from({ length: before + length + after }, (_, j) => modulo(j - before, length));
      return write.op('Gather', [from, write.wholes(indices)], `${output}/wrap${axis}`, { axis: BigInt(axis) });
    }, tensor);
}

/** The same node without padding of its own. */
function unpadded(
  original: NodeProto,
  rank: number,
  more: Readonly<Record<string, bigint[]>> = {},
): NodeProto['attribute'] {
  const dropped = new Set(['pads', 'auto_pad', 'ceil_mode', ...Object.keys(more)]);
  const zeros = Array.from({ length: 2 * (rank - 2) }, () => 0n);
  return [
    ...original.attribute.filter(({ name }) => !dropped.has(name)),
    ...node('', [], [], { pads: zeros, ...more }).attribute,
  ];
}

/** The name that a tensor has in a copy. */
function renamed(name: string, { from }: Step, moving: ReadonlySet<string>, { cut, suffix }: Naming): string {
  const found = from.find(({ tensor }) => tensor === name);
  if (found) return cut(found);
  return moving.has(name) ? `${name}${suffix}` : name;
}

/**
 * Adds a copy of a step.
 *
 * @param circularly circular padding that takes the place of the nodes' own; null: the copy is as the original
 * @returns the name of its result
 */
export function copied(
  write: GraphWriter,
  step: Step,
  moving: ReadonlySet<string>,
  naming: Naming,
  circularly: Wraps | null,
): string {
  const name = (tensor: string): string => renamed(tensor, step, moving, naming);
  // What a step gives may be what a later node of the same step takes, never one of its cuts.
  const result = (tensor: string): string => (tensor === '' ? '' : `${tensor}${naming.suffix}`);
  for (const original of step.nodes) {
    const wraps = circularly && circularly(original);
    const fields = {
      name: `${original.name}${naming.suffix}`,
      input: original.input.map(name),
      output: original.output.map(result),
    };
    const [first = ''] = fields.output;
    if (wraps === null || wraps.length === 0) write.add(changed(original, fields));
    else if (original.opType === 'Pad') {
      // Behind the node, so that padding of other axes (channels) stays as it is.
      write.add(changed(original, { ...fields, name: `${fields.name}/filled`, output: [`${first}/filled`] }));
      const inner = wraps.filter(({ before, after }) => before > 0 || after > 0);
      const last = inner.reduce((from, { axis, length, before, after }) => {
        const [low, high] = [Math.max(0, before), Math.max(0, after)];
        const kept = length + Math.min(0, before) + Math.min(0, after);
        const indices = Array.from({ length: low + kept + high }, (_, j) => low + modulo(j - low, kept));
        return write.op('Gather', [from, write.wholes(indices)], `${first}/wrap${axis}`, { axis: BigInt(axis) });
      }, `${first}/filled`);
      write.op('Identity', [last], first);
    } else {
      const [input = '', ...others] = fields.input;
      const rank = wraps.length + 2;
      write.add(
        changed(original, {
          ...fields,
          input: [wrapped(write, input, wraps, first), ...others],
          attribute: unpadded(original, rank),
        }),
      );
    }
  }
  return result(step.output);
}

/** A strided pool alone (behind padding nodes at most) whose every place is wanted. */
export type DensePool = {
  readonly node: NodeProto;
  readonly cut: Cut;
  readonly wraps: readonly Wrap[];
  /** Places that the stride keeps. */
  readonly kept: Kept;
};

/** The step's non-linear strided pool, where it consists of nothing else. */
export function densePool({ nodes, from, to }: Step, layers: Layers): DensePool | null {
  const pool = nodes.at(-1);
  const [cut] = from;
  if (pool === undefined || cut === undefined || from.length > 1 || cut.grid.layout !== 'NCHW' || to === null)
    return null;
  const layer = layers.get(pool.output[0] ?? '');
  const { window } = layer ?? {};
  if (!/^(MaxPool|LpPool)$/.test(pool.opType) || !window || pool.output[0] !== to.tensor) return null;
  if (window.stride.every((by) => by === 1)) return null;
  const before = nodes.slice(0, -1);
  if (!before.every(({ opType }) => opType === 'Pad' || opType === 'Identity')) return null;
  const paddings = before.map((padding) => wrapsOf(padding, layers, from) ?? []);
  const axes = window.kernel.map((kernel, i) => {
    const axis = i + 2;
    const length = cut.grid.shape[axis] ?? 1;
    const earlier = paddings.flat().filter((wrap) => wrap.axis === axis);
    const span = (kernel - 1) * (window.dilation[i] ?? 1) + 1;
    const first = (window.before[i] ?? 0) + earlier.reduce((sum, wrap) => sum + wrap.before, 0);
    const indices = Array.from({ length: to.grid.shape[axis] ?? 1 }, (_, j) =>
      modulo(j * (window.stride[i] ?? 1), length),
    );
    return { wrap: { axis, length, before: first, after: span - 1 - first }, kept: { axis, indices } };
  });
  return { node: pool, cut, wraps: axes.map(({ wrap }) => wrap), kept: axes.map(({ kept }) => kept) };
}

/** Adds a copy of a pool at stride 1 on the torus: its result has a place for every place of its input. */
export function pooledDensely(
  write: GraphWriter,
  { node: pool, wraps }: DensePool,
  input: string,
  suffix: string,
): string {
  const output = `${pool.output[0] ?? ''}${suffix}`;
  const strides = wraps.map(() => 1n);
  write.add(
    changed(pool, {
      name: output,
      input: [wrapped(write, input, wraps, output)],
      output: [output],
      attribute: unpadded(pool, wraps.length + 2, { strides }),
    }),
  );
  return output;
}

/** Adds the places of a map that are kept. */
export function subsampled(write: GraphWriter, kept: Kept, tensor: string): string {
  return kept.reduce(
    (from, { axis, indices }) =>
      write.op('Gather', [from, write.wholes(indices)], `${tensor}/kept${axis}`, { axis: BigInt(axis) }),
    tensor,
  );
}

/** Operators that are affine in their first input, and those that are so while only one input depends on the picture. */
const AFFINE =
  /^(BatchNormalization|AveragePool|GlobalAveragePool|ReduceMean|ReduceSum|Pad|Concat|Slice|Split|Transpose|Reshape|Flatten|Squeeze|Unsqueeze|Identity|Dropout|SpaceToDepth|DepthToSpace|Expand|Tile|Add|Sub|Sum|Gather)$/;
const AFFINE_ALONE = /^(Conv|ConvTranspose|Gemm|MatMul|Mul)$/;

/** Whether a step is certainly affine: then central differences are exact whatever their step. */
export function isAffine({ nodes, from }: Step, moving: ReadonlySet<string>): boolean {
  const inputs = new Set(from.map(({ tensor }) => tensor));
  return nodes.every((node) => {
    const count = node.input.filter((name) => inputs.has(name) || moving.has(name)).length;
    const first = moving.has(node.input[0] ?? '');
    if (node.domain !== '' && node.domain !== 'ai.onnx') return false;
    if (node.opType === 'Div') return count === 1 && first;
    if (node.opType === 'Gather') return count === 1 && first;
    if (node.opType === 'Cast') return [1, 11].includes(attributesOf(node).int('to', 0));
    return AFFINE.test(node.opType) || (AFFINE_ALONE.test(node.opType) && count === 1);
  });
}
