// The changed views that are averaged, in the order in which they join the mean.
import type { Offset } from '../shift/path.js';
import type { Averaged, TtaOptions } from './options.js';

/** One changed view: moved, mirrored, enlarged. */
export type Change = {
  /** How far the content moves, pixels, right and down positive. */
  readonly shift: Offset;
  readonly flip: boolean;
  /** How much larger the content is, 1 or more. */
  readonly scale: number;
};

const UNCHANGED: Change = { shift: [0, 0], flip: false, scale: 1 };

/** Every combination, the first kind changing fastest; the unchanged view first. */
export function changesOf({ over }: Pick<TtaOptions, 'over'>): Change[] {
  return over.reduce<Change[]>(
    (before, one) => variantsOf(one).flatMap((variant) => before.map((change) => ({ ...change, ...variant }))),
    [UNCHANGED],
  );
}

function variantsOf(one: Averaged): Partial<Change>[] {
  if (one.kind === 'flip') return [{ flip: false }, { flip: true }];
  if (one.kind === 'shift') return shiftsNearest(one.count, one.along).map((shift) => ({ shift }));
  return Array.from({ length: one.count }, (_, i) => ({ scale: one.factor ** i }));
}

/** The shifts nearest to none: 0, then 1, −1, 2, … along a line; else by distance and, of equals, clockwise from the right. */
export function shiftsNearest(count: number, along: 'around' | 'diagonal' | 'horizontal' | 'vertical'): Offset[] {
  if (along !== 'around') {
    return Array.from({ length: count }, (_, i): Offset => {
      const c = (i % 2 === 1 ? (i + 1) / 2 : -i / 2) + 0;
      return [along === 'vertical' ? 0 : c, along === 'horizontal' ? 0 : c];
    });
  }
  const far = Math.ceil(Math.sqrt(count));
  const side = Array.from({ length: 2 * far + 1 }, (_, i) => i - far);
  const turn = ([dx, dy]: Offset): number => (Math.atan2(dy, dx) + 2 * Math.PI) % (2 * Math.PI);
  return side
    .flatMap((dy) => side.map((dx): Offset => [dx, dy]))
    .sort((a, b) => a[0] ** 2 + a[1] ** 2 - (b[0] ** 2 + b[1] ** 2) || turn(a) - turn(b))
    .slice(0, count);
}

/** Sizes of the nested sets: 1, 2, 4, … and all. */
export function nestedSizes(all: number): number[] {
  const sizes = [];
  for (let n = 1; n < all; n *= 2) sizes.push(n);
  return [...sizes, all];
}
