// Draws compiled specs with Vega's interpreter (no eval) and keeps them as wide as their elements.
import { parse, View, Warn, type Item, type Spec } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { RunError } from '../../core/errors.js';
import type { Data } from '../charts/chart.js';
import { markup, type Html } from '../html.js';
import { embedded } from './embedded.js';

const specs = (embedded('specs') ?? {}) as Record<string, Spec>;

/** Data and signals of charts that don't wait for the script's. */
type Given = Readonly<Record<string, { readonly data: Data; readonly signals?: Readonly<Record<string, unknown>> }>>;
const { charts: given = {} } = (embedded('data') ?? {}) as { readonly charts?: Given };

export type Drawn = { readonly view: View; readonly element: HTMLElement; readonly fit: () => void };

const drawn = new Set<Drawn>();

/**
 * Draws the chart `id` in `element`, with the data and signals that the page has for it.
 *
 * @param resized is called with the plot's new width before each drawing at another width
 */
export function draw(
  element: HTMLElement,
  id: string,
  resized: ((view: View, width: number) => void) | null = null,
): Drawn {
  const spec = specs[id];
  if (!spec) throw new RunError(`The page has no chart "${id}". Make it again with "invariance report".`);
  const view = new View(parse(spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    container: element,
    hover: false,
    logLevel: Warn,
    tooltip: () => undefined,
  });
  const { data: rows = {}, signals = {} } = given[id] ?? {};
  fill(view, rows);
  for (const [name, value] of Object.entries(signals)) view.signal(name, value);
  const padding = spec.padding as { left: number; right: number };
  const margin = padding.left + padding.right;
  const fit = (): void => {
    const width = Math.floor(element.clientWidth) - margin;
    if (width <= 0) return;
    if (width !== view.width()) {
      view.width(width);
      resized?.(view, width);
    }
    view.run();
  };
  view.width(1);
  fit();
  const result = { view, element, fit };
  drawn.add(result);
  element.querySelector('svg')?.setAttribute('aria-hidden', 'true');
  return result;
}

/** Hands a view new rows; the caller runs it. */
export function fill(view: View, rows: Data): void {
  for (const [name, list] of Object.entries(rows)) view.data(name, [...list]);
}

export function discard(chart: Drawn): void {
  drawn.delete(chart);
  chart.view.finalize();
}

/** Draws everything again at the width that it now has. */
export function refit(): void {
  for (const { fit } of drawn) fit();
}

const tip = document.getElementById('tip') as HTMLElement;

/** Shows words beside the pointer while it is on a mark whose datum has some. */
export function hover(view: View, words: (datum: Record<string, unknown>) => Html | null): void {
  view.addEventListener('pointermove', (event, item) => {
    const datum = datumOf(item);
    const content = datum ? words(datum) : null;
    if (content) showTip(content, event as PointerEvent);
    else hideTip();
  });
  view.addEventListener('pointerout', hideTip);
}

export function datumOf(item: Item | null | undefined): Record<string, unknown> | null {
  return (item?.datum as Record<string, unknown> | undefined) ?? null;
}

function showTip(content: Html, { clientX, clientY }: PointerEvent): void {
  tip.innerHTML = markup`${content}`.html;
  tip.hidden = false;
  const { offsetWidth, offsetHeight } = tip;
  const below = clientY + 14 + offsetHeight <= innerHeight;
  tip.style.left = `${Math.max(4, Math.min(innerWidth - offsetWidth - 4, clientX + 14))}px`;
  tip.style.top = `${below ? clientY + 14 : Math.max(4, clientY - offsetHeight - 10)}px`;
}

export function hideTip(): void {
  tip.hidden = true;
}
