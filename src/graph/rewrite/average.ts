// Test-time averaging as one graph: shifted copies of the picture on the batch axis, the model, the mean of the copies'
// probabilities. The copies lie inside the window that the model gets: what a shift uncovers repeats the border.
import type { InputSpec, OutputSpec } from '../../core/model.js';
import type { Shift } from '../../core/shift-sets.js';
import { OPEN_BATCH, infer } from '../audit/infer.js';
import { node, value } from '../build.js';
import type { Dimension } from '../build.js';
import { changed } from '../changed.js';
import { graphWriter } from '../local-writer.js';
import type { GraphWriter } from '../local-writer.js';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import type { AttributeProto, GraphProto, NodeProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';

/** A model whose answer is averaged: its input and its class output. */
export type Averaged = { readonly input: InputSpec; readonly output: OutputSpec };

const END = 2 ** 31 - 1;
const TYPES = { float32: DataType.FLOAT, float16: DataType.FLOAT16, float64: DataType.DOUBLE } as const;

const big = (values: readonly number[]): bigint[] => values.map(BigInt);

/** A name that no tensor of the graph has: `averaged`, or with a number. */
function freePrefix({ node: nodes, input, initializer }: GraphProto): string {
  const used = [
    ...nodes.flatMap(({ name, output }) => [name, ...output]),
    ...[...input, ...initializer].map(({ name }) => name),
  ];
  const taken = (prefix: string): boolean => used.some((name) => name.startsWith(`${prefix}/`));
  for (let i = 1; ; i++) {
    const prefix = i === 1 ? 'averaged' : `averaged ${i}`;
    if (!taken(prefix)) return prefix;
  }
}

/** One shifted copy of the picture for each shift: the border is repeated outwards once, then windows are cut. */
function shiftedCopies(
  { add, wholes }: GraphWriter,
  { name, layout }: InputSpec,
  shifts: readonly Shift[],
  opset: number,
  prefix: string,
): string[] {
  const [rows, columns] = layout === 'NCHW' ? [2, 3] : [1, 2];
  const reach = (sign: 1 | -1, key: keyof Shift): number => Math.max(0, ...shifts.map((shift) => sign * shift[key]));
  const before = { dy: reach(1, 'dy'), dx: reach(1, 'dx') };
  const after = { dy: reach(-1, 'dy'), dx: reach(-1, 'dx') };
  const pads = new Array<number>(8).fill(0);
  [pads[rows], pads[columns], pads[4 + rows], pads[4 + columns]] = [before.dy, before.dx, after.dy, after.dx];
  const bordered = `${prefix}/bordered`;
  add(
    opset < 11
      ? node('Pad', [name], [bordered], { mode: 'edge', pads: big(pads) })
      : node('Pad', [name, wholes(pads)], [bordered], { mode: 'edge' }),
  );
  // Cut from the end, so that sides which are known only when the model runs need no number.
  const ends = (past: number): number => (past === 0 ? END : -past);
  return shifts.map(({ dx, dy }, i) => {
    const copy = `${prefix}/copy ${i + 1}`;
    const from = [before.dy - dy, before.dx - dx];
    const to = [ends(after.dy + dy), ends(after.dx + dx)];
    add(
      opset < 10
        ? node('Slice', [bordered], [copy], { axes: big([rows, columns]), starts: big(from), ends: big(to) })
        : node('Slice', [bordered, wholes(from), wholes(to), wholes([rows, columns])], [copy]),
    );
    return copy;
  });
}

/** An attribute whose subgraphs use the new names too. */
function renamedAttribute(attribute: AttributeProto, rename: (name: string) => string): AttributeProto {
  if (attribute.g === undefined && attribute.graphs.length === 0) return attribute;
  const inside = (graph: GraphProto): GraphProto =>
    changed(graph, {
      node: graph.node.map((child) => renamed(child, rename)),
      output: graph.output.map((output) => changed(output, { name: rename(output.name) })),
    });
  return changed(attribute, {
    ...(attribute.g ? { g: inside(attribute.g) } : {}),
    graphs: attribute.graphs.map(inside),
  });
}

function renamed(original: NodeProto, rename: (name: string) => string, suffix = ''): NodeProto {
  return changed(original, {
    name: original.name === '' ? '' : `${original.name}${suffix}`,
    input: original.input.map(rename),
    output: original.output.map(rename),
    attribute: original.attribute.map((attribute) => renamedAttribute(attribute, rename)),
  });
}

/** The batch's side of an output as the graph declares it. */
function batchSide({ graph }: OnnxModel, output: string): Dimension {
  const type = graph.output.find(({ name }) => name === output)?.type;
  const side = type?.value.case === 'tensorType' ? type.value.value.shape?.dim[0]?.value : undefined;
  return side?.case === 'dimValue' ? Number(side.value) : side?.value || 'N';
}

/** Whether the model takes any number of pictures in one call. */
function takesAnyBatch(model: OnnxModel, input: InputSpec): boolean {
  return input.batch === null && !infer(model, input, OPEN_BATCH).fixesBatch;
}

/**
 * The model with its answer averaged over shifts of the picture: same input, and as output probabilities
 * `[batch, classes]` under the same name. The weights and the operators' versions stay. A model for a fixed batch gets
 * one copy of its nodes for each shift. Further outputs are left out.
 *
 * @param shifts how far the content moves, pixels: right and down positive
 */
export function averageGraph(model: OnnxModel, { input, output }: Averaged, shifts: readonly Shift[]): OnnxModel {
  const { graph } = model;
  const opset = Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 1n);
  const prefix = freePrefix(graph);
  const write = graphWriter(`${prefix}/`);
  const { add, wholes } = write;
  const copies = shiftedCopies(write, input, shifts, opset, prefix);
  const answers = `${prefix}/answers`;
  if (takesAnyBatch(model, input)) {
    const batch = `${prefix}/copies`;
    add(node('Concat', copies, [batch], { axis: 0n }));
    const names = new Map([
      [input.name, batch],
      [output.name, answers],
    ]);
    add(...graph.node.map((original) => renamed(original, (name) => names.get(name) ?? name)));
  } else {
    const own = new Set(graph.node.flatMap((original) => original.output));
    for (const [i, copy] of copies.entries()) {
      const rename = (name: string): string =>
        name === input.name ? copy : name !== '' && own.has(name) ? `${prefix}/${i + 1}/${name}` : name;
      add(...graph.node.map((original) => renamed(original, rename, ` of copy ${i + 1}`)));
    }
    add(
      node(
        'Concat',
        shifts.map((_, i) => `${prefix}/${i + 1}/${output.name}`),
        [answers],
        { axis: 0n },
      ),
    );
  }
  const table = `${prefix}/answer table`;
  const float = output.type === 'float16' ? `${answers} in float32` : answers;
  if (float !== answers) add(node('Cast', [answers], [float], { to: BigInt(DataType.FLOAT) }));
  add(node('Reshape', [float, wholes([shifts.length, -1, output.classes])], [table]));
  const probabilities = output.kind === 'logits' ? `${prefix}/probabilities` : table;
  if (probabilities !== table) add(node('Softmax', [table], [probabilities], { axis: 2n }));
  const name = `${prefix}/mean`;
  const mean = float === answers ? output.name : name;
  add(
    opset < 18
      ? node('ReduceMean', [probabilities], [mean], { axes: [0n], keepdims: 0n }, { name })
      : node('ReduceMean', [probabilities, wholes([0])], [mean], { keepdims: 0n }, { name }),
  );
  if (mean !== output.name) {
    const half = { to: BigInt(DataType.FLOAT16) };
    add(node('Cast', [mean], [output.name], half, { name: `${name} in float16` }));
  }
  return changed(model, {
    graph: changed(graph, {
      node: [...write.nodes],
      initializer: [...graph.initializer, ...write.constants()],
      output: [value(output.name, TYPES[output.type], [batchSide(model, output.name), output.classes])],
      // Sides of intermediate results are those of one copy.
      valueInfo: [],
    }),
  });
}
