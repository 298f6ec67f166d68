// What is known of a model once its files were read: input, output, classes, preprocessing.
import type { Json } from './protocol.js';

/** Resize kernels by name; definitions in `image/resize`. */
export type KernelName = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos3';

/** Every step that turns a decoded picture into the model's input, in this order. */
export type Preprocessing = {
  /** Where it comes from: "preprocessor_config.json", "--preprocess imagenet", … */
  readonly source: string;
  /** Resize: the shorter side to `size` with the aspect kept, or both sides to given lengths; null = none. */
  readonly resize:
    | { readonly to: 'shortest-edge'; readonly size: number; readonly kernel: KernelName }
    | { readonly to: 'exact'; readonly width: number; readonly height: number; readonly kernel: KernelName }
    | null;
  /** Centre crop, pixels; null = none. */
  readonly crop: { readonly width: number; readonly height: number } | null;
  /** x = (v · scale + offset − mean) / std with v in 0…255. */
  readonly scale: number;
  readonly offset: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Order of the channels that the model wants; mean and std are in this order. */
  readonly channels: 'rgb' | 'bgr';
};

/** Element type of an input tensor. float16 travels as 16-bit patterns. */
export type ElementType = 'float32' | 'float16' | 'uint8';

export type InputSpec = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly layout: 'NCHW' | 'NHWC';
  readonly type: ElementType;
  /** Fixed batch size, or null where any number of views goes in one call. */
  readonly batch: number | null;
};

export type OutputSpec = {
  readonly name: string;
  readonly classes: number;
  /** Whether the output still needs a softmax. */
  readonly kind: 'logits' | 'probabilities';
  readonly type: 'float32' | 'float16' | 'float64';
};

/** What is done to a model's views and answers, its weights untouched; `remedies` says what each step means. */
export type ModelRemedy = {
  /** As it was asked for: "quin8", "align16+grid4". */
  readonly name: string;
  /** Normal form, in the order in which they act; decides the numbers. */
  readonly steps: readonly { readonly [key: string]: Json }[];
  /** Inferences that one answer takes where none was made before. */
  readonly inferences: number;
};

export type ModelFormat = 'onnx' | 'tfjs-layers' | 'tfjs-graph';

/** What TensorFlow.js computes with: WebAssembly, TensorFlow's own library, or that on a GPU. */
export const TFJS_BACKENDS = ['wasm', 'node', 'gpu'] as const;
export type TfjsBackend = (typeof TFJS_BACKENDS)[number];

export type Model = {
  /** Short name, unique in a run: the folder's or file's name, or the zoo's. */
  readonly name: string;
  /** The model's file (`model.onnx`, `model.json`). */
  readonly path: string;
  readonly format: ModelFormat;
  /** SHA-256 of the model's file and its external weights or shards, in order. */
  readonly sha256: string;
  readonly input: InputSpec;
  readonly output: OutputSpec;
  readonly preprocessing: Preprocessing;
  /** Class names by index; null where the files name none. */
  readonly classes: readonly string[] | null;
  /** How things that the files don't say outright were found out: {"output.kind": "last node is Softmax"}. */
  readonly findings: Readonly<Record<string, string>>;
  /**
   * What runs it, of a TensorFlow.js model: settled before anything is measured, so that every worker takes the same.
   * `runtime` is its name with the version, "@tensorflow/tfjs-backend-wasm 4.22.0".
   */
  readonly engine?: { readonly backend: TfjsBackend; readonly runtime: string };
  /** Left out of a plain model; with one, it is a variant of the plain model of the same files. */
  readonly remedy?: ModelRemedy;
};
