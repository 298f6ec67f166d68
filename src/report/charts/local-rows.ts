// Rows of the local equivariance error: a bar a cause, then stacked bars of the steps with the largest shares.
import { isEstimate, valueOf, type MaybeEstimate } from '../../core/estimate.js';
import { LOCAL_CAUSES, type LayersResult, type LocalResult } from '../../core/layers.js';
import { percent } from '../format.js';
import { CAUSES, shortNames } from '../layer-words.js';
import type { Data, Row } from './chart.js';
import { NAME_LENGTH, type Form } from './layer-rows.js';

/** Steps that have a row of their own; the others share one. */
const MOST_STEPS = 10;
const GAP = 30;

/** The local equivariance error of a model; null where it wasn't measured. */
export function localOf(result: LayersResult | null | undefined): LocalResult | null {
  return result && !('unavailable' in result.local) ? result.local : null;
}

type Bar = {
  readonly name: string;
  readonly share: MaybeEstimate;
  /** Parts from the axis on, drawn so that together they reach the share: causes of one step can partly cancel. */
  readonly parts: readonly { readonly cause: string; readonly share: number }[];
};

/** Rows by cause, then the steps with the largest shares, then all others as one. */
function barsOf(local: LocalResult): { causes: Bar[]; steps: Bar[]; others: Bar | null } {
  const value = (share: MaybeEstimate): number => valueOf(share) ?? 0;
  const causes = LOCAL_CAUSES.map((cause) => ({
    name: CAUSES[cause],
    share: local.causes[cause],
    parts: [{ cause, share: value(local.causes[cause]) }],
  }));
  const sorted = local.steps.toSorted((a, b) => value(b.share) - value(a.share));
  const partsOf = (steps: LocalResult['steps']): Bar['parts'] =>
    LOCAL_CAUSES.map((cause) => ({ cause, share: steps.reduce((sum, step) => sum + (step.causes[cause] ?? 0), 0) }));
  const few = sorted.length <= MOST_STEPS + 1 ? sorted.length : MOST_STEPS;
  const steps = sorted.slice(0, few).map((step) => ({ name: step.name, share: step.share, parts: partsOf([step]) }));
  const rest = sorted.slice(few);
  if (rest.length === 0) return { causes, steps, others: null };
  const parts = partsOf(rest);
  const sum = rest.reduce((total, { share }) => total + value(share), 0);
  const others: Bar = {
    name: `${rest.length} other steps`,
    share: {
      value: sum,
      low: sum,
      high: sum,
      n: rest.length,
      pictures: local.pictures,
      unit: 'fraction',
      method: 'bootstrap over pictures',
    },
    parts,
  };
  return { causes, steps: [...steps, others], others };
}

function rowHeight(form: Form): number {
  return form === 'wide' ? 24 : 38;
}

/** Height of the plot, pixels. */
export function localHeight(result: LayersResult | null | undefined, form: Form): number {
  const local = localOf(result);
  if (local === null) return rowHeight(form);
  const { causes, steps } = barsOf(local);
  return rowHeight(form) * (causes.length + steps.length) + GAP;
}

/** Bars, and a row of text each. */
export function localRows(result: LayersResult | null | undefined, form: Form): Data {
  const local = localOf(result);
  if (local === null) return { rows: [], bars: [] };
  const { causes, steps, others } = barsOf(local);
  const [size, height] = [rowHeight(form), localHeight(result, form)];
  const own = steps.filter((bar) => bar !== others).map(({ name }) => name);
  const names = [...causes.map(({ name }) => name), ...shortNames(own, NAME_LENGTH), others?.name ?? ''];
  const rows: Row[] = [];
  const bars: Row[] = [];
  [...causes, ...steps].forEach(({ name, share, parts }, i) => {
    const top = i * size + (i >= causes.length ? GAP : 0);
    const middle = top + (form === 'wide' ? size / 2 : size - 10);
    const drawnSum = parts.reduce((sum, part) => sum + part.share, 0);
    const scale = valueOf(share) !== null && drawnSum > 0 ? (valueOf(share) ?? 0) / drawnSum : 1;
    let reached = 0;
    for (const part of parts) {
      if (part.share <= 0) continue;
      bars.push({
        name,
        cause: CAUSES[part.cause as keyof typeof CAUSES],
        share: part.share,
        from: reached,
        to: reached + scale * part.share,
        top: (middle - 7) / height,
        bottom: (middle + 7) / height,
      });
      reached += scale * part.share;
    }
    const known = isEstimate(share);
    rows.push({
      name,
      short: names[i] ?? '',
      at: middle / height,
      above: (top + 9) / height,
      end: Math.max(reached, known ? share.high : 0),
      low: known && share.low < share.high ? share.low : null,
      high: known && share.low < share.high ? share.high : null,
      label: known ? percent(share.value) : share.unavailable,
      head: i === 0 ? 'by cause' : i === causes.length ? 'by step' : '',
      headAt: (top - 8) / height,
    });
  });
  return { rows, bars };
}

/** Shares of the causes in words. */
export function localLabel(result: LayersResult | null | undefined): string {
  const local = localOf(result);
  const words =
    local === null
      ? []
      : barsOf(local).causes.map(
          ({ name, share }) => `${name} ${isEstimate(share) ? percent(share.value) : share.unavailable}`,
        );
  return `Local equivariance error by cause: ${words.join('; ')}`;
}
