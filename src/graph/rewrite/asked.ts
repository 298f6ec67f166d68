// From what the user asks for ("aps+circular", "last2") to rewritten models with their names and words.
import { InputError, expected, unknownName } from '../../core/errors.js';
import { cyclicPromise, hasPadding } from './circular.js';
import { dense } from './dense.js';
import type { Padding } from './emit.js';
import { CIRCULAR, KINDS } from './kinds.js';
import type { Kind } from './kinds.js';
import type { NormalGraph } from './normal.js';
import { chosenSites, siteName, sitesOf } from './sites.js';
import type { Site } from './sites.js';
import type { Variant, VariantRecord } from './variant.js';
import { refusal } from './window.js';

/** A kind of rewriting as it is asked for; kind null: circular padding alone. */
export type Asked = { readonly kind: Kind | null; readonly padding: Padding };

const NAMES = [...KINDS.map(({ name }) => name), CIRCULAR.name];

/**
 * "dense", "aps+circular", "circular".
 *
 * @throws InputError for an unknown kind or modifier, with the nearest names
 */
export function parseKind(text: string): Asked {
  const [name = '', ...modifiers] = text.trim().split('+');
  const kind = KINDS.find((known) => known.name === name) ?? null;
  if (kind === null && name !== CIRCULAR.name) throw unknownName('rewriting', name, NAMES);
  const strange = modifiers.find((modifier, i) => modifier !== CIRCULAR.name || i > 0 || kind === null);
  if (strange !== undefined) {
    throw expected('--subsampling', 'a kind, or a kind with "+circular" behind it (aps+circular)', text);
  }
  return { kind, padding: kind === null || modifiers.length > 0 ? 'circular' : 'zero' };
}

/**
 * Sites by their numbers, their nodes' names, or "last2" for the last two.
 *
 * @throws InputError for a site that isn't there, listing those that are
 */
function sitesAsked(sites: readonly Site[], at: readonly string[]): Site[] {
  const words = at.flatMap((text) => text.split(',')).map((text) => text.trim());
  const names = words.flatMap((word) => {
    const [, digits] = /^last(\d*)$/.exec(word) ?? [];
    if (digits === undefined || sites.some(({ nodes }) => nodes.some(({ name }) => name === word))) return [word];
    const count = digits === '' ? 1 : Number(digits);
    if (count >= 1 && count <= sites.length) return sites.slice(-count).map(({ index }) => String(index));
    throw expected('--at', `last1 to last${sites.length}`, word, `The network subsamples ${sites.length} times.`);
  });
  return chosenSites(sites, names);
}

/** "block12_dw", "stage2/conv +1". */
function named(sites: readonly Site[], all: readonly Site[]): string {
  if (sites.length === all.length && all.length > 1) return `at all ${all.length} subsamplings`;
  const list = sites.map((site) => `${site.index} (${siteName(site)})`).join(', ');
  return `at subsampling${sites.length === 1 ? '' : 's'} ${list}`;
}

/** "2×2" where all strides are 2, else "s×s". */
function squareOf(sites: readonly Site[]): string {
  const strides = new Set(sites.map(({ stride }) => stride));
  const [stride = 's'] = strides.size === 1 ? strides : [];
  return `${stride}×${stride}`;
}

/** What stands in a variant's name for its sites: nothing for all, "-last2", "-at-1-3"; phases always number theirs. */
function sitesSuffix(kind: Kind, sites: readonly Site[], all: readonly Site[]): string {
  const indices = sites.map(({ index }) => index);
  if (kind.byDefault === 'each') return `-${indices.join('-')}`;
  if (sites.length === all.length) return '';
  const last = indices.every((index, i) => index === all.length - sites.length + i);
  return last ? `-last${sites.length}` : `-at-${indices.join('-')}`;
}

function recordOf(kind: string, padding: Padding, sites: readonly Site[]): VariantRecord {
  return {
    kind,
    circular: padding === 'circular',
    at: sites.map(({ index, nodes }) => ({ index, nodes: nodes.map(({ name }) => name) })),
    shifts: [],
  };
}

/** @throws InputError where pictures are joined on the batch axis, as phases and averages of shifts are */
function checkOnePicture({ model, facts, nameOf }: NormalGraph): void {
  const joins = model.graph.node.find(
    ({ opType, attribute, output, input }) =>
      opType === 'Concat' &&
      input.length > 1 &&
      attribute.some(({ name, i }) => name === 'axis' && i === 0n) &&
      facts.get(output[0] ?? '')?.shape?.length === 4,
  );
  if (joins === undefined) return;
  throw refusal(
    nameOf(joins),
    'joins several maps of one picture on the batch axis, as a network rewritten by phases or by --export does',
    'Rewrite the model that it was made from.',
  );
}

function circularVariant(graph: NormalGraph): Variant {
  checkOnePicture(graph);
  if (!hasPadding(graph)) {
    throw new InputError('Expected padding to make circular but the network has none that isn’t circular already.');
  }
  const { name, changes, goodFor, notGoodFor } = CIRCULAR;
  return {
    suffix: name,
    record: recordOf(name, 'circular', []),
    ...{ changes, goodFor, notGoodFor },
    model: dense(graph, [], { padding: 'circular' }).model,
    probabilities: false,
    identities: sitesOf(graph).length === 0 ? [{ kind: 'cyclic', promised: cyclicPromise(graph) }] : [],
  };
}

function siteVariant(
  graph: NormalGraph,
  kind: Kind,
  padding: Padding,
  sites: readonly Site[],
  modelPath: string,
): Variant {
  checkOnePicture(graph);
  const all = sitesOf(graph);
  const { model, identities } = kind.rewrite({ graph, sites, padding, modelPath });
  const circular = padding === 'circular';
  return {
    suffix: `${kind.name}${circular ? '+circular' : ''}${sitesSuffix(kind, sites, all)}`,
    record: recordOf(kind.name, padding, sites),
    changes: `${named(sites, all)}: ${kind.changes(squareOf(sites))}${circular ? `; ${CIRCULAR.changes}` : ''}`,
    goodFor: kind.goodFor,
    notGoodFor: kind.notGoodFor,
    model,
    probabilities: false,
    identities,
  };
}

/**
 * The variants that one asked kind stands for: one, or one a site for kinds that go site by site.
 *
 * @param at sites as the user names them; null: all, together or one by one as the kind has it
 * @param modelPath the model's file, for weights that lie beside it
 * @throws InputError for what can't be rewritten, naming the node and the reason
 */
export function variantsAsked(
  graph: NormalGraph,
  { kind, padding }: Asked,
  at: readonly string[] | null,
  modelPath: string,
): Variant[] {
  const all = sitesOf(graph);
  if (kind === null) {
    if (at === null) return [circularVariant(graph)];
    throw expected('--at', 'no layers with circular alone, which goes for the whole network', at.join(', '));
  }
  if (all.length === 0) {
    throw new InputError(
      `Expected a network that subsamples for ${kind.name} but this one has no stride. --export works for it, as for any.`,
    );
  }
  const sites = at === null ? all : sitesAsked(all, at);
  const groups = at === null && kind.byDefault === 'each' ? all.map((site) => [site]) : [sites];
  return groups.map((group) => siteVariant(graph, kind, padding, group, modelPath));
}
