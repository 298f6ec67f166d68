// Elements by id, and HTML into them.
import { markup, type Html } from '../html.js';

export function find<Kind extends HTMLElement = HTMLElement>(id: string): Kind | null {
  return document.getElementById(id) as Kind | null;
}

export function all<Kind extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): Kind[] {
  return [...within.querySelectorAll<Kind>(selector)];
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
