// Some pictures of many: what --limit takes.
import { randomFor } from '../core/random.js';

/**
 * At most `most` items: one of each of as many equal parts of the list, at a random place of it. (Equal distances would
 * alias with the order of the list: every fourth picture of eight classes in turn shows two classes.) The same for any seed.
 */
export function evenlySpread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const random = randomFor(0, 'limit');
  return Array.from({ length: most }, (_, i) => {
    const [from, to] = [Math.floor((i * items.length) / most), Math.floor(((i + 1) * items.length) / most)];
    return items[from + Math.floor(random.uniform() * (to - from))] as Item;
  });
}
