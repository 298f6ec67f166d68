// The probes by name. A new probe is one new file and one line here.
import { unknownName } from '../core/errors.js';
import type { Json } from '../core/protocol.js';
import type { Frame, Probe } from '../core/view.js';
import { normaliseShiftOptions } from './shift/options.js';
import { roomFor } from './shift/room.js';
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
  registered(shiftProbe, normaliseShiftOptions, (options) => [options]),
  registered(sweepProbe, normaliseSweepOptions, ({ steps }) => steps.map(({ shift }) => shift)),
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
  shiftsOf: (options: Options) => readonly ReturnType<typeof normaliseShiftOptions>[],
): RegisteredProbe {
  return {
    name: probe.name,
    views: (picture, frame, options, randomFor) => probe.views(picture, frame, normalise(options), randomFor),
    normalise: (options) => normalise(options) as Json,
    check: (options, frame) => shiftsOf(normalise(options)).forEach((shift) => void roomFor(shift, frame)),
    repeatOf: (options) => Math.max(...shiftsOf(normalise(options)).map(({ repeat }) => repeat)),
  };
}
