// The audit's shapes, factors and fields on small graphs, each computed by hand.
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../src/graph/audit/audit.js';
import type { GraphAudit, LayerAudit } from '../../src/graph/audit/layer.js';
import { network } from './audit-networks.js';
import type { Builder } from './audit-networks.js';

const big = (...values: readonly number[]): bigint[] => values.map(BigInt);
const square = (side: number) => ({ y: side, x: side });

function audited(build: (net: Builder) => string, side = 32, opset = 17): GraphAudit {
  const net = network(['N', 3, side, side]);
  return auditGraph(net.finish(build(net), opset));
}

function last({ layers }: GraphAudit): LayerAudit {
  const found = layers.at(-1);
  if (!found) throw new Error('no layers');
  return found;
}

describe('windows', () => {
  it.each([
    // kernel, stride, extra attributes, side → output side, padding [before, after], field
    ['SAME_UPPER', 3, 2, { auto_pad: 'SAME_UPPER' }, 224, 112, [0, 1]],
    ['SAME_LOWER', 3, 2, { auto_pad: 'SAME_LOWER' }, 224, 112, [1, 0]],
    ['SAME_UPPER, odd side', 3, 2, { auto_pad: 'SAME_UPPER' }, 225, 113, [1, 1]],
    ['VALID', 3, 2, { auto_pad: 'VALID' }, 223, 111, [0, 0]],
    ['asymmetric pads', 3, 2, { pads: big(0, 0, 1, 1) }, 224, 112, [0, 1]],
    ['dilated', 3, 1, { dilations: big(2, 2), pads: big(2, 2, 2, 2) }, 32, 32, [2, 2]],
  ] as const)('%s', (_, kernel, stride, attributes, side, out, [before, after]) => {
    const layer = last(
      audited((net) => {
        net.weight('w', [8, 3, kernel, kernel]);
        return net.add('Conv', ['pixels', 'w'], 'conv', { ...attributes, strides: big(stride, stride) });
      }, side),
    );
    expect(layer.shape).toEqual(['N', 8, out, out]);
    expect(layer.window).toMatchObject({ before: [before, before], after: [after, after], filling: 'zeros' });
    expect(layer.field).toMatchObject({ paddingBefore: square(before), paddingAfter: square(after) });
    expect(layer.field?.size.y).toBe('dilations' in attributes ? 5 : 3);
    expect(layer.macs).toBe(out * out * 8 * 3 * kernel * kernel);
  });

  it('rounds a pool up with ceil_mode, but not into the padding', () => {
    // (11 − 3)/2 + 1 = 5; with side 12 up to 6; kernel 2, stride 3, side 7, pad 1: a third window starts at 6 − 1 = 5.
    const sides = (side: number, kernel: number, stride: number, pad: number) =>
      last(
        audited(
          (net) =>
            net.add('MaxPool', ['pixels'], 'pool', {
              kernel_shape: big(kernel, kernel),
              strides: big(stride, stride),
              pads: big(pad, pad, pad, pad),
              ceil_mode: 1n,
            }),
          side,
        ),
      ).shape?.slice(2);
    expect(sides(11, 3, 2, 0)).toEqual([5, 5]);
    expect(sides(12, 3, 2, 0)).toEqual([6, 6]);
    expect(sides(5, 2, 3, 1)).toEqual([2, 2]);
  });

  it('gives a transposed convolution its finer grid', () => {
    const audit = audited((net) => {
      const coarse = net.conv('pixels', 'down', [3, 4], { kernel: 3, stride: 2, pad: 1 });
      net.weight('up.weight', [4, 6, 4, 4]);
      return net.add('ConvTranspose', [coarse, 'up.weight'], 'up', { strides: big(2, 2), pads: big(1, 1, 1, 1) });
    });
    // Two of the four weights a side meet each output: 3 + (2 − 1) · 2 pixels.
    expect(last(audit)).toMatchObject({ shape: ['N', 6, 32, 32], factor: square(1), field: { size: square(5) } });
    expect(last(audit).macs).toBe(16 * 16 * 4 * 6 * 16);
    expect(audit.factor).toEqual(square(2));
  });

  it('says a factor below 1 behind an upsampling', () => {
    const audit = audited((net) =>
      net.add('Resize', ['pixels', '', net.floats('scales', [1, 1, 2, 1.5])], 'wide', { mode: 'linear' }),
    );
    expect(last(audit).shape?.slice(2)).toEqual([64, 48]);
    expect(last(audit).factor).toEqual({ y: 1 / 2, x: 2 / 3 });
    expect(last(audit).field?.size).toEqual(square(2));
    expect(audit.factor).toEqual(square(1));
  });
});

describe('joined along a new axis', () => {
  it('is no batch: each of the joined is a channel of its own', () => {
    const audit = audited((net) => {
      const places = [net.whole('places', [1])];
      const stacked = ['a', 'b'].map((name) => net.add('Unsqueeze', ['pixels', ...places], name));
      return net.add('Concat', stacked, 'stacked', { axis: 1n });
    });
    expect(last(audit)).toMatchObject({ shape: ['N', 2, 3, 32, 32], places: { axes: [3, 4] } });
  });
});

describe('padding in front', () => {
  it('counts the padding of a Pad node for the convolution behind it', () => {
    const audit = audited((net) => {
      const padded = net.add('Pad', ['pixels', net.whole('pads', [0, 0, 1, 2, 0, 0, 3, 4])], 'padded', {
        mode: 'edge',
      });
      return net.conv(padded, 'conv', [3, 4], { kernel: 3 });
    });
    expect(audit.layers[0]?.window).toMatchObject({ before: [1, 2], after: [3, 4], filling: 'edge' });
    expect(last(audit)).toMatchObject({
      shape: ['N', 4, 34, 36],
      field: { paddingBefore: { y: 1, x: 2 }, paddingAfter: { y: 3, x: 4 } },
    });
  });

  it('folds the chains that exporters write pads as', () => {
    const audit = audited((net) => {
      const zeros = net.add('ConstantOfShape', [net.whole('count', [4])], 'zeros');
      // [left, right, top, bottom] reversed in pairs, as PyTorch's pad is exported.
      const list = net.add('Concat', [net.whole('sides', [0, 1, 2, 3]), zeros], 'list', { axis: 0n });
      const rows = net.add('Reshape', [list, net.whole('rows', [-1, 2])], 'rows.of.two');
      const bounds = ['start', 'end', 'axis', 'step'].map((name, i) =>
        net.whole(name, [[-1], [-(2 ** 31)], [0], [-1]][i] ?? []),
      );
      const turned = net.add('Transpose', [net.add('Slice', [rows, ...bounds], 'reversed')], 'turned', {
        perm: big(1, 0),
      });
      const flat = net.add('Reshape', [turned, net.whole('flat', [-1])], 'pads');
      return net.add('Pad', ['pixels', net.add('Cast', [flat], 'pads64', { to: 7n })], 'padded');
    });
    expect(last(audit)).toMatchObject({ shape: ['N', 3, 37, 33], window: { before: [2, 0], after: [3, 1] } });
  });

  it('takes slices joined round a map as circular padding', () => {
    const audit = audited((net) => {
      const slice = (from: string, to: string, start: number, end: number, axis: number) =>
        net.add(
          'Slice',
          [from, net.whole(`${to}.s`, [start]), net.whole(`${to}.e`, [end]), net.whole(`${to}.a`, [axis])],
          to,
        );
      const tall = net.add(
        'Concat',
        [slice('pixels', 'last', -1, 99, 2), 'pixels', slice('pixels', 'first', 0, 1, 2)],
        'tall',
        { axis: 2n },
      );
      const wide = net.add('Concat', [slice(tall, 'right', -1, 99, 3), tall, slice(tall, 'left', 0, 1, 3)], 'wide', {
        axis: 3n,
      });
      return net.conv(wide, 'conv', [3, 4], { kernel: 3 });
    });
    const wide = audit.layers.find(({ name }) => name === 'wide');
    expect(wide?.window).toMatchObject({ before: [0, 1], after: [0, 1], filling: 'circular' });
    expect(last(audit)).toMatchObject({
      shape: ['N', 4, 32, 32],
      field: { size: square(3), paddingBefore: square(1) },
    });
  });
});

describe('branches', () => {
  it('takes the longest branch of a concatenation', () => {
    const audit = audited((net) => {
      const stem = net.conv('pixels', 'stem', [3, 8], { kernel: 3, stride: 2, pad: 1 });
      const short = net.conv(stem, 'short', [8, 4], { kernel: 1 });
      const long = net.conv(net.conv(stem, 'long1', [8, 4], { kernel: 3, pad: 1 }), 'long2', [4, 4], {
        kernel: 5,
        pad: 2,
      });
      return net.add('Concat', [short, long], 'joined', { axis: 1n });
    });
    // 3, then + 2 · 2, then + 4 · 2.
    expect(last(audit)).toMatchObject({
      shape: ['N', 8, 16, 16],
      factor: square(2),
      field: { size: square(15), paddingBefore: square(7) },
      reach: 'local',
      from: ['short', 'long2'],
    });
  });

  it('keeps the local field where squeeze-excite joins, and says so', () => {
    const audit = audited((net) => {
      const maps = net.conv('pixels', 'maps', [3, 8], { kernel: 5, pad: 2 });
      const mean = net.add('GlobalAveragePool', [maps], 'se/mean');
      const gate = net.add('Sigmoid', [net.conv(mean, 'se/expand', [8, 8], { kernel: 1 })], 'se/gate');
      return net.add('Mul', [maps, gate], 'gated');
    });
    expect(audit.layers.find(({ name }) => name === 'se/expand')).toMatchObject({
      places: null,
      reach: 'global',
      macs: 64,
    });
    expect(last(audit)).toMatchObject({ field: { size: square(5) }, factor: square(1), reach: 'joined' });
    expect(audit.notes[0]).toContain('From gated on, a branch that saw the whole picture joins in');
  });

  it('says that instance normalisation takes statistics over the whole picture', () => {
    const audit = audited((net) => {
      const maps = net.conv('pixels', 'maps', [3, 8], { kernel: 3, pad: 1 });
      return net.add('InstanceNormalization', [maps, net.weight('s', [8]), net.weight('b', [8])], 'normal');
    });
    expect(last(audit).reach).toBe('joined');
  });
});

describe('other ways to subsample', () => {
  it('counts the step of a slice', () => {
    const audit = audited((net) => {
      const every = ['start', 'end', 'axes', 'steps'].map((name, i) =>
        net.whole(
          name,
          [
            [1, 0],
            [99, 99],
            [2, 3],
            [2, 4],
          ][i] ?? [],
        ),
      );
      return net.add('Slice', ['pixels', ...every], 'every');
    });
    expect(last(audit)).toMatchObject({
      shape: ['N', 3, 16, 8],
      factor: { y: 2, x: 4 },
      window: { stride: [2, 4] },
      field: { size: square(1), start: { y: 1, x: 0 } },
    });
    expect(audit.unchangedShare).toBe(1 / 8);
  });

  it('counts blocks that become channels, and back', () => {
    const audit = audited((net) => {
      const deep = net.add('SpaceToDepth', ['pixels'], 'deep', { blocksize: 4n });
      const mixed = net.conv(deep, 'mixed', [48, 48], { kernel: 1 });
      return net.add('DepthToSpace', [mixed], 'fine', { blocksize: 2n });
    });
    expect(audit.layers.map(({ shape, factor, field }) => [shape?.slice(1), factor?.y, field?.size.y])).toEqual([
      [[48, 8, 8], 4, 1],
      [[48, 8, 8], 4, 4],
      [[12, 16, 16], 2, 4],
    ]);
  });

  it('follows a patch merging by reshapes', () => {
    // [N, 3, 32, 32] → blocks of 2×2 into channels → tokens → linear: the factor is 2, the field 2×2.
    const audit = audited((net) => {
      const split = net.add('Reshape', ['pixels', net.whole('split', [0, 3, 16, 2, 16, 2])], 'split.up');
      const order = net.add('Transpose', [split], 'order', { perm: big(0, 2, 4, 3, 5, 1) });
      const tokens = net.add('Reshape', [order, net.whole('tokens', [0, 256, 12])], 'as.tokens');
      return net.add('MatMul', [tokens, net.weight('linear', [12, 24])], 'merged');
    });
    expect(last(audit)).toMatchObject({
      shape: ['N', 256, 24],
      places: { layout: 'tokens', axes: [1] },
      factor: square(2),
      field: { size: square(2) },
      reach: 'local',
      macs: 256 * 12 * 24,
    });
  });

  it('takes channels-last pictures and transposes', () => {
    const net = network(['N', 32, 32, 3]);
    const turned = net.add('Transpose', ['pixels'], 'turned', { perm: big(0, 3, 1, 2) });
    const conv = net.conv(turned, 'conv', [3, 4], { kernel: 3, stride: 2, pad: 1 });
    const back = net.add('Transpose', [conv], 'back', { perm: big(0, 2, 3, 1) });
    const audit = auditGraph(net.finish(back));
    expect(audit.input.layout).toBe('NHWC');
    expect(last(audit)).toMatchObject({
      shape: ['N', 16, 16, 4],
      places: { layout: 'NHWC', axes: [1, 2] },
      factor: square(2),
    });
  });
});

describe('the whole picture', () => {
  it.each([1, 8])('has no places behind a pool over the whole map with stride %d', (stride) => {
    const audit = audited((net) => {
      const maps = net.conv('pixels', 'maps', [3, 8], { kernel: 4, stride: 4 });
      const mean = net.pool('AveragePool', maps, 'mean', 8, stride);
      return net.conv(mean, 'classes', [8, 5], { kernel: 1 });
    });
    expect(last(audit)).toMatchObject({ shape: ['N', 5, 1, 1], places: null, reach: 'global' });
    expect(audit.factor).toEqual(square(4));
  });

  it('is not seen within windows of attention, and windows become rows and columns again', () => {
    // 4×4 patches give an 8×8 map; windows of 4×4 places: + 3 places of 4 pixels on either side; then a 3×3 convolution.
    const audit = audited((net) => {
      const maps = net.conv('pixels', 'maps', [3, 6], { kernel: 4, stride: 4 });
      const split = net.add('Reshape', [maps, net.whole('split', [0, 6, 2, 4, 2, 4])], 'split.up');
      const order = net.add('Transpose', [split], 'order', { perm: big(0, 2, 4, 3, 5, 1) });
      const windows = net.add('Reshape', [order, net.whole('windows', [-1, 16, 6])], 'windows.of');
      const turned = net.add('Transpose', [windows], 'keys', { perm: big(0, 2, 1) });
      const scores = net.add('Softmax', [net.add('MatMul', [windows, turned], 'scores')], 'weights', { axis: -1n });
      const values = net.add('MatMul', [scores, windows], 'values');
      const apart = net.add('Reshape', [values, net.whole('apart', [-1, 2, 2, 4, 4, 6])], 'apart.again');
      const back = net.add('Transpose', [apart], 'back', { perm: big(0, 5, 1, 3, 2, 4) });
      const map = net.add('Reshape', [back, net.whole('map', [0, 6, 8, 8])], 'map.again');
      return net.conv(map, 'conv', [6, 6], { kernel: 3, pad: 1 });
    });
    const values = audit.layers.find(({ name }) => name === 'values');
    expect(values).toMatchObject({
      shape: ['4N', 16, 6],
      places: { layout: 'other' },
      reach: 'local',
      factor: square(4),
    });
    expect(last(audit)).toMatchObject({
      shape: ['N', 6, 8, 8],
      places: { layout: 'NCHW' },
      factor: square(4),
      field: { size: square(4 + 2 * 12 + 8) },
      reach: 'local',
    });
  });
});

describe('what is not known', () => {
  it('says behind which layer, goes on, and still counts weights', () => {
    const audit = audited((net) => {
      const conv = net.conv('pixels', 'conv', [3, 4], { kernel: 3 });
      const strange = net.add('Strange', [conv], 'strange');
      return net.conv(strange, 'behind', [4, 8], { kernel: 1 });
    });
    expect(audit.notes).toEqual(["What lies behind strange isn't known: operator Strange isn't known to the audit."]);
    expect(last(audit)).toMatchObject({ name: 'behind', shape: null, factor: null, parameters: 32, macs: null });
    expect(audit.macs).toBeNull();
    expect(audit.parameters).toBe(108 + 32);
  });

  it('refuses a graph whose picture has no size', () => {
    const net = network(['N', 3, 'H', 'W']);
    const open = net.finish(net.conv('pixels', 'conv', [3, 4], { kernel: 3 }));
    expect(() => auditGraph(open)).toThrow(
      'Expected a picture [batch, channels, height, width] or [batch, height, width, channels] of fixed size for the input of the graph but received "pixels". Give its name, layout and size in the options.',
    );
    const input = { name: 'pixels', layout: 'NCHW', height: 20, width: 30 } as const;
    expect(last(auditGraph(open, { input })).shape).toEqual(['N', 4, 18, 28]);
  });

  it('takes a batch that a reshape fixes as 1', () => {
    const audit = audited((net) => {
      const conv = net.conv('pixels', 'conv', [3, 4], { kernel: 8, stride: 8 });
      const tokens = net.add('Reshape', [conv, net.whole('sides', [1, 4, 16])], 'tokens');
      return net.add(
        'MatMul',
        [net.add('Transpose', [tokens], 'turned', { perm: big(0, 2, 1) }), net.weight('w', [4, 5])],
        'linear',
      );
    });
    expect(last(audit)).toMatchObject({
      shape: [1, 16, 5],
      places: { layout: 'tokens' },
      factor: square(8),
      macs: 320,
    });
    expect(audit.notes).toEqual(['A reshape in the graph holds only for a batch of 1.']);
  });
});
