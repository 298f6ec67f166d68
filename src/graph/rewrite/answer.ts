// Where a network's answer can be averaged: as late as averaging is linear, which is before the softmax.
import { FLOAT } from '../audit/element-types.js';
import type { GraphWriter } from '../local-writer.js';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import type { NodeProto } from '../onnx_pb.js';
import type { NormalGraph } from './normal.js';
import { averaged, reshaped } from './operators.js';
import { refusal } from './window.js';

/** What may stand between the last linear layer and the output: a mean of what comes behind them is another answer. */
const ENDS = new Set(['Softmax', 'LogSoftmax', 'Sigmoid', 'HardSigmoid', 'Hardmax', 'ArgMax', 'TopK']);
/** What may stand between those and the output. */
const PASSING = new Set(['Identity', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/** Tensors to be averaged: for each output itself, or what its softmax takes. */
export function answersOf({ model }: NormalGraph): ReadonlySet<string> {
  const producers = new Map(
    model.graph.node.flatMap((node) => node.output.map((output): [string, NodeProto] => [output, node])),
  );
  const source = (name: string): string | null => {
    const node = producers.get(name);
    if (node === undefined) return null;
    if (ENDS.has(node.opType)) return node.input[0] ?? null;
    return PASSING.has(node.opType) ? source(node.input[0] ?? '') : null;
  };
  return new Set(model.graph.output.map(({ name }) => source(name) ?? name));
}

const DOUBLES = new Set<number>([DataType.DOUBLE]);
const FLOATS = new Set<number>([DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16]);

/**
 * Adds the mean over phases: `[phases · N, …]` to `[N, …]`, phases outermost.
 *
 * @throws InputError where the tensor has no known sides, or no decimals to average
 */
export function phasesAveraged(
  graph: NormalGraph,
  write: GraphWriter,
  input: string,
  output: string,
  phases: number,
): void {
  const facts = graph.facts.get(output);
  if (!facts?.shape || !FLOATS.has(facts.type)) throw refusal(output, 'is an answer that has no mean');
  const exact = facts.type === FLOAT || DOUBLES.has(facts.type);
  const cast = (from: string, to: string, type: number): string => write.op('Cast', [from], to, { to: BigInt(type) });
  // Half precision can't hold the sum of many.
  const whole = exact ? input : cast(input, `${output}/float32`, FLOAT);
  const table = reshaped(write, whole, `${output}/by phase`, [phases, -1, ...facts.shape.slice(1)]);
  if (exact) averaged(write, graph.opset, table, output, [0]);
  else cast(averaged(write, graph.opset, table, `${output}/mean`, [0]), output, facts.type);
}
