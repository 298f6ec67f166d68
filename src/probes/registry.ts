// The probes by name. A new probe is one new file and one line here.
import { unknownName } from '../core/errors.js';
import type { Json } from '../core/protocol.js';
import type { Frame, Probe } from '../core/view.js';
import { normaliseRotateOptions, type Sampling } from './rotate/options.js';
import { rotateProbe } from './rotate/rotate.js';
import { normaliseSequencesOptions, sequencesProbe } from './rotate/sequences.js';
import { normaliseSpatialOptions, spatialProbe } from './rotate/spatial.js';
import { normaliseShiftOptions, type ShiftOptions } from './shift/options.js';
import { cropCanvas, roomFor } from './shift/room.js';
import { shiftProbe } from './shift/shift.js';
import { normaliseSweepOptions, sweepProbe } from './shift/sweep.js';

/** A probe whose options are read from the protocol. */
type RegisteredProbe = Probe<Json> & {
  /** The options in their normal form. @throws {InputError} they are wrong */
  readonly normalise: (options: unknown) => Json;
  /** @throws {InputError} a model of this geometry can't have the views, whatever the picture */
  readonly check: (options: Json, frame: Frame) => void;
  /** Passes with new random numbers that the options ask for. */
  readonly repeatOf: (options: Json) => number;
};

const probes: readonly RegisteredProbe[] = [
  shifts(shiftProbe, normaliseShiftOptions, (options) => [options]),
  shifts(sweepProbe, normaliseSweepOptions, ({ steps }) => steps.map(({ shift }) => shift)),
  registered(rotateProbe, normaliseRotateOptions, checkSampling),
  registered(sequencesProbe, normaliseSequencesOptions, checkSampling),
  registered(spatialProbe, normaliseSpatialOptions, checkSampling),
];

/** The probe of that name. @throws {InputError} there is none; lists them */
export function findProbe(name: string): RegisteredProbe {
  const probe = probes.find((candidate) => candidate.name === name);
  if (probe === undefined)
    throw unknownName(
      'probe',
      name,
      probes.map((candidate) => candidate.name),
    );
  return probe;
}

function registered<Options>(
  probe: Probe<Options>,
  normalise: (options: unknown) => Options,
  check: (options: Options, frame: Frame) => void,
  repeatOf: (options: Options) => number = () => 1,
): RegisteredProbe {
  return {
    name: probe.name,
    views: (picture, frame, options, randomFor) => probe.views(picture, frame, normalise(options), randomFor),
    normalise: (options) => normalise(options) as Json,
    check: (options, frame) => check(normalise(options), frame),
    repeatOf: (options) => repeatOf(normalise(options)),
  };
}

/** A probe made of shifts. */
function shifts<Options>(
  probe: Probe<Options>,
  normalise: (options: unknown) => Options,
  shiftsOf: (options: Options) => readonly ShiftOptions[],
): RegisteredProbe {
  return registered(
    probe,
    normalise,
    (options, frame) => shiftsOf(options).forEach((shift) => void roomFor(shift, frame)),
    (options) => Math.max(...shiftsOf(options).map(({ repeat }) => repeat)),
  );
}

function checkSampling({ canvas }: Sampling, frame: Frame): void {
  cropCanvas(canvas, frame, { low: 0, high: 0 });
}
