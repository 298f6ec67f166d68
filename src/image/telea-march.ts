// Fast marching: the distance of every pixel from the border between known and unknown, |∇T| = 1 (Sethian, PNAS 93, 1996),
// as Telea (2004, section 2.3) uses it: positive on the unknown side, negative within a band of the known side.

/** Arrival times by pixel, and the unknown pixels in the order in which the front reaches them. */
export type March = { readonly times: Float32Array; readonly order: Int32Array };

/** Beyond what any front reaches. */
const FAR = 1e6;

/**
 * @param known a byte a pixel, row by row; 0 = unknown
 * @param band how far into the known side distances are wanted, pixels; beyond it they are −band
 */
export function arrivalTimes(known: Uint8Array, width: number, height: number, band: number): March {
  const unknown = Uint8Array.from(known, (value) => Number(value === 0));
  const inward = marched(unknown, width, height, Infinity);
  const outward = marched(known, width, height, band);
  const times = inward.times;
  for (let i = 0; i < times.length; i++) {
    if (known[i] !== 0) times[i] = -Math.min(band, outward.times[i] as number);
  }
  return { times, order: inward.order };
}

/** A front from the pixels outside `region` that touch it (time 0) into the region, as far as `limit`. */
function marched(region: Uint8Array, width: number, height: number, limit: number): March {
  const times = new Float32Array(region.length).fill(FAR);
  const settled = new Uint8Array(region.length);
  const order: number[] = [];
  const heap = createHeap(times);
  const around = (pixel: number, visit: (neighbour: number) => void): void => {
    const column = pixel % width;
    if (column > 0) visit(pixel - 1);
    if (column < width - 1) visit(pixel + 1);
    if (pixel >= width) visit(pixel - width);
    if (pixel < width * (height - 1)) visit(pixel + width);
  };
  for (let pixel = 0; pixel < region.length; pixel++) {
    if (region[pixel] !== 0) continue;
    times[pixel] = 0;
    settled[pixel] = 1;
    let touching = 0;
    around(pixel, (neighbour) => {
      touching += Number(region[neighbour] !== 0);
    });
    if (touching > 0) heap.push(pixel);
  }
  const reach = (pixel: number): void => {
    if (settled[pixel] !== 0) return;
    const time = solved(times, settled, width, height, pixel);
    if (time >= (times[pixel] as number) || time > limit) return;
    times[pixel] = time;
    heap.push(pixel);
  };
  for (let pixel = heap.pop(); pixel >= 0; pixel = heap.pop()) {
    if (settled[pixel] !== 0 && (times[pixel] as number) > 0) continue;
    if (settled[pixel] === 0) {
      settled[pixel] = 1;
      order.push(pixel);
    }
    around(pixel, reach);
  }
  return { times, order: Int32Array.from(order) };
}

/** The time at a pixel from its settled neighbours: upwind differences of |∇T| = 1. */
function solved(times: Float32Array, settled: Uint8Array, width: number, height: number, pixel: number): number {
  const column = pixel % width;
  const at = (inside: boolean, neighbour: number): number =>
    inside && settled[neighbour] !== 0 ? (times[neighbour] as number) : FAR;
  const across = Math.min(at(column > 0, pixel - 1), at(column < width - 1, pixel + 1));
  const down = Math.min(at(pixel >= width, pixel - width), at(pixel < width * (height - 1), pixel + width));
  const apart = Math.abs(across - down);
  // Where one side alone carries the front, the other is later than the time that it would give.
  if (apart >= 1) return Math.min(across, down) + 1;
  return (across + down + Math.sqrt(2 - apart * apart)) / 2;
}

/** Gradient of the times at a pixel: central differences, one-sided at the raster's edges. */
export function gradientOf(
  times: Float32Array,
  width: number,
  height: number,
  column: number,
  row: number,
): readonly [number, number] {
  const at = (x: number, y: number): number => {
    const time = times[y * width + x] as number;
    return time >= FAR ? (times[row * width + column] as number) : time;
  };
  const [left, right] = [Math.max(0, column - 1), Math.min(width - 1, column + 1)];
  const [above, below] = [Math.max(0, row - 1), Math.min(height - 1, row + 1)];
  return [
    (at(right, row) - at(left, row)) / Math.max(1, right - left),
    (at(column, below) - at(column, above)) / Math.max(1, below - above),
  ];
}

type Heap = { readonly push: (pixel: number) => void; readonly pop: () => number };

/** The pixel of the least time first, of equal ones the one that was pushed first; −1 when empty. */
function createHeap(times: Float32Array): Heap {
  const pixels: number[] = [];
  const keys: number[] = [];
  const turns: number[] = [];
  let pushed = 0;
  const before = (a: number, b: number): boolean => {
    const difference = (keys[a] as number) - (keys[b] as number);
    return difference < 0 || (difference === 0 && (turns[a] as number) < (turns[b] as number));
  };
  const swap = (a: number, b: number): void => {
    for (const list of [pixels, keys, turns]) [list[a], list[b]] = [list[b] as number, list[a] as number];
  };
  return {
    push: (pixel) => {
      let i = pixels.push(pixel) - 1;
      keys.push(times[pixel] as number);
      turns.push(pushed++);
      for (let parent = (i - 1) >> 1; i > 0 && before(i, parent); i = parent, parent = (i - 1) >> 1) swap(i, parent);
    },
    pop: () => {
      if (pixels.length === 0) return -1;
      swap(0, pixels.length - 1);
      const first = pixels.pop() as number;
      keys.pop();
      turns.pop();
      for (let i = 0; ;) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2]) if (child < pixels.length && before(child, least)) least = child;
        if (least === i) return first;
        swap(i, least);
        i = least;
      }
    },
  };
}
