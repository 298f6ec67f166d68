// The structural audit: what strides, pads and receptive fields do to a picture, told from the graph alone.
import { expected } from '../../core/errors.js';
import type { GraphProto, NodeProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';
import { INT64 } from './element-types.js';
import type { TensorFacts } from './facts.js';
import { OPEN_BATCH, infer } from './infer.js';
import type { Inference, PictureInput } from './infer.js';
import type { GraphAudit, LayerAudit, WindowAudit } from './layer.js';
import { macsOf, weightsOf } from './macs.js';
import { layerNames } from './names.js';
import { both, factorOf, fieldOf, placesOf, shownShape } from './places.js';
import { toNumber } from './rational.js';
import type { LayerWindow } from './window.js';

export type AuditOptions = {
  /** The picture's input; default: the only input of four axes that no weight fills, with the size in its shape. */
  readonly input?: PictureInput;
  /** Number of scales and rotations that augmentation is asked to cover; default 1 each. */
  readonly scales?: number;
  readonly rotations?: number;
};

/**
 * @throws InputError where the picture's input, its layout or its size can't be told
 */
function pictureInput({ graph }: OnnxModel): PictureInput {
  const filled = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !filled.has(name));
  for (const { name, type } of inputs) {
    const dims = type?.value.case === 'tensorType' ? type.value.value.shape?.dim : undefined;
    if (dims?.length !== 4) continue;
    const [, a = 0, b = 0, c = 0] = dims.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 0));
    const layout = c >= 1 && c <= 4 && a > 4 ? 'NHWC' : 'NCHW';
    const [height, width] = layout === 'NCHW' ? [b, c] : [a, b];
    if (height > 0 && width > 0) return { name, layout, height, width };
  }
  throw expected(
    'the input of the graph',
    'a picture [batch, channels, height, width] or [batch, height, width, channels] of fixed size',
    inputs.map(({ name }) => name).join(', ') || undefined,
    'Give its name, layout and size in the options.',
  );
}

/** Side of the batch; null where it is left open. */
function fixedBatch({ graph }: OnnxModel, { name }: PictureInput): number | null {
  const type = graph.input.find((input) => input.name === name)?.type;
  const first = type?.value.case === 'tensorType' ? type.value.value.shape?.dim[0]?.value : undefined;
  return first?.case === 'dimValue' && first.value > 0n ? Number(first.value) : null;
}

/** From a tensor to the weight that it is, behind dequantising, transposing and the like; null for what is no weight. */
function weightSource(
  { node: nodes, initializer }: GraphProto,
  facts: Inference['facts'],
): (tensor: string) => string | null {
  const weights = new Set(initializer.filter(({ dataType }) => dataType !== INT64).map(({ name }) => name));
  const producers = new Map(nodes.flatMap((node) => node.output.map((output) => [output, node] as const)));
  const find = (tensor: string): string | null => {
    if (tensor === '' || facts.get(tensor)?.picture !== false) return null;
    if (weights.has(tensor)) return tensor;
    const producer = producers.get(tensor);
    if (producer === undefined) return null;
    if (producer.opType === 'Constant') return facts.get(tensor)?.type === INT64 ? null : tensor;
    return find(producer.input[0] ?? '');
  };
  return find;
}

function windowAudit({ axes, filling }: LayerWindow): WindowAudit {
  return {
    kernel: axes.map(({ kernel }) => kernel),
    stride: axes.map(({ stride }) => toNumber(stride)),
    dilation: axes.map(({ dilation }) => dilation),
    before: axes.map(({ before }) => before),
    after: axes.map(({ after }) => after),
    filling,
  };
}

/** The layers before a node: past nodes that are none. */
function layersBefore(
  graph: GraphProto,
  picture: string,
  names: ReadonlyMap<NodeProto, string>,
  isLayer: (node: NodeProto) => boolean,
): (node: NodeProto) => string[] {
  const producers = new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node] as const)));
  const known = new Map<string, readonly string[]>();
  const behind = (tensor: string): readonly string[] => {
    const done = known.get(tensor);
    if (done) return done;
    const producer = producers.get(tensor);
    if (producer === undefined) return tensor === picture ? [picture] : [];
    known.set(tensor, []);
    const found = isLayer(producer) ? [names.get(producer) ?? ''] : [...new Set(producer.input.flatMap(behind))];
    known.set(tensor, found);
    return found;
  };
  return (node) => [...new Set(node.input.flatMap(behind))];
}

/**
 * Audits a classifier's graph without running it: a layer is a node whose result has places of the picture, or that
 * has weights. Receptive fields by the recursion of Araujo, Norris & Sim (Distill, 2019), along the longest path.
 *
 * @throws InputError where the picture's input can't be told from the graph and isn't given
 */
export function auditGraph(model: OnnxModel, options: AuditOptions = {}): GraphAudit {
  const { graph } = model;
  const picture = options.input ?? pictureInput(model);
  const fixed = fixedBatch(model, picture);
  const open = infer(model, picture, fixed ?? OPEN_BATCH);
  const inference = open.fixesBatch ? infer(model, picture, 1) : open;
  const { facts, windows, batch } = inference;
  const lookup = (tensor: string): TensorFacts | undefined => facts.get(tensor);
  const source = weightSource(graph, facts);
  const names = layerNames(graph);
  const weights = new Map<string, number>();

  const ofPicture = (node: NodeProto): boolean => facts.get(node.output[0] ?? '')?.picture === true;
  const layers: LayerAudit[] = [];
  const weightsByNode = new Map(graph.node.filter(ofPicture).map((node) => [node, weightsOf(node, lookup, source)]));
  const isLayer = (node: NodeProto): boolean => {
    if (!ofPicture(node)) return false;
    const geometry = facts.get(node.output[0] ?? '')?.geometry;
    return (weightsByNode.get(node)?.size ?? 0) > 0 || (geometry != null && placesOf(geometry) !== null);
  };
  const before = layersBefore(graph, picture.name, names, isLayer);
  for (const node of graph.node.filter(isLayer)) {
    const found = facts.get(node.output[0] ?? '');
    if (found === undefined) continue;
    const own = [...(weightsByNode.get(node) ?? [])].filter(([name]) => !weights.has(name));
    for (const [name, count] of own) weights.set(name, count);
    const window = windows.get(node);
    const { geometry } = found;
    layers.push({
      name: names.get(node) ?? node.opType,
      operator: node.opType,
      output: node.output[0] ?? '',
      type: found.type,
      shape: shownShape(found, batch),
      places: geometry && placesOf(geometry),
      window: window ? windowAudit(window) : null,
      factor: geometry && factorOf(geometry),
      field: geometry && fieldOf(geometry, picture),
      reach: geometry?.reach ?? null,
      adaptive: geometry?.adaptive ?? false,
      macs: macsOf(node, lookup, batch),
      parameters: own.reduce((sum, [, count]) => sum + count, 0),
      from: before(node),
    });
  }
  return {
    input: picture,
    layers,
    ...networkOf(layers, options),
    notes: notesOf(inference, fixed === null, names, layers),
  };
}

/** What the layers make together. */
function networkOf(
  layers: readonly LayerAudit[],
  { scales = 1, rotations = 1 }: AuditOptions,
): Omit<GraphAudit, 'input' | 'layers' | 'notes'> {
  const factor = both((direction) => Math.max(1, ...layers.map((layer) => layer.factor?.[direction] ?? 1)));
  const translations = factor.y * factor.x;
  const unknownMacs = layers.some(({ macs }) => macs === null);
  return {
    factor,
    unchangedShare: 1 / translations,
    augmentation: { translations, scales, rotations, pictures: translations * scales * rotations },
    macs: unknownMacs ? null : layers.reduce((sum, { macs }) => sum + (macs ?? 0), 0),
    parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0),
  };
}

function notesOf(
  { unknown, batch }: Inference,
  open: boolean,
  names: ReadonlyMap<NodeProto, string>,
  layers: readonly LayerAudit[],
): string[] {
  const joined = layers.find(({ reach, places }) => reach === 'joined' && places !== null);
  const adaptive = layers.find((layer) => layer.adaptive);
  return [
    ...unknown.map(({ node, reason }) => `What lies behind ${names.get(node) ?? node.opType} isn't known: ${reason}.`),
    ...(joined
      ? [`From ${joined.name} on, a branch that saw the whole picture joins in; fields are those of the local path.`]
      : []),
    ...(adaptive
      ? [
          `From ${adaptive.name} on, the picture's content decides where the grid lies: the share of unchanged translations is that of a fixed grid.`,
        ]
      : []),
    ...(open && batch === 1 ? ['A reshape in the graph holds only for a batch of 1.'] : []),
  ];
}
