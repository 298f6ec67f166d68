// Runs in a data set's page: draws its charts and lets them follow the chosen class.
import type { DatasetResult } from '../../core/dataset.js';
import { chartRows } from '../dataset/charts.js';
import { densityKey, shownWords } from '../dataset/shown.js';
import { byBias } from '../dataset/words.js';
import { grouped, percent } from '../format.js';
import { markup, type Html } from '../html.js';
import { draw, fill, hideTip, hover, type Drawn } from './draw.js';
import { embedded } from './embedded.js';
import { all, find, findSelect, onClick, show } from './elements.js';
import { copyCommand, download, openTarget, startSizes, startTheme } from './frame.js';

const result = embedded('result') as DatasetResult;
const sorted = byBias(result.classes);
const charts = new Map<string, Drawn>();

startTheme();
startSizes();
onClick('copy', () => void copyCommand());
onClick('save-result', () => download('result.json', 'application/json', find('result')?.textContent ?? ''));
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') hideTip();
});
addEventListener('hashchange', openTarget);
openTarget();

for (const element of all('[data-chart]')) {
  const id = element.dataset['chart'] ?? '';
  const chart = draw(element, id);
  charts.set(id, chart);
  hover(chart.view, datumWords);
}
findSelect('class-select')?.addEventListener('change', ({ target }) =>
  choose(Number((target as HTMLSelectElement).value)),
);
document.documentElement.dataset['ready'] = String(Math.round(performance.now()));

/** Shows a class by its place in the order of bias; −1 for all together. */
function choose(place: number): void {
  const shown = sorted[place] ?? result.overall;
  for (const [id, { data }] of Object.entries(chartRows(shown, result))) {
    const chart = charts.get(id);
    if (!chart) continue;
    fill(chart.view, data);
    chart.view.run();
  }
  show('density-key', densityKey(shown));
  show('shown-words', shownWords(shown, result));
}

function datumWords(datum: Record<string, unknown>): Html | null {
  const { density, count, cropped, from, to } = datum;
  if (typeof density !== 'number' || typeof count !== 'number') return null;
  const times = `${density.toFixed(2)} × uniform (${grouped(count)})`;
  if (typeof from !== 'number' || typeof to !== 'number') return markup`<span>${times}</span>`;
  return markup`<span
    ><b>${percent(from, 0)} to ${percent(to, 0)}</b><br />${times}<br /><span class="soft"
      >after a random crop ${Number(cropped).toFixed(2)} ×</span
    ></span
  >`;
}
