// Receptive fields against the engine: one bright pixel at a time goes through a random stack of layers with positive
// weights; the pixels that reach an element must be those that the audit says.
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { auditGraph } from '../../src/graph/audit/audit.js';
import type { LayerAudit } from '../../src/graph/audit/layer.js';
import { model, node, tensor, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import type { NodeProto, TensorProto } from '../../src/graph/onnx_pb.js';
import type { OnnxModel } from '../../src/graph/read.js';
import { encodeModel } from '../../src/graph/write.js';

const SIDE = 20;

type Step =
  | {
      readonly op: 'window';
      pool: boolean;
      kernel: number;
      stride: number;
      dilation: number;
      pads: readonly number[];
      auto: string;
      ceil: boolean;
    }
  | { readonly op: 'residual' }
  | { readonly op: 'space-to-depth' }
  | { readonly op: 'slice'; start: number; step: number }
  | { readonly op: 'transposed'; kernel: number; stride: number; pad: number }
  | { readonly op: 'pad'; pads: readonly number[] };

const few = (least: number, most: number) => fc.integer({ min: least, max: most });
const pads = fc.tuple(few(0, 1), few(0, 1), few(0, 1), few(0, 1));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    op: fc.constant('window' as const),
    pool: fc.boolean(),
    kernel: few(2, 4),
    stride: few(1, 3),
    dilation: few(1, 2),
    pads,
    auto: fc.constantFrom('NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
    ceil: fc.boolean(),
  }),
  fc.constant<Step>({ op: 'residual' }),
  fc.record({ op: fc.constant('slice' as const), start: few(0, 2), step: few(1, 2) }),
  fc.record({ op: fc.constant('pad' as const), pads }),
);

/** A stack of steps on one channel; weights are ones, so that nothing cancels. */
function stack(steps: readonly Step[]): OnnxModel {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const ones = (name: string, ...dims: number[]): string => {
    initializers.push(tensor(name, dims, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1)));
    return name;
  };
  const whole = (name: string, ...values: number[]): string => {
    initializers.push(tensor(name, [values.length], BigInt64Array.from(values.map(BigInt))));
    return name;
  };
  const big = (...values: readonly number[]): bigint[] => values.map(BigInt);
  let at = 'pixels';
  for (const [i, one] of steps.entries()) {
    const to = `step${i}`;
    if (one.op === 'window') {
      // The engine takes no dilation together with SAME, and a pool of opset 17 has none.
      const dilation = one.pool || one.auto.startsWith('SAME') ? 1 : one.dilation;
      const sides = { kernel_shape: big(one.kernel, one.kernel), strides: big(one.stride, one.stride) };
      const edges = one.auto === 'NOTSET' ? { pads: big(...one.pads) } : { auto_pad: one.auto };
      nodes.push(
        one.pool
          ? node('AveragePool', [at], [to], {
              ...sides,
              ...edges,
              ceil_mode: one.ceil && one.auto === 'NOTSET' ? 1n : 0n,
            })
          : node('Conv', [at, ones(`${to}.w`, 1, 1, one.kernel, one.kernel)], [to], {
              ...sides,
              ...edges,
              dilations: big(dilation, dilation),
            }),
      );
    } else if (one.op === 'residual') {
      nodes.push(node('Conv', [at, ones(`${to}.w`, 1, 1, 3, 3)], [`${to}.conv`], { pads: big(1, 1, 1, 1) }));
      nodes.push(node('Add', [`${to}.conv`, at], [to]));
    } else if (one.op === 'slice') {
      const bounds = [
        whole(`${to}.start`, one.start, one.start),
        whole(`${to}.end`, 1000, 1000),
        whole(`${to}.axes`, 2, 3),
      ];
      nodes.push(node('Slice', [at, ...bounds, whole(`${to}.steps`, one.step, one.step)], [to]));
    } else if (one.op === 'pad') {
      const [top = 0, left = 0, bottom = 0, right = 0] = one.pads;
      nodes.push(node('Pad', [at, whole(`${to}.pads`, 0, 0, top, left, 0, 0, bottom, right)], [to]));
    } else if (one.op === 'space-to-depth') {
      // As an export writes "focus": four slices side by side, mixed by a 1×1 convolution.
      const parts = [0, 1].flatMap((y) =>
        [0, 1].map((x) => {
          const part = `${to}.${y}${x}`;
          const bounds = [whole(`${part}.start`, y, x), whole(`${part}.end`, 1000, 1000), whole(`${part}.axes`, 2, 3)];
          nodes.push(node('Slice', [at, ...bounds, whole(`${part}.steps`, 2, 2)], [part]));
          return part;
        }),
      );
      nodes.push(node('Concat', parts, [`${to}.parts`], { axis: 1n }));
      nodes.push(node('Conv', [`${to}.parts`, ones(`${to}.w`, 1, 4, 1, 1)], [to]));
    } else {
      const sides = { strides: big(one.stride, one.stride), pads: big(one.pad, one.pad, one.pad, one.pad) };
      nodes.push(node('ConvTranspose', [at, ones(`${to}.w`, 1, 1, one.kernel, one.kernel)], [to], sides));
    }
    at = to;
  }
  nodes.push(node('Identity', [at], ['result']));
  const inputs = [value('pixels', DataType.FLOAT, ['N', 1, SIDE, SIDE])];
  return model({ inputs, outputs: [value('result', DataType.FLOAT, null)], nodes, initializers }) as OnnxModel;
}

/** For each output row, the first and last input row that reaches it; null where none does. */
async function footprint(onnx: OnnxModel): Promise<{ dims: readonly number[]; rows: ([number, number] | null)[] }> {
  const session = await InferenceSession.create(encodeModel(onnx), {
    logSeverityLevel: 4,
    graphOptimizationLevel: 'disabled',
  });
  const count = SIDE * SIDE;
  const pictures = new Float32Array(count * count);
  for (let i = 0; i < count; i++) pictures[i * count + i] = 1;
  const { result } = await session.run({ pixels: new Tensor('float32', pictures, [count, 1, SIDE, SIDE]) });
  await session.release();
  if (!result) throw new Error('no result');
  const [, , height = 0, width = 0] = result.dims;
  const data = result.data as Float32Array;
  const rows = Array.from({ length: height }, (_, row): [number, number] | null => {
    const reached: number[] = [];
    for (let pixel = 0; pixel < count; pixel++) {
      const from = (pixel * height + row) * width;
      if (data.subarray(from, from + width).some((number) => number !== 0)) reached.push(Math.floor(pixel / SIDE));
    }
    return reached.length > 0 ? [Math.min(...reached), Math.max(...reached)] : null;
  });
  return { dims: result.dims.slice(2), rows };
}

function resultOf(onnx: OnnxModel): LayerAudit | undefined {
  return auditGraph(onnx).layers.at(-1);
}

/** Rows that no layer cuts off or leaves over: where a later layer pads again, cut rows are zeros. */
function wholeRows(onnx: OnnxModel): [number, number] {
  const fields = auditGraph(onnx).layers.flatMap(({ field }) => (field ? [field] : []));
  const cut = (side: 'paddingBefore' | 'paddingAfter') => Math.max(0, ...fields.map((field) => -field[side].y));
  return [cut('paddingBefore'), SIDE - 1 - cut('paddingAfter')];
}

/** Rows of the picture that the audit says an output row sees. */
function predicted({ field, factor }: LayerAudit, row: number): [number, number] {
  const first = -(field?.paddingBefore.y ?? 0) + row * (factor?.y ?? 1);
  return [first, first + (field?.size.y ?? 1) - 1];
}

it('says exactly the pixels that reach an element', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 4 }), async (focus, steps) => {
      const onnx = stack(focus ? [{ op: 'space-to-depth' }, ...steps] : steps);
      const layer = resultOf(onnx);
      fc.pre(layer?.output === 'result' && layer.field !== null);
      const { dims, rows } = await footprint(onnx);
      const [low, high] = wholeRows(onnx);
      expect(layer.shape).toEqual(['N', 1, ...dims]);
      for (const [row, reached] of rows.entries()) {
        if (reached === null) continue;
        const [first, last] = predicted(layer, row);
        expect(reached[0]).toBeGreaterThanOrEqual(first);
        expect(reached[1]).toBeLessThanOrEqual(last);
        if (first >= low && last <= high) expect(reached).toEqual([first, last]);
      }
    }),
    { numRuns: 60, seed: 11 },
  );
});

it.each([
  { kernel: 2, stride: 2, pad: 0 },
  { kernel: 3, stride: 2, pad: 1 },
  { kernel: 4, stride: 2, pad: 1 },
  { kernel: 5, stride: 3, pad: 1 },
])('bounds what a transposed convolution sees: %o', async ({ kernel, stride, pad }) => {
  const onnx = stack([
    { op: 'window', pool: false, kernel: 3, stride: 4, dilation: 1, pads: [1, 1, 1, 1], auto: 'NOTSET', ceil: false },
    { op: 'transposed', kernel, stride, pad },
  ]);
  const layer = resultOf(onnx);
  if (!layer) throw new Error('no layer');
  const { dims, rows } = await footprint(onnx);
  expect(layer.shape).toEqual(['N', 1, ...dims]);
  expect(layer.factor?.y).toBe(4 / stride);
  const sizes = rows.flatMap((reached) => (reached ? [reached[1] - reached[0] + 1] : []));
  expect(Math.max(...sizes)).toBe(layer.field?.size.y);
});
