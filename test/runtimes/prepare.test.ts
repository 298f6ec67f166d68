import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputSpec, Preprocessing } from '../../src/core/model.js';
import type { Raster } from '../../src/core/picture.js';
import { elementsPerView, type Elements } from '../../src/runtimes/classifier.js';
import { fromFloat16, toFloat16 } from '../../src/core/float16.js';
import { createWorkspace, cutWindow, prepareCanvas } from '../../src/runtimes/prepare.js';

const imagenet: Preprocessing = {
  source: 'test',
  resize: null,
  crop: null,
  scale: 1 / 255,
  offset: 0,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  channels: 'rgb',
};
const plain: Preprocessing = { ...imagenet, scale: 1, mean: [0, 0, 0], std: [1, 1, 1] };
const spec: InputSpec = { name: 'x', width: 3, height: 2, layout: 'NCHW', type: 'float32', batch: null };

/** One row of grey pixels. */
function greys(...values: number[]): Raster {
  return { width: values.length, height: 1, data: Uint8Array.from(values.flatMap((value) => [value, value, value])) };
}

function numbers(elements: ArrayLike<number>): number[] {
  return Array.from(elements);
}

describe('normalising', () => {
  // numpy 2.4: ((img * (1 / 255)).astype(float32) - float32(mean)) / float32(std), shown to full precision.
  const values = [0, 1, 127, 128, 254, 255];
  const numpy = [
    ...[
      -2.1179039478302, -2.1007792949676514, 0.0569397434592247, 0.07406462728977203, 2.231783390045166,
      2.248908281326294,
    ],
    ...[
      -2.0357141494750977, -2.018207311630249, 0.18767505884170532, 0.20518219470977783, 2.4110641479492188,
      2.4285714626312256,
    ],
    ...[
      -1.804444432258606, -1.7870151996612549, 0.4090632498264313, 0.4264925718307495, 2.6225709915161133,
      2.640000104904175,
    ],
  ];

  it('equals numpy to the last bit, from bytes and from floats', () => {
    expect(numbers(prepareCanvas(greys(...values), spec, imagenet).elements)).toEqual(numpy);
    const bytes = greys(...values);
    const floats = { ...bytes, data: Float32Array.from(bytes.data) };
    expect(numbers(prepareCanvas(floats, spec, imagenet).elements)).toEqual(numpy);
  });

  it('adds the offset before mean and std', () => {
    const signed: Preprocessing = { ...plain, scale: 1 / 127.5, offset: -1 };
    const row = numbers(prepareCanvas(greys(...values), spec, signed).elements).slice(0, 6);
    expect(row).toEqual([-1, -0.9921568632125854, -0.003921568859368563, 0.003921568859368563, 0.9921568632125854, 1]);
  });

  it('rounds to half precision as numpy does', () => {
    const half = prepareCanvas(greys(...values), { ...spec, type: 'float16' }, imagenet).elements;
    expect(half).toBeInstanceOf(Uint16Array);
    expect(numbers(half).slice(0, 6)).toEqual([0xc03c, 0xc034, 0x2b4a, 0x2cbd, 0x4077, 0x407f]);
  });

  it('rounds to bytes with ties to even and without overflow', () => {
    const raster = { width: 3, height: 1, data: Float32Array.from([0.5, 1.5, 2.5, -7, 300, 99.6, 0, 0, 0]) };
    const bytes = prepareCanvas(raster, { ...spec, type: 'uint8', layout: 'NHWC' }, plain).elements;
    expect(numbers(bytes)).toEqual([0, 2, 2, 0, 255, 100, 0, 0, 0]);
  });

  it('lays channels out in planes or interleaved, in the model order', () => {
    const raster = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const made = (layout: InputSpec['layout'], channels: Preprocessing['channels']): number[] =>
      numbers(prepareCanvas(raster, { ...spec, layout }, { ...plain, channels }).elements);
    expect(made('NCHW', 'rgb')).toEqual([1, 4, 2, 5, 3, 6]);
    expect(made('NHWC', 'rgb')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(made('NCHW', 'bgr')).toEqual([3, 6, 2, 5, 1, 4]);
    expect(made('NHWC', 'bgr')).toEqual([3, 2, 1, 6, 5, 4]);
  });
});

describe('half precision', () => {
  it.each([
    [0, 0],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [6.103515625e-5, 0x400],
    [5.960464477539063e-8, 1],
    [2.98e-8, 0],
    [2.99e-8, 1],
    [0.1, 0x2e66],
    [1 / 3, 0x3555],
    [1.00048828125, 0x3c00],
    [1.00146484375, 0x3c02],
    [Number.POSITIVE_INFINITY, 0x7c00],
  ])('%d is the pattern numpy gives', (value, bits) => {
    expect(toFloat16(value)).toBe(bits);
  });

  it('comes back from every pattern', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = fromFloat16(bits);
      if (Number.isNaN(value)) expect(toFloat16(value) & 0x7e00).toBe(0x7e00);
      else if (toFloat16(value) !== bits) expect.fail(`${bits} → ${value} → ${toFloat16(value)}`);
    }
  });
});

describe('cutting windows', () => {
  /** The window by its definition, one pixel at a time. */
  function slowly(raster: Raster, { width, height, layout }: InputSpec, x: number, y: number): number[] {
    const window: number[] = [];
    const pixel = (channel: number, column: number, row: number): void => {
      const from = (((y + row) % raster.height) + raster.height) % raster.height;
      const at = (((x + column) % raster.width) + raster.width) % raster.width;
      window.push(raster.data[(from * raster.width + at) * 3 + channel] as number);
    };
    if (layout === 'NCHW') {
      for (let c = 0; c < 3; c++) for (let r = 0; r < height; r++) for (let i = 0; i < width; i++) pixel(c, i, r);
    } else {
      for (let r = 0; r < height; r++) for (let i = 0; i < width; i++) for (let c = 0; c < 3; c++) pixel(c, i, r);
    }
    return window;
  }

  const cases = fc.record({
    width: fc.integer({ min: 1, max: 7 }),
    height: fc.integer({ min: 1, max: 7 }),
    windowWidth: fc.integer({ min: 1, max: 9 }),
    windowHeight: fc.integer({ min: 1, max: 9 }),
    x: fc.integer({ min: -20, max: 20 }),
    y: fc.integer({ min: -20, max: 20 }),
    layout: fc.constantFrom<InputSpec['layout']>('NCHW', 'NHWC'),
    type: fc.constantFrom<InputSpec['type']>('float32', 'uint8'),
    shared: fc.boolean(),
    view: fc.integer({ min: 0, max: 1 }),
  });

  it('copies what the definition says, on a torus or inside, shared memory or not', () => {
    fc.assert(
      fc.property(cases, ({ width, height, windowWidth, windowHeight, x, y, layout, type, shared, view }) => {
        const raster = { width, height, data: Uint8Array.from({ length: 3 * width * height }, (_, i) => i) };
        const window: InputSpec = { ...spec, width: windowWidth, height: windowHeight, layout, type };
        const workspace = createWorkspace(window, 2);
        const prepared = prepareCanvas(raster, window, plain, shared ? workspace : undefined);
        const each = elementsPerView(window);
        const inside = x >= 0 && y >= 0 && x + windowWidth <= width && y + windowHeight <= height;
        const cut = (wrap: boolean, target: Elements): void => cutWindow(prepared, x, y, wrap, target, view * each);
        cut(true, workspace.target);
        const wanted = slowly(raster, window, x, y);
        expect(numbers(workspace.target.subarray(view * each, (view + 1) * each))).toEqual(wanted);
        expect(numbers(workspace.target.subarray((1 - view) * each, (2 - view) * each)).every((v) => v === 0)).toBe(
          true,
        );
        if (inside) cut(false, workspace.target);
        else expect(() => cut(false, workspace.target)).toThrow(RangeError);
        expect(numbers(workspace.target.subarray(view * each, (view + 1) * each))).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the batch when a larger canvas comes', () => {
    const workspace = createWorkspace(spec, 1);
    const small = prepareCanvas({ width: 3, height: 2, data: new Uint8Array(18).fill(9) }, spec, plain, workspace);
    cutWindow(small, 0, 0, false, workspace.target, 0);
    prepareCanvas({ width: 30, height: 20, data: new Uint8Array(1800).fill(7) }, spec, plain, workspace);
    expect(numbers(workspace.target)).toEqual(new Array(18).fill(9));
  });
});
