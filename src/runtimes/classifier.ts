// The one seam to inference engines: prepared views in, raw outputs out.
import type { ElementType, InputSpec } from '../core/model.js';

/** Elements of an input tensor: float32; float16 as 16-bit patterns; uint8. */
export type Elements = Float32Array | Uint16Array | Uint8Array;

/** An opened model. Not to be called again before the promise of the last call is settled. */
export type Classifier = {
  /** The engine with its version, e.g. "onnxruntime-node 1.30.0". */
  readonly runtime: string;
  /**
   * Runs `count` views.
   *
   * @param input `[count, 3, H, W]` (or `[count, H, W, 3]`) in the model's element type, at least that long
   * @returns `[count, classes]`, the model's raw outputs
   * @throws RunError where the engine fails
   */
  readonly run: (input: Elements, count: number) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
};

/** Number of elements of one view. */
export function elementsPerView({ width, height }: Pick<InputSpec, 'width' | 'height'>): number {
  return 3 * width * height;
}

/** A view of `length` elements of `type` on a buffer, from `byteOffset` on. */
export function elementsOn(buffer: ArrayBuffer, type: ElementType, byteOffset: number, length: number): Elements {
  if (type === 'float32') return new Float32Array(buffer, byteOffset, length);
  return type === 'float16' ? new Uint16Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
}

/** Bytes an element of a type takes. */
export function bytesPerElement(type: ElementType): number {
  return type === 'float32' ? 4 : type === 'float16' ? 2 : 1;
}
