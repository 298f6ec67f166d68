// From pixels to a model's input: a canvas is normalised once, then windows are cut from it by copying rows.
import type { InputSpec, Preprocessing } from '../core/model.js';
import type { Raster } from '../core/picture.js';
import { bytesPerElement, elementsOn, elementsPerView } from './classifier.js';
import type { Elements } from './classifier.js';
import { toFloat16 } from '../core/float16.js';

/** A normalised canvas: planes `[3, H, W]` for NCHW, interleaved `[H, W, 3]` for NHWC. */
export type Prepared = {
  readonly layout: InputSpec['layout'];
  readonly width: number;
  readonly height: number;
  /** Side lengths of the windows, pixels. */
  readonly windowWidth: number;
  readonly windowHeight: number;
  /** Elements that hold the canvas, from `start` on; also the batch, where a workspace holds both. */
  readonly elements: Elements;
  readonly start: number;
};

/**
 * One buffer for the batch that goes into the model and for the canvas it is cut from: rows are then copied within one
 * array (`copyWithin`), twice as fast as from one array to another.
 */
export type Workspace = {
  /** The batch, `[views, …]`. Changes when a larger canvas comes, so read it anew after `prepareCanvas`. */
  target: Elements;
  /** Batch and canvas together. */
  whole: Elements;
};

/** A workspace for batches of `views` views. */
export function createWorkspace(spec: InputSpec, views: number): Workspace {
  const length = elementsPerView(spec) * views;
  const whole = elementsOn(new ArrayBuffer(length * bytesPerElement(spec.type)), spec.type, 0, length);
  return { target: whole, whole };
}

/** Room for a canvas of `length` elements behind the batch. The batch's content is kept. */
function withRoom(workspace: Workspace, spec: InputSpec, length: number): Workspace {
  const { target, whole } = workspace;
  if (whole.length - target.length >= length) return workspace;
  const grown = target.length + length;
  const buffer = new ArrayBuffer(grown * bytesPerElement(spec.type));
  workspace.whole = elementsOn(buffer, spec.type, 0, grown);
  workspace.target = elementsOn(buffer, spec.type, 0, target.length);
  workspace.target.set(target);
  return workspace;
}

/**
 * x = (v · scale + offset − mean) / std as transformers' numpy code computes it: v · scale + offset in double
 * precision, rounded to float32; then mean and std subtracted and divided in float32.
 *
 * @param channel index in the model's channel order
 */
function normalised(value: number, channel: number, { scale, offset, mean, std }: Preprocessing): number {
  const rescaled = Math.fround(value * scale + offset);
  const centred = Math.fround(rescaled - Math.fround(mean[channel] ?? 0));
  return Math.fround(centred / Math.fround(std[channel] ?? 1));
}

/** Whole number nearest to x (ties to even) in 0…255. */
function toUint8(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  const whole = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  return Math.min(255, Math.max(0, whole));
}

/** A normalised value in the model's element type. */
function encoder(type: InputSpec['type']): (x: number) => number {
  if (type === 'float32') return (x) => x;
  return type === 'float16' ? toFloat16 : toUint8;
}

/** The encoded value of every byte, for each of the model's channels: `[3][256]`. */
function lookup(spec: InputSpec, preprocessing: Preprocessing): Elements[] {
  const encode = encoder(spec.type);
  return [0, 1, 2].map((channel) => {
    const table = elementsOn(new ArrayBuffer(256 * bytesPerElement(spec.type)), spec.type, 0, 256);
    for (let value = 0; value < 256; value++) table[value] = encode(normalised(value, channel, preprocessing));
    return table;
  });
}

/**
 * Normalises a whole canvas into the model's layout, channel order and element type.
 *
 * @param workspace where the canvas goes beside the batch; without one it gets memory of its own. The canvas that was
 *   there before is overwritten.
 */
export function prepareCanvas(
  raster: Raster,
  spec: InputSpec,
  preprocessing: Preprocessing,
  workspace?: Workspace,
): Prepared {
  const { width, height, data } = raster;
  const pixels = width * height;
  const { target, whole: elements } = withRoom(workspace ?? createWorkspace(spec, 0), spec, 3 * pixels);
  const start = target.length;
  const tables = data instanceof Uint8Array ? lookup(spec, preprocessing) : null;
  const encode = encoder(spec.type);
  const planar = spec.layout === 'NCHW';
  for (let channel = 0; channel < 3; channel++) {
    const source = preprocessing.channels === 'bgr' ? 2 - channel : channel;
    const stride = planar ? 1 : 3;
    let to = start + (planar ? channel * pixels : channel);
    const table = tables?.[channel];
    if (table) {
      for (let from = source; from < 3 * pixels; from += 3, to += stride)
        elements[to] = table[data[from] as number] as number;
    } else {
      for (let from = source; from < 3 * pixels; from += 3, to += stride) {
        elements[to] = encode(normalised(data[from] as number, channel, preprocessing));
      }
    }
  }
  return { layout: spec.layout, width, height, windowWidth: spec.width, windowHeight: spec.height, elements, start };
}

/**
 * Copies one window of a canvas to `target[offset…]`, `elementsPerView` elements.
 *
 * @param x left edge of the window on the canvas, whole pixels; any whole number with `wrap`, else inside the canvas
 * @param y top edge likewise
 * @param wrap the canvas is a torus
 * @throws RangeError where a window without `wrap` leaves the canvas
 */
export function cutWindow(
  prepared: Prepared,
  x: number,
  y: number,
  wrap: boolean,
  target: Elements,
  offset: number,
): void {
  const { layout, width, height, windowWidth, windowHeight, elements, start } = prepared;
  if (!wrap && (x < 0 || y < 0 || x + windowWidth > width || y + windowHeight > height)) {
    throw new RangeError(
      `window ${windowWidth}×${windowHeight} at (${x}, ${y}) leaves the canvas of ${width}×${height}`,
    );
  }
  const shared = target.buffer === elements.buffer;
  const base = shared ? target.byteOffset / target.BYTES_PER_ELEMENT + offset : offset;
  const [planes, step] = layout === 'NCHW' ? [3, 1] : [1, 3];
  const left = ((x % width) + width) % width;
  const top = ((y % height) + height) % height;
  const first = Math.min(windowWidth, width - left);
  let to = base;
  for (let plane = 0; plane < planes; plane++) {
    const origin = start + plane * width * height;
    let row = top;
    for (let r = 0; r < windowHeight; r++) {
      const line = origin + row * width * step;
      let from = line + left * step;
      let length = first * step;
      for (let missing = windowWidth * step; missing > 0;) {
        if (shared) elements.copyWithin(to, from, from + length);
        else target.set(elements.subarray(from, from + length), to);
        to += length;
        missing -= length;
        from = line;
        length = Math.min(missing, width * step);
      }
      row = row + 1 === height ? 0 : row + 1;
    }
  }
}
