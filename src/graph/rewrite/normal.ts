// The normal form that rewriting starts from: the same network with the same answers bit for bit, its constants folded,
// every window's padding in its own numbers, and any number of pictures in a call.
import { InputError } from '../../core/errors.js';
import { auditGraph } from '../audit/audit.js';
import type { TensorFacts } from '../audit/facts.js';
import { OPEN_BATCH, infer } from '../audit/infer.js';
import type { PictureInput } from '../audit/infer.js';
import { layerNames } from '../audit/names.js';
import type { LayerWindow } from '../audit/window.js';
import type { NodeProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';
import { OTHER_BATCH, batchOpened, fixedBatchOf } from './batch.js';
import { constantsHeld, folded } from './fold.js';
import { withFreshNames } from './fresh-names.js';
import { explicit, padsMerged } from './padding.js';

/** A network in its normal form. Tensors keep the names that they have in the file, unless that was rewritten before. */
export type NormalGraph = {
  /** The normal form itself; weights are shared with the model it was made of (external ones stay references). */
  readonly model: OnnxModel;
  /** The input that takes the picture, with its layout and size, pixels. */
  readonly picture: PictureInput;
  /** Version of ONNX's operators. */
  readonly opset: number;
  /** What is known of each tensor by its name: sides, type, constants, places; an open batch has the side `OPEN_BATCH`. */
  readonly facts: ReadonlyMap<string, TensorFacts>;
  /** Windows of the nodes that slide one. */
  readonly windows: ReadonlyMap<NodeProto, LayerWindow>;
  /** The node's name as the audit of the file gives it. */
  readonly nameOf: (node: NodeProto) => string;
  /** Why only a fixed number of pictures goes in a call, with the node's name; null where any number does. */
  readonly fixedBatch: string | null;
};

export type NormalOptions = {
  /** The picture's input; default: as `auditGraph` finds it. */
  readonly input?: PictureInput;
};

const OLDEST_OPSET = 11;

function opsetOf(model: OnnxModel): number {
  const opset = Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 1n);
  if (opset >= OLDEST_OPSET) return opset;
  throw new InputError(
    `Expected a model of ONNX opset ${OLDEST_OPSET} or newer to rewrite but it is of opset ${opset}. Convert it with onnx.version_converter, or export it again with a newer opset.`,
  );
}

/** What the file says outright or computes from constants, as initializers. */
function withConstants(model: OnnxModel, picture: PictureInput): OnnxModel {
  const held = constantsHeld(model);
  const known = (batch: number): ReadonlyMap<string, TensorFacts> => infer(held, picture, batch).facts;
  const fixed = fixedBatchOf(held, picture);
  return fixed === null
    ? folded(held, [known(OPEN_BATCH), known(OTHER_BATCH)])
    : folded(held, [known(fixed), known(fixed)]);
}

/**
 * The normal form of a classifier's graph: constants folded to initializers (chains that compute shapes, axes and pads),
 * `auto_pad` and `ceil_mode` as explicit pads, Pad nodes merged into the windows behind them where that is exact, the batch
 * open where nothing depends on it. The given model stays as it is.
 *
 * @throws InputError for opsets below 11, and where the picture's input can't be told
 */
export function normalForm(given: OnnxModel, options: NormalOptions = {}): NormalGraph {
  const opset = opsetOf(given);
  const model = withFreshNames(given);
  const picture = options.input ?? auditGraph(model).input;
  const names = new Map<string, string>();
  for (const [node, name] of layerNames(model.graph)) for (const output of node.output) names.set(output, name);
  const nameOf = (node: NodeProto): string => names.get(node.output[0] ?? '') ?? node.opType;

  const { model: open, tied } = batchOpened(withConstants(model, picture), picture);
  const batch = tied === null ? OPEN_BATCH : (fixedBatchOf(open, picture) ?? 1);
  // Once the batch is open, what was computed from it before may be the same for every batch.
  const simple = tied === null ? withConstants(open, picture) : open;
  const padded = explicit(simple, infer(simple, picture, batch));
  const normal = padsMerged(padded, infer(padded, picture, batch), opset);
  const { facts, windows } = infer(normal, picture, batch);
  const fixedBatch = tied && `${nameOf(tied)} is made for ${batch === 1 ? 'one picture' : `${batch} pictures`} a call`;
  return { model: normal, picture, opset, facts, windows, nameOf, fixedBatch };
}
