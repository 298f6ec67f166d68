// Model names in running text: they don't break at their hyphens, unless they are longer than a phone's line.
import { markup, type Html } from './html.js';

export function modelMark(name: string): Html {
  return markup`<span class="${name.length > 28 ? 'mn long' : 'mn'}">${name}</span>`;
}
