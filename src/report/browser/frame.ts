// What every page has round its charts: theme, downloads, copying the command, sizes, print, links that unfold.
import { refit } from './draw.js';
import { find, radios } from './elements.js';

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

export function startTheme(): void {
  const theme = rememberedTheme();
  for (const input of radios('theme')) {
    input.checked = input.value === theme;
    input.addEventListener('change', () => setTheme(input.value));
  }
  setTheme(theme);
}

/** Saves text as a file. */
export function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export async function copyCommand(): Promise<void> {
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
export function startSizes(alsoResized: () => void = () => undefined): void {
  let waiting = 0;
  const resized = (): void => {
    refit();
    alsoResized();
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
export function openTarget(): void {
  const target = location.hash === '' ? null : find(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
