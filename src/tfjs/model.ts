// What a TensorFlow.js model is once its files were read: topology, signature, weights. Both kinds of model.json: "layers"
// (a Keras model) and "graph" (a TensorFlow graph), as the TensorFlow.js converter and `model.save` write them.

/** Element type of a weight in memory. */
export type TfjsType = 'float32' | 'int32' | 'bool' | 'string' | 'complex64';

/** How a weight is packed in the files: value = stored · scale + min, or half precision. */
export type TfjsQuantisation =
  { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number } | { readonly dtype: 'float16' };

/** One weight of the manifest, and where it lies. */
export type TfjsWeight = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TfjsType;
  readonly quantization?: TfjsQuantisation;
  /** First byte in `TfjsFiles.data`, and number of bytes. */
  readonly at: number;
  readonly bytes: number;
};

/** A tensor that a layer gives: which layer, which of its calls (0 = the first), which of that call's outputs. */
export type TensorReference = { readonly layer: string; readonly call: number; readonly output: number };

/** A layer of a Keras model. */
export type TfjsLayer = {
  /** Keras's name of the class: "Conv2D". */
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Its calls, each with the tensors that it takes; one call but for shared layers. */
  readonly calls: readonly (readonly TensorReference[])[];
  /** The model inside, where the layer is itself a model. */
  readonly inner: LayersTopology | null;
};

/**
 * A Keras model, sequential ones in the form of functional ones: every model begins with layers of class InputLayer (made
 * up where a sequential one has none) and each layer says what it takes.
 */
export type LayersTopology = {
  readonly name: string;
  readonly layers: readonly TfjsLayer[];
  readonly inputs: readonly TensorReference[];
  readonly outputs: readonly TensorReference[];
};

/** A node of a TensorFlow graph (graph.proto, NodeDef, in protobuf's JSON form: numbers as text, bytes as base64). */
export type TfjsNode = {
  readonly name: string;
  readonly op: string;
  /** "name", "name:1" for another output than the first, "^name" for an order without data. */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
};

/** One end of a graph: `key` is its name in the signature, `tensor` the tensor's ("Identity:0"). */
export type TfjsEnd = {
  readonly key: string;
  readonly tensor: string;
  /** TensorFlow's element type, "DT_FLOAT"; null where it isn't said. */
  readonly dtype: string | null;
  /** null: unknown rank; a null side is open. */
  readonly shape: readonly (number | null)[] | null;
};

/** A TensorFlow graph. */
export type GraphTopology = {
  readonly nodes: readonly TfjsNode[];
  /** Names of the functions that control flow calls; no model of plain layers has any. */
  readonly functions: readonly string[];
  readonly inputs: readonly TfjsEnd[];
  readonly outputs: readonly TfjsEnd[];
};

/** What both kinds have. */
type TfjsFiles = {
  /** The model's `model.json`. */
  readonly path: string;
  /** `model.json` as parsed, for the engine. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly weights: readonly TfjsWeight[];
  /** All shards, one after the other in the manifest's order. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** The shards' files. */
  readonly shards: readonly string[];
  /** SHA-256 over model.json and the shards, in order. */
  readonly sha256: string;
  /** Bytes of model.json and the shards. */
  readonly bytes: number;
  /** What wrote it, as far as it says: "keras v2.15.0, TensorFlow.js Converter v4.22.0". */
  readonly producer: string | null;
};

export type TfjsLayersModel = TfjsFiles & { readonly kind: 'layers'; readonly topology: LayersTopology };
export type TfjsGraphModel = TfjsFiles & { readonly kind: 'graph'; readonly topology: GraphTopology };

/** A TensorFlow.js model with its weights. */
export type TfjsModel = TfjsLayersModel | TfjsGraphModel;
