// The model under study: its headline, the charts that mark it, and the differences from it.
import { dotRows } from '../charts/labelled-dots.js';
import { interval, percent } from '../format.js';
import { points } from '../../metrics/words.js';
import { markup, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import { draw, hover, type Drawn } from './draw.js';
import { all, findSelect, radios, show } from './elements.js';
import { LAYER_CHARTS } from './layers.js';
import { data, modelName, onChange, selectModel, state } from './page-state.js';

/** Charts that the page's other modules draw and fill. */
const ELSEWHERE = ['curve', 'heatmap', 'picture-map', 'position-map', 'sparkline', ...LAYER_CHARTS];

function showHeadline(): void {
  const model = data.models[state.model];
  if (!model) return;
  const { number, sentence, note, second } = model.headline;
  const [before = '', after = ''] = sentence.split(model.name);
  const value = /^(.*?)\u202f?%$/.exec(number);
  show('answer-number', value ? markup`${value[1]}<span class="unit">%</span>` : number);
  show('answer-sentence', markup`${before}${modelMark(model.name)}${after}`);
  show('answer-note', note);
  show('answer-second', second);
  for (const element of all('.model-name')) element.innerHTML = modelMark(model.name).html;
}

function showChoice(): void {
  for (const input of radios('model')) input.checked = Number(input.value) === state.model;
  const select = findSelect('model-select');
  if (select) select.value = String(state.model);
}

function estimateWords(datum: Record<string, unknown>): Html | null {
  const { kind, model, name, value, low, high, pair, label, step } = datum;
  const bounds = { low: Number(low), high: Number(high) };
  const title = markup`<b>${typeof model === 'string' ? model : ''}</b>`;
  const range = markup`<br /><span class="soft">95 % interval ${interval(bounds)}</span>`;
  if (kind === 'model') return markup`<span>${title}<br />${percent(Number(value))}${range}</span>`;
  if (kind === 'published')
    return markup`<span
      ><b>${String(name)}</b><br />${percent(Number(value))}<br /><span class="soft">published</span></span
    >`;
  if (typeof pair === 'string') {
    return markup`<span
      ><b>${String(datum['words'])}</b><br />${String(label)} points<br /><span class="soft"
        >95 % interval ${points(bounds.low)} to ${points(bounds.high)}</span
      ></span
    >`;
  }
  if (typeof step === 'string') return markup`<span>${title}<br />${step}: ${percent(Number(value))}${range}</span>`;
  if (typeof datum['share'] === 'number') {
    const share = datum['share'];
    return markup`<span
      ><b>${String(datum['picture'])}</b><br />${String(model)}: ${
        share === 0 ? 'no step changes its answer' : `${percent(share, 0)} of steps change its answer`
      }</span
    >`;
  }
  if (Array.isArray(datum['words'])) {
    return markup`<span>${title}${datum['words'].map((line) => markup`<br />${String(line)}`)}</span>`;
  }
  return null;
}

function drawStatic(element: HTMLElement): { id: string; chart: Drawn } {
  const id = element.dataset['chart'] ?? '';
  const dots = data.dots[id];
  const chart = dots
    ? draw(element, id, (view, width) => view.data('models', dotRows(dots, width)))
    : draw(element, id);
  hover(chart.view, estimateWords);
  return { id, chart };
}

function hasSignal({ view }: Drawn, name: string): boolean {
  return (
    name in (view.getState({ signals: (signal) => signal === name, data: () => false }) as { signals: object }).signals
  );
}

export function startModels(): void {
  const drawings = all('[data-chart]')
    .filter((element) => !ELSEWHERE.includes(element.dataset['chart'] ?? ''))
    .map(drawStatic);
  const marking = drawings.filter(({ chart }) => hasSignal(chart, 'subject'));
  onChange((change) => {
    if (change !== 'model') return;
    showHeadline();
    showChoice();
    for (const { chart } of marking) chart.view.signal('subject', modelName(state.model)).run();
    for (const { id, chart } of drawings) {
      const metric = /^differences-(.*?)(-narrow)?$/.exec(id)?.[1];
      const rows = metric === undefined ? undefined : data.differences?.[metric]?.[state.model];
      if (rows) chart.view.data('differences', [...rows]).run();
    }
  });
  for (const input of radios('model')) {
    input.addEventListener('change', () => selectModel(Number(input.value)));
  }
  findSelect('model-select')?.addEventListener('change', (event) =>
    selectModel(Number((event.target as HTMLSelectElement).value)),
  );
}
