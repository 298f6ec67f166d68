// How much room a surround leaves the path, and the error where that isn't enough. It depends on the frame alone, so that
// every picture of a run has the same views and a run can refuse before it begins.
import { expected, InputError } from '../../core/errors.js';
import type { Frame } from '../../core/view.js';
import { centreOffset } from '../../image/size.js';
import type { Canvas, ObjectSize, ShiftOptions } from './options.js';

/** Offsets of the content, pixels, both ends in it. */
export type Span = { readonly low: number; readonly high: number };

export type Room = {
  /** Side that the picture's shorter side is resized to; null where the surround isn't cut from the picture. */
  readonly canvas: number | null;
  /** Offsets that are possible. */
  readonly limit: Span;
  /** Offsets that a map covers. */
  readonly map: Span;
  /** Offsets that the range "canvas" means. */
  readonly range: Span;
};

/** Side of the resized picture per side of the input that evaluation commonly crops: 224 of 256. */
const COMMON_CROP = 0.875;

/** Pixels that the default path goes over (−4 … 4): small inputs, whose 0.875 leaves less, get this much. */
const DEFAULT_PATH = 8;

/**
 * The room for the options' path.
 *
 * @throws {InputError} the path needs more than there is; names the canvas, the model's input and what would fit
 */
export function roomFor(options: ShiftOptions, frame: Frame): Room {
  const needed = neededSpan(options);
  const room = roomOf(options, frame, needed);
  const adaptive =
    options.path === 'map' && options.range === undefined
      ? room.map
      : 'range' in options && options.range === 'canvas'
        ? room.range
        : null;
  if (adaptive !== null && Math.floor(adaptive.high / options.step) <= Math.ceil(adaptive.low / options.step)) {
    throw noSpread(options, frame, adaptive);
  }
  if (options.surround === 'cyclic' && options.step >= Math.min(frame.width, frame.height))
    throw allTheWayRound(options.step, frame);
  if (room.limit.low <= needed.low && needed.high <= room.limit.high) return room;
  throw noRoom(options, frame, needed, room);
}

/** The offsets that the path takes whatever the room; for those that adapt to it, one step each way. */
function neededSpan(options: ShiftOptions): Span {
  if ('reach' in options) return { low: -options.reach * options.step, high: options.reach * options.step };
  if ('range' in options && options.range !== 'canvas') {
    return { low: Math.min(0, options.range[0]), high: Math.max(0, options.range[1]) };
  }
  return { low: -options.step, high: options.step };
}

function roomOf(options: ShiftOptions, frame: Frame, needed: Span): Room {
  const longest = Math.max(frame.width, frame.height);
  const shortest = Math.min(frame.width, frame.height);
  switch (options.surround) {
    case 'crop': {
      const canvas = cropCanvas(options.canvas, frame, needed);
      const limit = around(canvas, longest);
      return { canvas, limit, map: limit, range: { low: Math.min(limit.low + 1, limit.high), high: limit.high } };
    }
    case 'cyclic': {
      const canvas = sideOf(options.canvas, longest) ?? frame.resizeTo ?? longest;
      if (canvas < longest && options.canvas !== 'model') throw tooSmall(canvas, frame);
      // A torus has no edge: any offset is possible, modulo the side.
      const all = { low: -Math.floor(shortest / 2), high: Math.ceil(shortest / 2) - 1 };
      return { canvas, limit: { low: -Infinity, high: Infinity }, map: all, range: all };
    }
    case 'random-crop': {
      const origin = randomCropOrigin(options.margin);
      const limit = { low: origin - options.margin, high: origin };
      return { canvas: null, limit, map: limit, range: { low: limit.low + 1, high: limit.high } };
    }
    default: {
      const side = objectSide(options.object.size, frame);
      const anchor = anchorOffset(shortest, side, options.anchor);
      const inside = { low: Math.min(0, -anchor), high: Math.max(0, shortest - side - anchor) };
      // The object may leave the frame in part; its middle may not.
      const half = Math.floor((shortest - 1) / 2);
      return { canvas: null, limit: { low: -half, high: half }, map: inside, range: inside };
    }
  }
}

function around(canvas: number, input: number): Span {
  const corner = centreOffset(canvas, input);
  return { low: corner - (canvas - input), high: corner };
}

/** Side of the canvas that crops are cut from. @throws {InputError} it is smaller than the model's input */
export function cropCanvas(canvas: Canvas, frame: Frame, needed: Span): number {
  const input = Math.max(frame.width, frame.height);
  const asked = sideOf(canvas, input);
  if (asked !== null) {
    if (asked < input) throw tooSmall(asked, frame);
    return asked;
  }
  const common = Math.max(Math.round(input / COMMON_CROP), input + DEFAULT_PATH);
  if (frame.resizeTo === null) return common;
  const { low, high } = around(frame.resizeTo, input);
  return low <= needed.low && needed.high <= high ? frame.resizeTo : Math.max(common, frame.resizeTo);
}

/** The canvas' side where the options name it. */
function sideOf(canvas: Canvas, input: number): number | null {
  if (canvas === 'model') return null;
  return typeof canvas === 'number' ? canvas : Math.round((input * canvas.ratio[0]) / canvas.ratio[1]);
}

/** Place of the unshifted object on a side of the input. */
export function anchorOffset(input: number, side: number, anchor: 'centre' | 'before-centre'): number {
  return centreOffset(input - (anchor === 'centre' ? 0 : 1), side);
}

/** Corner of the unshifted window on a random crop: 4 for the margin of 10, so that the authors' corners are 0 … 8. */
export function randomCropOrigin(margin: number): number {
  return centreOffset(margin - 1, 0);
}

/**
 * Length of the object's larger side, pixels. A share is rounded down, after a millionth of a pixel is added: 1/1.3 of
 * 130 is 100 and not 99.
 *
 * @throws {InputError} it is larger than the model's input
 */
export function objectSide(size: ObjectSize, frame: Frame): number {
  const shortest = Math.min(frame.width, frame.height);
  if ('share' in size) return Math.max(1, Math.floor(shortest * size.share + 1e-6));
  if (size.pixels <= shortest) return size.pixels;
  throw new InputError(
    `Expected an object of at most ${shortest} px for --object but received ${size.pixels} px: the model's input is ${frame.width}x${frame.height} px. Take a smaller object.`,
  );
}

function tooSmall(canvas: number, frame: Frame): InputError {
  const input = Math.max(frame.width, frame.height);
  return new InputError(
    `Expected a canvas of at least ${input} px for --canvas but received ${canvas} px: the model's input of ${frame.width}x${frame.height} px is cut from it. Take a larger one.`,
  );
}

function noSpread({ path, step, surround }: ShiftOptions, frame: Frame, { low, high }: Span): InputError {
  return new InputError(
    `The path ${path} needs at least two positions ${step} px apart, but surround ${surround} leaves the model's input of ${frame.width}x${frame.height} px offsets from ${low} to ${high}. Take a smaller step${surround === 'crop' ? ' or a larger --canvas' : surround.startsWith('fill') ? ' or a smaller --object' : ''}.`,
  );
}

function allTheWayRound(step: number, frame: Frame): InputError {
  const most = Math.min(frame.width, frame.height) - 1;
  return expected(
    '--shift',
    `a step of at most ${most}px for cyclic shifts of ${frame.width}x${frame.height} px`,
    `${step}px`,
    'A roll by the whole side is no shift.',
  );
}

function noRoom(options: ShiftOptions, frame: Frame, needed: Span, room: Room): InputError {
  const far = Math.max(-needed.low, needed.high);
  const free = Math.min(-room.limit.low, room.limit.high);
  const input = `the model's input of ${frame.width}x${frame.height} px`;
  const where =
    room.canvas !== null
      ? `a canvas of ${room.canvas} px leaves ${input} ${free} px of room`
      : options.surround === 'random-crop'
        ? `a random crop with a margin of ${options.margin} px leaves ${input} ${free} px of room`
        : `the object's middle must stay inside ${input}, which allows ${free} px`;
  const larger =
    room.canvas === null ? '' : ` or set --canvas to at least ${Math.max(frame.width, frame.height) + 2 * far}`;
  const steps = 'reach' in options ? options.reach : 1;
  const path =
    'reach' in options
      ? `reach ${options.reach}, step ${options.step} px`
      : `path ${options.path}, step ${options.step} px`;
  const largest = Number.isInteger(options.step) ? Math.floor(free / steps) : Math.floor((10 * free) / steps) / 10;
  const advice =
    'range' in options && options.range !== 'canvas'
      ? `Take a range within [${room.limit.low}, ${room.limit.high}]${larger}.`
      : largest > 0
        ? `The largest step that fits is ${largest} px; take that${larger}.`
        : `No step fits; ${room.canvas === null ? 'take a shorter path' : `set --canvas to at least ${Math.max(frame.width, frame.height) + 2 * far}`}.`;
  return new InputError(`The shift goes ${far} px from the centre (${path}), but ${where}. ${advice}`);
}
