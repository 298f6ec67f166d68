// Places for the labels of a scatter plot so that none covers another, a dot or a bar: tries eight places round each dot,
// then further ones with a line back to it, in the end anywhere on the plot.

/** A dot with its two intervals, in pixels of the plot, y downwards. */
export type Dot = {
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly text: string;
  /** Of the dot, pixels; default 5. */
  readonly radius?: number;
};

/** Where a label goes: its anchor, relative to the dot, and how the text hangs on it. */
export type Place = {
  readonly dx: number;
  readonly dy: number;
  readonly align: 'left' | 'right' | 'center';
  /** Whether it is so far off that a line must lead to it. */
  readonly leader: boolean;
};

type Box = { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number };

/** Of a dot, pixels. */
const RADIUS = 5;
const LINE = 15;
const LETTER = 7.2;
/** Kept free at both ends of a label, pixels: side by side two would read as one. */
const APART = 3;
/** Longer labels are cut, pixels. */
export const LABEL_LIMIT = 190;

/** A place for each dot, in their order. Dots with little room about them are served first. */
export function placeLabels(dots: readonly Dot[], width: number, height: number): Place[] {
  const ink = dots.flatMap((dot) => {
    const { x, y, radius = RADIUS } = dot;
    return [
      { x1: x - radius, x2: x + radius, y1: y - radius, y2: y + radius },
      { x1: dot.left, x2: dot.right, y1: y - 2, y2: y + 2 },
      { x1: x - 2, x2: x + 2, y1: dot.top, y2: dot.bottom },
    ];
  });
  const crowd = (dot: Dot): number =>
    dots.filter((other) => Math.abs(other.x - dot.x) < 120 && Math.abs(other.y - dot.y) < 40).length;
  const order = dots.map((_, i) => i).sort((a, b) => crowd(dots[b] as Dot) - crowd(dots[a] as Dot) || a - b);
  const taken: Box[] = [];
  const places: Place[] = dots.map(() => ({ dx: 9, dy: -8, align: 'left', leader: false }));
  for (const i of order) {
    const dot = dots[i] as Dot;
    const best = (among: readonly Place[]): Place =>
      among
        .map((place, rank) => ({ place, cost: costOf(boxOf(dot, place), taken, ink, width, height) + rank * 0.1 }))
        .reduce((a, b) => (b.cost < a.cost ? b : a)).place;
    const near = best(candidates(dot, width));
    const covers = taken.some((other) => overlap(boxOf(dot, near), other) > 0);
    const place = covers ? best([near, ...anywhere(dot, width, height)]) : near;
    taken.push(boxOf(dot, place));
    places[i] = place;
  }
  return places;
}

function candidates({ x, radius = RADIUS }: Dot, width: number): Place[] {
  const inward = x < width / 2 ? 1 : -1;
  const near = ([sx, sy]: readonly [number, number]): Place => ({
    dx: sx * (4 + radius),
    dy: sy * (6 + radius),
    align: sx > 0 ? 'left' : 'right',
    leader: false,
  });
  const corners: [number, number][] = [
    [inward, -1],
    [inward, 1],
    [-inward, -1],
    [-inward, 1],
  ];
  const far = [24, 42, 60, 78, 96, 114].flatMap((dy) =>
    [26, 70].flatMap((dx) =>
      [-1, 1].flatMap((sy) =>
        [inward, -inward].map((sx): Place => ({
          dx: sx * dx,
          dy: sy * dy,
          align: sx > 0 ? 'left' : 'right',
          leader: true,
        })),
      ),
    ),
  );
  return [...corners.map(near), ...far];
}

/** Places all over the plot, the nearest first: for the dot whose surroundings are full. */
function anywhere({ x, y, text }: Dot, width: number, height: number): Place[] {
  const w = Math.min(LABEL_LIMIT, text.length * LETTER);
  const steps = (length: number, step: number): number[] =>
    Array.from({ length: Math.max(1, Math.floor(length / step)) }, (_, i) => i * step);
  return steps(height - LINE, LINE / 2)
    .flatMap((top) =>
      steps(width - w, 20).map((left): Place => ({
        dx: left - x,
        dy: top + LINE / 2 - y,
        align: 'left',
        leader: true,
      })),
    )
    .sort((a, b) => Math.hypot(a.dx, a.dy) - Math.hypot(b.dx, b.dy));
}

function boxOf({ x, y, text }: Dot, { dx, dy, align }: Place): Box {
  const w = Math.min(LABEL_LIMIT, text.length * LETTER);
  const x1 = align === 'left' ? x + dx : align === 'right' ? x + dx - w : x + dx - w / 2;
  return { x1: x1 - APART, x2: x1 + w + APART, y1: y + dy - LINE / 2, y2: y + dy + LINE / 2 };
}

function costOf(box: Box, taken: readonly Box[], ink: readonly Box[], width: number, height: number): number {
  const outside =
    Math.max(0, -box.x1) + Math.max(0, box.x2 - width - 12) + Math.max(0, -box.y1) + Math.max(0, box.y2 - height);
  const hits = (boxes: readonly Box[]): number => boxes.reduce((sum, other) => sum + overlap(box, other), 0);
  return 20 * outside + 3 * hits(taken) + hits(ink) / 4;
}

function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const h = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  return w > 0 && h > 0 ? w * h : 0;
}

/**
 * Moves labels in one column apart: at least `gap` pixels between neighbours, in the order of where they belong, within
 * 0…`height` as far as they fit.
 */
export function spreadLabels(wanted: readonly number[], gap: number, height: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const places = order.map((i) => wanted[i] ?? 0);
  for (let pass = 0; pass < 60; pass++) {
    for (let i = 1; i < places.length; i++) {
      const lack = gap - ((places[i] ?? 0) - (places[i - 1] ?? 0));
      if (lack <= 0) continue;
      places[i - 1] = (places[i - 1] ?? 0) - lack / 2;
      places[i] = (places[i] ?? 0) + lack / 2;
    }
    const over = (places.at(-1) ?? 0) - height;
    const under = -(places[0] ?? 0);
    if (over > 0 && under < 0) places.forEach((place, i) => (places[i] = place - Math.min(over, -under)));
    if (under > 0 && over < 0) places.forEach((place, i) => (places[i] = place + Math.min(under, -over)));
  }
  const result = [...wanted];
  order.forEach((label, i) => (result[label] = places[i] ?? 0));
  return result;
}
