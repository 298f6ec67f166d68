// The section on layers: its charts, words and tables follow the model under study.
import type { LayersResult } from '../../core/layers.js';
import type { Result } from '../../core/result.js';
import { depthHeight, depthLabel, depthRows, type DepthModel } from '../charts/depth-rows.js';
import type { Data } from '../charts/chart.js';
import type { Form } from '../charts/layer-rows.js';
import { localHeight, localLabel, localOf, localRows } from '../charts/local-rows.js';
import { lossesHeight, lossesLabel, lossRows } from '../charts/loss-rows.js';
import { interval, percent } from '../format.js';
import { markup, type Html } from '../html.js';
import { layerParts } from '../layer-parts.js';
import { draw, fill, hover, type Drawn } from './draw.js';
import { all, find, show } from './elements.js';
import { onChange, state } from './page-state.js';

type Part = {
  readonly id: string;
  readonly form: Form;
  readonly height: (result: LayersResult | null, form: Form) => number;
  readonly rows: (models: readonly DepthModel[], subject: number, form: Form) => Data;
  readonly label: (model: DepthModel) => string;
};

const forms: readonly Form[] = ['wide', 'narrow'];
const parts: readonly Part[] = forms.flatMap((form): Part[] => {
  const id = (name: string): string => (form === 'wide' ? name : `${name}-${form}`);
  return [
    { id: id('depth'), form, height: depthHeight, rows: depthRows, label: depthLabel },
    {
      id: id('losses'),
      form,
      height: lossesHeight,
      rows: (models, subject) => ({ losses: lossRows(models[subject]?.layers ?? null, form) }),
      label: ({ layers }) => lossesLabel(layers),
    },
    {
      id: id('local'),
      form,
      height: localHeight,
      rows: (models, subject) => localRows(models[subject]?.layers ?? null, form),
      label: ({ layers }) => localLabel(layers),
    },
  ];
});

/** Ids of the charts that this module draws. */
export const LAYER_CHARTS: readonly string[] = parts.map(({ id }) => id);

function words(datum: Record<string, unknown>): Html | null {
  const { name, operator, value, low, high, model, reason, maps, places, before, after, rise, label, cause, share } =
    datum;
  if (typeof name !== 'string') return null;
  const title = markup`<b>${typeof model === 'string' ? `${model}: ` : ''}${name}</b>`;
  if (typeof rise === 'string') {
    return markup`<span
      >${title}<br />${String(operator)}: rise of ${rise} points<br /><span class="soft"
        >from ${String(before)} to ${String(after)}</span
      ></span
    >`;
  }
  if (typeof cause === 'string') return markup`<span>${title}<br />${cause}: ${percent(Number(share))}</span>`;
  if (typeof low === 'number' && typeof high === 'number' && typeof value === 'number') {
    const facts = typeof maps !== 'number' ? '' : `, ${maps} maps of ${String(places)}`;
    return markup`<span
      >${title}<br />${percent(value)} not shiftable<br /><span class="soft"
        >95 % interval ${interval({ low, high })}<br />${String(operator)}${facts}</span
      ></span
    >`;
  }
  const said = typeof reason === 'string' && reason !== '' ? reason : typeof label === 'string' ? label : '';
  return markup`<span>${title}<br />${said}</span>`;
}

export function startLayers(): void {
  if (!find('layers')) return;
  const { models } = JSON.parse(find('result')?.textContent ?? '{}') as Result;
  const seen: DepthModel[] = models.map(({ name, layers }) => ({ name, layers: layers ?? null }));
  const drawings = parts.flatMap((part) =>
    all(`[data-chart="${part.id}"]`).map((element): { part: Part; element: HTMLElement; chart: Drawn } => {
      const chart = draw(element, part.id);
      hover(chart.view, words);
      return { part, element, chart };
    }),
  );
  onChange((change) => {
    const subject = seen[state.model];
    if (change !== 'model' || !subject) return;
    const { name, layers } = subject;
    for (const [id, content] of Object.entries(layerParts(name, layers))) show(id, content);
    find('layers-body')?.classList.toggle('empty', layers === null);
    find('losses-block')?.classList.toggle('empty', (layers?.losses.length ?? 0) === 0);
    find('local-figure')?.classList.toggle('empty', localOf(layers) === null);
    for (const { part, element, chart } of drawings) {
      fill(chart.view, part.rows(seen, state.model, part.form));
      chart.view.height(part.height(layers, part.form));
      element.setAttribute('aria-label', part.label(subject));
      chart.fit();
    }
  });
}
