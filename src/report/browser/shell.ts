// The page round its charts: theme, downloads, copying the command, sizes, print, keys.
import { csvOf } from '../observations-csv.js';
import { refit, hideTip } from './draw.js';
import { find, onClick, radios } from './elements.js';
import { sharpen } from './crop.js';
import { className, data, placeOf } from './page-state.js';
import { blink } from './pair.js';

const THEME = 'invariance-theme';

function setTheme(theme: string): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // A private window or a file without storage: the choice lasts as long as the page.
  }
}

function rememberedTheme(): string {
  try {
    return localStorage.getItem(THEME) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function startTheme(): void {
  const theme = rememberedTheme();
  for (const input of radios('theme')) {
    input.checked = input.value === theme;
    input.addEventListener('change', () => setTheme(input.value));
  }
  setTheme(theme);
}

function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function startDownloads(): void {
  onClick('save-result', () => download('result.json', 'application/json', find('result')?.textContent ?? ''));
  onClick('save-rows', () =>
    download(
      'observations.csv',
      'text/csv',
      csvOf(
        data.models.flatMap(({ name: model }, m) =>
          data.pictures.flatMap(({ id }, picture) => {
            const track = data.tracks[m]?.[picture];
            if (!track) return [];
            return track.p.map((p, view) => ({
              model,
              picture: id,
              view: placeOf(track, view),
              top1: className(m, track.top[view] ?? null),
              top1Probability: track.q[view] ?? null,
              label: track.label === null ? null : className(m, track.label),
              followed: className(m, track.focus) ?? '',
              followedProbability: p,
            }));
          }),
        ),
      ),
    ),
  );
  onClick('copy', () => void copyCommand());
}

async function copyCommand(): Promise<void> {
  const [button, command] = [find('copy'), find('command')];
  if (!button || !command) return;
  try {
    await navigator.clipboard.writeText(command.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(command);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}

/** Charts follow the window; for print the column has the sheet's width first, so that they are drawn for the sheet. */
function startSizes(): void {
  let waiting = 0;
  const resized = (): void => {
    refit();
    sharpen(document);
  };
  addEventListener('resize', () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(resized);
  });
  const sheet = (on: boolean): void => {
    document.documentElement.classList.toggle('printing', on);
    resized();
  };
  addEventListener('beforeprint', () => sheet(true));
  addEventListener('afterprint', () => sheet(false));
}

/** A link to a definition unfolds it. */
function openTarget(): void {
  const target = location.hash === '' ? null : find(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

export function startShell(): void {
  startTheme();
  startDownloads();
  startSizes();
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    hideTip();
    blink(false);
  });
  addEventListener('hashchange', openTarget);
  openTarget();
}
