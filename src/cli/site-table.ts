// Where a model subsamples and what each rewriting there costs, as data and as text for the terminal.
import { InputError } from '../core/errors.js';
import type { Model } from '../core/model.js';
import { auditGraph } from '../graph/audit/audit.js';
import { KINDS } from '../graph/rewrite/kinds.js';
import type { NormalGraph } from '../graph/rewrite/normal.js';
import { siteName, sitesOf } from '../graph/rewrite/sites.js';
import type { Site } from '../graph/rewrite/sites.js';
import { mapSides } from '../graph/rewrite/window.js';
import { commandLine } from './options.js';
import { aligned } from './table.js';

/** What a rewriting costs, as a multiple of the model's multiply-accumulates; or why it can't be. */
type Cost = { readonly ratio: number | null } | { readonly refused: string };

type SiteOverview = {
  readonly index: number;
  readonly nodes: readonly { readonly name: string; readonly operator: string }[];
  /** Cumulative subsampling factor in front of it and behind it. */
  readonly factor: readonly [number, number];
  /** [rows, columns] of the map in front of it and behind it; null where they aren't known. */
  readonly sides: readonly [readonly number[] | null, readonly number[] | null];
  /** By kind of rewriting, at this site alone; dense: at this one and all behind it. */
  readonly cost: Readonly<Record<string, Cost>>;
};

export type SitesOverview = {
  readonly model: string;
  readonly macs: number | null;
  readonly sites: readonly SiteOverview[];
  /** By kind of rewriting, at all sites. */
  readonly all: Readonly<Record<string, Cost>>;
};

/** Kinds with a column of their own; the others cost the same, or nearly. */
const SHOWN = ['dense', 'phases', 'blur3', 'blur3-folded', 'aps', 'avgpool'];

/** All subsamplings of a model with what can be done there. */
export function sitesOverview(graph: NormalGraph, { name, input, path }: Model): SitesOverview {
  const sites = sitesOf(graph);
  const { macs } = auditGraph(graph.model, { input });
  const costs = (chosen: (kind: string) => readonly Site[]): Record<string, Cost> =>
    Object.fromEntries(
      KINDS.map((kind): [string, Cost] => {
        try {
          const subject = { graph, sites: chosen(kind.name), padding: 'zero', modelPath: path } as const;
          const own = auditGraph(kind.rewrite(subject).model, { input }).macs;
          return [kind.name, { ratio: own === null || !macs ? null : own / macs }];
        } catch (error) {
          if (error instanceof InputError) return [kind.name, { refused: error.message }];
          throw error;
        }
      }),
    );
  const sidesOf = (tensor: string): readonly number[] | null => {
    const sides = mapSides(graph.facts.get(tensor));
    return sides && [sides.y, sides.x];
  };
  const nodeOf = new Map(graph.model.graph.node.map((node) => [node.output[0] ?? '', node]));
  return {
    model: name,
    macs,
    sites: sites.map((site) => ({
      index: site.index,
      nodes: site.nodes.map(({ name: own, operator }) => ({ name: own, operator })),
      factor: [site.before, site.after],
      sides: [sidesOf(nodeOf.get(site.nodes[0]?.output ?? '')?.input[0] ?? ''), sidesOf(site.nodes[0]?.output ?? '')],
      cost: costs((kind) => (kind === 'dense' ? sites.filter(({ index }) => index >= site.index) : [site])),
    })),
    all: sites.length === 0 ? {} : costs(() => sites),
  };
}

function shownCost(cost: Cost | undefined): string {
  if (cost === undefined || 'refused' in cost) return '–';
  return cost.ratio === null ? '?' : `×${Number(cost.ratio.toPrecision(3))}`;
}

function shownSides(sides: readonly number[] | null): string {
  return sides === null ? '?' : sides.join('×');
}

/** Why kinds can't be used, once each, with the first reason. */
function refusalLines(costs: readonly SiteOverview['cost'][]): string[] {
  return KINDS.flatMap(({ name }) => {
    const reasons = costs.flatMap((cost) => {
      const one = cost[name];
      return one !== undefined && 'refused' in one ? [one.refused] : [];
    });
    const [first] = reasons;
    return SHOWN.includes(name) && first !== undefined ? [`– ${name}: ${first}`] : [];
  });
}

/** The overview as lines. @param where the model as the user named it */
export function siteLines({ model, sites, all }: SitesOverview, where: string): string[] {
  if (sites.length === 0) {
    return [`${model} doesn't subsample: there is no stride to rewrite. --export works for it as for any model.`];
  }
  const head = ['', 'factor', 'map', 'layer', ...SHOWN];
  const rows = sites.map(({ index, nodes, factor, sides, cost }) => [
    String(index),
    factor.map((value) => String(Number(value.toPrecision(3)))).join(' → '),
    sides.map(shownSides).join(' → '),
    siteName({ nodes: nodes.map((node) => ({ ...node, output: '' })) }),
    ...SHOWN.map((kind) => shownCost(cost[kind])),
  ]);
  const whole = ['all', '', '', '', ...SHOWN.map((kind) => shownCost(all[kind]))];
  const shared = sites.filter(({ nodes }) => nodes.length > 1);
  const refusals = refusalLines([...sites.map(({ cost }) => cost), all]);
  return [
    `${model} subsamples ${sites.length === 1 ? 'once' : `${sites.length} times`}. What each rewriting costs there, as a multiple of its multiply-accumulates:`,
    '',
    ...aligned([head, ...rows, ...(sites.length > 1 ? [whole] : [])], ['left', 'left', 'left', 'left']),
    '',
    ...(sites.length > 1 ? ['dense in a row: at that subsampling and all behind it.'] : []),
    ...shared.map(({ index, nodes }) => `${index} is made of ${nodes.map(({ name }) => name).join(', ')}.`),
    ...refusals,
    '',
    'What the columns do: invariance variants --help. In short: dense and phases take strides off, for analysis;',
    'blurs, aps and avgpool put something in their place, which without training on costs accuracy.',
    `rewrite:  ${commandLine(['variants', where, '--subsampling', 'phases,aps+circular', '--at', 'last2'])}`,
    `mend:     ${commandLine(['variants', where, '--export', 'quin8'])}`,
  ];
}
