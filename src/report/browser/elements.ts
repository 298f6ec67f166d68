// Elements by id, and HTML into them.
import { markup, type Html } from '../html.js';

export function find(id: string): HTMLElement | null {
  return document.getElementById(id);
}

/** A menu by id; null where the page has none of that name. */
export function findSelect(id: string): HTMLSelectElement | null {
  const element = find(id);
  return element instanceof HTMLSelectElement ? element : null;
}

export function all(selector: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)];
}

/** Radio buttons of a name. */
export function radios(name: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)];
}

/** Replaces an element's content, where the page has the element. */
export function show(id: string, content: Html | string): void {
  const element = find(id);
  if (element) element.innerHTML = markup`${content}`.html;
}

/** Calls `act` when the element is clicked, where the page has it. */
export function onClick(id: string, act: () => void): void {
  find(id)?.addEventListener('click', act);
}

/** The direction of an arrow key as [right, down]; null for other keys. */
export function arrow(key: string): readonly [number, number] | null {
  const steps: Record<string, readonly [number, number]> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowDown: [0, 1],
    ArrowUp: [0, -1],
  };
  return steps[key] ?? null;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
