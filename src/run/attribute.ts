// Which stride loses the invariance: plans the network without one stride at a time and without the last ones together,
// and keeps each as a checked model folder, so that a command that was stopped goes on.
import type { AttributedVariant, AttributionPlan } from '../core/attribution.js';
import { InputError } from '../core/errors.js';
import type { Model } from '../core/model.js';
import { auditGraph } from '../graph/audit/audit.js';
import { parseKind, variantsAsked } from '../graph/rewrite/asked.js';
import { normalForm } from '../graph/rewrite/normal.js';
import type { NormalGraph } from '../graph/rewrite/normal.js';
import { sitesOf } from '../graph/rewrite/sites.js';
import type { Site } from '../graph/rewrite/sites.js';
import type { Variant } from '../graph/rewrite/variant.js';
import { makeVariant, type Original } from './variants.js';

export type AttributionOptions = {
  /** Folder that the variants' folders are made in. */
  readonly into: string;
  /** Whether variants that lie there are dropped and made again. */
  readonly fresh: boolean;
  /**
   * Variants that cost more than this many times the original's multiply-accumulates are left out; null: more than 30 times,
   * and more than a middling network's 10⁹ in all.
   */
  readonly maxCost: number | null;
  /** Whether the last layer's non-shiftability is measured too. */
  readonly inside: boolean;
  /** Is told of each variant before it is made. */
  readonly progress: (name: string) => void;
};

export type PlannedAttribution = {
  readonly plan: AttributionPlan;
  /** The variants' folders and their names in the run, in the order of the plan. */
  readonly folders: readonly { readonly name: string; readonly folder: string }[];
};

/** Highest cost of a variant where nothing is said: as a multiple of the original's, and multiply-accumulates in any case. */
const MAX_COST = 30;
const CHEAP = 1e9;

/** A rewriting to try: some sites, one way. */
type Wanted = { readonly how: AttributedVariant['how']; readonly sites: readonly Site[] };

/** One site at a time; then the last two, the last three, … together. */
function wantedVariants(sites: readonly Site[]): Wanted[] {
  const together = sites.slice(1).map((_, i): Wanted => ({ how: 'dense', sites: sites.slice(-(i + 2)) }));
  return [...sites.map((site): Wanted => ({ how: 'phases', sites: [site] })), ...together];
}

/** The rewriting, by phases where dense is refused; or the reason why there is none. */
function rewritten(
  graph: NormalGraph,
  { how, sites }: Wanted,
  path: string,
): { readonly variant: Variant; readonly how: AttributedVariant['how'] } | { readonly reason: string } {
  const at = sites.map(({ index }) => String(index));
  try {
    const [variant] = variantsAsked(graph, parseKind(how), at, path);
    return variant === undefined ? { reason: 'there is nothing to rewrite' } : { variant, how };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return how === 'dense' ? rewritten(graph, { how: 'phases', sites }, path) : { reason: reasonOf(error) };
  }
}

/** What a refusal says, as a clause. */
function reasonOf({ message }: InputError): string {
  const clause = message.replace(/^The network can't be rewritten this way: /, '').split('. ')[0] ?? message;
  return clause.replace(/\.$/, '');
}

/** The last layer that has places: what the pool at the end averages. */
function lastLayer(graph: NormalGraph): string | null {
  const { layers } = auditGraph(graph.model, { input: graph.picture });
  const placed = layers.findLast(({ places, reach }) => places?.axes.length === 2 && reach !== 'global');
  return placed?.name ?? null;
}

/**
 * Writes the variants that an attribution compares with the original, and says which and why not others.
 *
 * @throws InputError where the network has no stride, or none of its variants can be made
 */
export async function planAttribution(
  original: Original,
  { into, fresh, maxCost, inside, progress }: AttributionOptions,
): Promise<PlannedAttribution> {
  const { model, onnx } = original;
  const graph = normalForm(onnx, { input: model.input });
  const sites = sitesOf(graph);
  if (sites.length === 0) {
    throw new InputError(
      `Expected a network that subsamples but ${model.name} has no stride: there is nothing to attribute.`,
    );
  }
  const macs = macsOf(graph, model);
  const variants: AttributedVariant[] = [];
  const folders: PlannedAttribution['folders'][number][] = [];
  for (const wanted of wantedVariants(sites)) {
    const found = rewritten(graph, wanted, model.path);
    const indices = wanted.sites.map(({ index }) => index);
    if ('reason' in found) {
      variants.push({ sites: indices, how: wanted.how, model: null, macsRatio: null, leftOut: found.reason });
      continue;
    }
    const own = macsOf({ ...graph, model: found.variant.model }, model);
    const macsRatio = own === null || !macs ? null : own / macs;
    const known = { sites: indices, how: found.how, macsRatio };
    const most = maxCost ?? MAX_COST;
    if (macsRatio !== null && macsRatio > most && (maxCost !== null || (own ?? 0) > CHEAP)) {
      const leftOut = `it costs ${Number(macsRatio.toPrecision(3))} times the original, more than the ${most} that are allowed (--max-cost)`;
      variants.push({ ...known, model: null, leftOut });
      continue;
    }
    const { suffix } = found.variant;
    progress(`${model.name}-${suffix}`);
    const { folder } = await makeVariant(original, found.variant, into, fresh);
    // Within the run the original's name goes without saying.
    folders.push({ name: suffix, folder });
    variants.push({ ...known, model: suffix, leftOut: null });
  }
  if (folders.length === 0) {
    const [{ leftOut }] = variants as [AttributedVariant];
    throw new InputError(`None of the strides of ${model.name} can be taken off: ${leftOut ?? ''}.`);
  }
  return {
    folders,
    plan: {
      reference: model.name,
      layer: inside ? lastLayer(graph) : null,
      sites: sites.map(({ index, nodes, stride, before, after }) => ({
        ...{ index, stride, before, after },
        nodes: nodes.map(({ name }) => name),
      })),
      variants,
    },
  };
}

function macsOf(graph: NormalGraph, { input }: Model): number | null {
  return auditGraph(graph.model, { input }).macs;
}
