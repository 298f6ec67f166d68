// Where a network subsamples: sites in data order. A site is all nodes that raise the cumulative factor from the same
// value to the same value: a block's strided convolution and its strided shortcut, or parallel convolutions and pools.
// Where a network goes down, up and down again, what lies behind a site is no part of it.
import { InputError, unknownName } from '../../core/errors.js';
import { stepAlong } from '../audit/geometry.js';
import type { Geometry } from '../audit/geometry.js';
import { toNumber } from '../audit/rational.js';
import type { NodeProto } from '../onnx_pb.js';
import { takenBy } from './assemble.js';
import type { NormalGraph } from './normal.js';
import { refusal, windowOf } from './window.js';
import type { WindowNode } from './window.js';

/** A node of a site. */
export type SiteNode = {
  /** The name that the audit gives it. */
  readonly name: string;
  readonly operator: string;
  /** Name of the tensor that it gives: node and tensor keep it in every rewriting. */
  readonly output: string;
};

export type Site = {
  /** Place in data order, from 0. */
  readonly index: number;
  /** In data order. */
  readonly nodes: readonly SiteNode[];
  /** Places that become one along either side: after / before. */
  readonly stride: number;
  /** Cumulative factor before and after it, pixels of the picture from one place to the next. */
  readonly before: number;
  readonly after: number;
  /** Why its stride can't be changed, as a sentence's end behind a node's name; null where it can. */
  readonly fixed: { readonly name: string; readonly reason: string } | null;
};

/** A name to print for a site: that of its first node, and how many others belong to it. */
export function siteName({ nodes }: Pick<Site, 'nodes'>): string {
  const [first, ...more] = nodes;
  return more.length === 0 ? (first?.name ?? '') : `${first?.name ?? ''} +${more.length}`;
}

/** Cumulative factor of a tensor along rows and columns; null where it has no places. */
function factorOf(geometry: Geometry | null | undefined): { readonly y: number; readonly x: number } | null {
  if (!geometry) return null;
  const [y, x] = [stepAlong(geometry, 'y'), stepAlong(geometry, 'x')];
  return y && x ? { y: toNumber(y), x: toNumber(x) } : null;
}

/** What a node does to the factor, where it makes it larger. */
type Rise = {
  readonly node: NodeProto;
  readonly before: { readonly y: number; readonly x: number };
  readonly after: { readonly y: number; readonly x: number };
};

function risesOf({ model, facts }: NormalGraph): Rise[] {
  return model.graph.node.flatMap((node) => {
    const after = factorOf(facts.get(node.output[0] ?? '')?.geometry);
    const from = node.input.map((name) => factorOf(facts.get(name)?.geometry)).filter((factor) => factor !== null);
    if (!after || from.length === 0) return [];
    const before = {
      y: Math.max(...from.map(({ y }) => y)),
      x: Math.max(...from.map(({ x }) => x)),
    };
    return after.y > before.y || after.x > before.x ? [{ node, before, after }] : [];
  });
}

/** Rises of one site, and the sites whose results they take. */
type RiseGroup = { readonly rises: Rise[]; readonly behind: Set<RiseGroup> };

function sameFactors([first]: readonly Rise[], { before, after }: Rise): boolean {
  const same = (a: Rise['before'] | undefined, b: Rise['before']): boolean => a?.y === b.y && a.x === b.x;
  return same(first?.before, before) && same(first?.after, after);
}

/** Whether any of some sites lies behind a site, or is it. */
function leadsTo(sites: ReadonlySet<RiseGroup>, wanted: RiseGroup): boolean {
  const known = new Set(sites);
  for (const site of known) for (const earlier of site.behind) known.add(earlier);
  return known.has(wanted);
}

/** Rises of the same factors together, unless a window depends on another of them: parallel branches are one site. */
function groupedRises(graph: NormalGraph): RiseGroup[] {
  const rises = new Map(risesOf(graph).map((rise) => [rise.node, rise]));
  const groups: RiseGroup[] = [];
  const sitesBehind = new Map<string, ReadonlySet<RiseGroup>>();
  for (const node of graph.model.graph.node) {
    const behind = new Set(takenBy(node).flatMap((name) => [...(sitesBehind.get(name) ?? [])]));
    const rise = rises.get(node);
    if (rise) {
      // What subsamples in several steps without a window (adaptive sampling) stays one site: it has no stride of its own.
      const apart = (group: RiseGroup): boolean => windowOf(graph, node) !== null && leadsTo(behind, group);
      const fits = (group: RiseGroup): boolean => sameFactors(group.rises, rise) && !apart(group);
      const group = groups.find(fits) ?? { rises: [], behind: new Set() };
      if (group.rises.length === 0) groups.push(group);
      group.rises.push(rise);
      for (const earlier of behind) group.behind.add(earlier);
      behind.add(group);
    }
    for (const output of node.output) sitesBehind.set(output, behind);
  }
  return groups;
}

function reasonFor(graph: NormalGraph, { node, before, after }: Rise, window: WindowNode | null): string | null {
  if (graph.facts.get(node.output[0] ?? '')?.geometry?.adaptive) {
    return "picks its places by the picture's content (adaptive sampling), so there is no fixed stride to take off";
  }
  if (window === null) {
    return `subsamples by ${node.opType}, not by a window that slides over rows and columns of a map [N, C, H, W]`;
  }
  if (before.y !== before.x) return 'lies behind a layer with unequal strides along rows and columns';
  if (after.y !== after.x) {
    return `has unequal strides along rows and columns (${after.y / before.y} and ${after.x / before.x})`;
  }
  if (!Number.isInteger(window.stride.y) || window.stride.y !== after.y / before.y) {
    return 'joins branches of different subsampling';
  }
  if (node.output.slice(1).some((name) => name !== '')) return 'gives the places of its maxima too, which would change';
  return null;
}

/**
 * All subsamplings of a network.
 *
 * Sites that can't be rewritten are listed too, with the reason in `fixed`.
 */
export function sitesOf(graph: NormalGraph): Site[] {
  const ranked = groupedRises(graph).map(({ rises }) => {
    const [{ before, after }] = rises as [Rise];
    return { rises, before: Math.sqrt(before.y * before.x), after: Math.sqrt(after.y * after.x) };
  });
  return ranked
    .toSorted((a, b) => a.before - b.before || a.after - b.after)
    .map(({ rises, before, after }, index) => {
      const reasons = rises.flatMap((rise) => {
        const reason = reasonFor(graph, rise, windowOf(graph, rise.node));
        const adaptive = graph.facts.get(rise.node.output[0] ?? '')?.geometry?.adaptive ?? false;
        return reason === null ? [] : [{ name: graph.nameOf(rise.node), reason, adaptive }];
      });
      return {
        index,
        nodes: rises.map(({ node }) => ({
          name: graph.nameOf(node),
          operator: node.opType,
          output: node.output[0] ?? '',
        })),
        stride: after / before,
        before,
        after,
        fixed: reasons.find(({ adaptive }) => adaptive) ?? reasons[0] ?? null,
      };
    });
}

/** The site that a layer's name (any node of it) or its number ("2") stands for. */
function siteNamed(sites: readonly Site[], asked: string): Site {
  const found = sites.find(({ index, nodes }) => String(index) === asked || nodes.some(({ name }) => name === asked));
  if (found) return found;
  throw unknownName(
    'subsampling',
    asked,
    sites.flatMap(({ nodes }) => nodes.map(({ name }) => name)),
  );
}

/**
 * Sites by the names of their nodes, or by their numbers from 0, in data order and each once.
 *
 * @throws InputError for a name that no site has, naming the nearest and all
 */
export function chosenSites(sites: readonly Site[], asked: readonly string[]): Site[] {
  const chosen = new Set(asked.map((name) => siteNamed(sites, name)));
  return sites.filter((site) => chosen.has(site));
}

/**
 * Checks that sites can be rewritten.
 *
 * @throws InputError that names the first node that can't be, and the reason; and where there are no sites at all
 */
export function checkSites(sites: readonly Site[]): void {
  if (sites.length === 0) {
    throw new InputError('Expected at least one subsampling to rewrite but the network has none, or none was chosen.');
  }
  for (const { fixed } of sites) if (fixed) throw refusal(fixed.name, fixed.reason);
}
