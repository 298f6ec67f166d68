// Test-time averaging: the mean of the probabilities over changed views of the same picture, judged by the steps that it
// was made for and by others (Azulay & Weiss, JMLR 2019, section on test-time augmentation).
import { InputError } from '../../core/errors.js';
import type { Raster } from '../../core/picture.js';
import type { AveragedView, Frame, Group, Probe, View } from '../../core/view.js';
import { cropped } from '../../image/canvas.js';
import { kernelNamed } from '../../image/kernels.js';
import { resizeRaster } from '../../image/resize.js';
import { centreOffset, resizedToShortestEdge } from '../../image/size.js';
import { normaliseShiftOptions } from '../shift/options.js';
import type { Offset } from '../shift/path.js';
import { roomFor } from '../shift/room.js';
import { changesOf, nestedSizes, type Change } from './changes.js';
import type { TtaOptions } from './options.js';

/** Most views of one batch. */
const BATCH = 32;

/** Pairs at random that averages are judged on; one alone would be too few to tell. */
const RANDOM_PAIRS = 4;

/** The lines that averages are judged on. Each begins with its reference, the view at the centre. */
export const TTA_PATHS = ['diagonal', 'horizontal', 'random pairs'] as const;

type Judged = {
  readonly path: (typeof TTA_PATHS)[number];
  readonly offsets: readonly Offset[];
  readonly reference: number;
  readonly pairs: readonly (readonly [number, number])[];
};

/**
 * Views have the coordinates `dx`, `dy`; changed ones besides what was changed. The run's own group is the default path
 * of the shift probe, every answer from a single view. Groups apart are the paths of `TTA_PATHS` at each nested number
 * of `views` that an answer is the mean of. Windows that several means need are measured once.
 */
export const ttaProbe: Probe<TtaOptions> = {
  name: 'tta',
  *views({ id, raster }, frame, options, randomFor) {
    const changes = changesOf(options);
    const { side, far } = ttaRoom(options, frame);
    let room = far;
    const canvas = resizedToShortestEdge(raster, side, kernelNamed(frame.kernel), ({ width, height }) => {
      const [x, y] = [centreOffset(width, frame.width), centreOffset(height, frame.height)];
      room = Math.min(far + (frame.margin ?? 0), x, y, width - frame.width - x, height - frame.height - y);
      return { x: x - room, y: y - room, width: frame.width + 2 * room, height: frame.height + 2 * room };
    });
    const random = randomFor(id, 'tta');
    const drawn = (): number => (random.below(2 * options.reach + 1) - options.reach) * options.step + 0;
    const judged = judgedPaths(
      options,
      Array.from({ length: 2 * RANDOM_PAIRS }, (): Offset => [drawn(), drawn()]),
    );

    const indexOf = new Map<string, number>();
    const windows: View[] = [];
    const windowAt = ([dx, dy]: Offset, { shift, flip, scale }: Change): number => {
      const at: Offset = [dx + shift[0], dy + shift[1]];
      const key = `${at.join()} ${flip} ${scale}`;
      const known = indexOf.get(key);
      if (known !== undefined) return known;
      indexOf.set(key, windows.length);
      return windows.push(changedView(canvas, room, at, flip, scale, frame)) - 1;
    };
    const sources = judged.map(({ offsets }) => offsets.map((offset) => windowAt(offset, changes[0] as Change)));
    const all = judged.map(({ offsets }) => offsets.map((offset) => changes.map((change) => windowAt(offset, change))));
    for (let i = 0; i < windows.length; i += BATCH) yield windows.slice(i, i + BATCH);

    const means: AveragedView[] = [];
    const meanOf = new Map<string, number>();
    const groups: Group[] = [];
    for (const views of nestedSizes(changes.length)) {
      for (const [j, { path, offsets, reference, pairs }] of judged.entries()) {
        const indices = offsets.map(([dx, dy], o) => {
          if (views === 1) return sources[j]?.[o] as number;
          const key = `${views} ${dx} ${dy}`;
          const known = meanOf.get(key);
          if (known !== undefined) return known;
          const index = windows.length + means.length;
          means.push({ at: { dx, dy, views }, mean: (all[j]?.[o] as number[]).slice(0, views) });
          meanOf.set(key, index);
          return index;
        });
        groups.push({
          at: { views, path },
          reference: indices[reference] as number,
          pairs: pairs.map(([a, b]): [number, number] => [indices[a] as number, indices[b] as number]),
          views: [...new Set(indices)],
          apart: true,
        });
      }
    }
    yield means;
    const [first] = groups as [Group, ...Group[]];
    const { apart: _, ...own } = first;
    return [{ ...own, at: {} }, ...groups];
  },
};

function judgedPaths({ reach, step }: TtaOptions, drawn: readonly Offset[]): Judged[] {
  const along = Array.from({ length: 2 * reach + 1 }, (_, i) => (i - reach) * step + 0);
  const pairs = along.slice(1).map((_, i): [number, number] => [i, i + 1]);
  const random = drawn.flatMap((_, i): [number, number][] => (i % 2 === 0 ? [[i + 1, i + 2]] : []));
  return [
    { path: 'diagonal', offsets: along.map((c): Offset => [c, c]), reference: reach, pairs },
    { path: 'horizontal', offsets: along.map((c): Offset => [c, 0]), reference: reach, pairs },
    { path: 'random pairs', offsets: [[0, 0], ...drawn], reference: 0, pairs: random },
  ];
}

/**
 * The side that the picture's shorter side is resized to, and how far windows go from the centre, pixels. The side is
 * the shift probe's where that leaves the averaged shifts room beyond the path, else as much larger as they need.
 *
 * @throws {InputError} a given canvas leaves too little
 */
export function ttaRoom(options: TtaOptions, frame: Frame): { readonly side: number; readonly far: number } {
  const { reach, step, canvas } = options;
  const most = Math.max(...changesOf(options).flatMap(({ shift }) => shift.map(Math.abs)));
  const far = reach * step + most;
  const needed = Math.max(frame.width, frame.height) + 2 * far;
  if (typeof canvas !== 'number') {
    const usual = roomFor(normaliseShiftOptions({ reach, step }), frame).canvas as number;
    return { side: Math.max(usual, needed), far };
  }
  if (canvas >= needed) return { side: canvas, far };
  throw new InputError(
    `Expected a canvas of at least ${needed} px for the canvas of averaged views but received ${canvas} px: they go ${far} px from the centre of the model's input of ${frame.width}x${frame.height} px. Take a larger one, or fewer shifts.`,
  );
}

function changedView(canvas: Raster, room: number, [dx, dy]: Offset, flip: boolean, scale: number, frame: Frame): View {
  const at = { dx, dy, ...(flip ? { flip: 1 } : {}), ...(scale === 1 ? {} : { scale: Number(scale.toPrecision(4)) }) };
  if (!flip && scale === 1) return { at, canvas, x: room - dx, y: room - dy, wrap: false };
  const width = Math.max(1, Math.round(frame.width / scale));
  const height = Math.max(1, Math.round(frame.height / scale));
  const seen = cropped(canvas, {
    x: room - dx + centreOffset(frame.width, width),
    y: room - dy + centreOffset(frame.height, height),
    width,
    height,
  });
  const sized = resizeRaster(seen, frame.width, frame.height, kernelNamed(frame.kernel));
  return { at, canvas: flip ? mirrored(sized) : sized, x: 0, y: 0, wrap: false };
}

/** Left and right swapped. */
export function mirrored({ width, height, data }: Raster): Raster {
  const swapped = data.slice();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = 3 * (row * width + width - 1 - column);
      swapped.set(data.subarray(from, from + 3), 3 * (row * width + column));
    }
  }
  return { width, height, data: swapped };
}
