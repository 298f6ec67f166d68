// The probes by name. A new probe is one new file and one line here.
import { unknownName } from '../core/errors.js';
import type { Json } from '../core/protocol.js';
import type { Frame, PictureFile, Probe, ProbePicture } from '../core/view.js';
import { readFrames, framesProbe } from './frames/frames.js';
import { normaliseFramesOptions } from './frames/options.js';
import { checkKernels, kernelsProbe, readKernels } from './kernels/kernels.js';
import { normaliseKernelsOptions } from './kernels/options.js';
import { normaliseRotateOptions, type Sampling } from './rotate/options.js';
import { rotateProbe } from './rotate/rotate.js';
import { normaliseSequencesOptions, sequencesProbe } from './rotate/sequences.js';
import { normaliseSpatialOptions, spatialProbe } from './rotate/spatial.js';
import { boxCropProbe } from './box-crop/box-crop.js';
import { normaliseBoxCropOptions } from './box-crop/options.js';
import { checkMargin } from './box-crop/place.js';
import { normaliseScaleOptions } from './scale/options.js';
import { canvasAtOne } from './scale/room.js';
import { scaleProbe } from './scale/scale.js';
import { normaliseShiftOptions, type ShiftOptions } from './shift/options.js';
import { cropCanvas, roomFor } from './shift/room.js';
import { shiftProbe } from './shift/shift.js';
import { normaliseSweepOptions, sweepProbe } from './shift/sweep.js';
import { normaliseTtaOptions } from './tta/options.js';
import { ttaProbe, ttaRoom } from './tta/tta.js';

/** A probe whose options are read from the protocol. */
type RegisteredProbe = Probe<Json> & {
  /** The options in their normal form. @throws {InputError} they are wrong */
  readonly normalise: (options: unknown) => Json;
  /** @throws {InputError} a model of this geometry can't have the views, whatever the picture */
  readonly check: (options: Json, frame: Frame) => void;
  /** Passes with new random numbers that the options ask for. */
  readonly repeatOf: (options: Json) => number;
  /** Whether views differ by shifts: layers without subsampling then keep the sums of their maps. */
  readonly shifts: boolean;
  /** How a picture is read for a frame; left out where decoding it is all that is needed. @throws {PictureError} it can't be */
  readonly read?: (file: PictureFile, options: Json, frame: Frame) => Promise<Reading>;
};

/** What is read of a picture's file. */
type Reading = Pick<ProbePicture, 'raster' | 'readings'>;

const probes: readonly RegisteredProbe[] = [
  shifts(shiftProbe, normaliseShiftOptions, (options) => [options]),
  shifts(sweepProbe, normaliseSweepOptions, ({ steps }) => steps.map(({ shift }) => shift)),
  registered(rotateProbe, normaliseRotateOptions, checkSampling),
  registered(sequencesProbe, normaliseSequencesOptions, checkSampling),
  registered(spatialProbe, normaliseSpatialOptions, checkSampling),
  registered(scaleProbe, normaliseScaleOptions, canvasAtOne),
  { ...registered(boxCropProbe, normaliseBoxCropOptions, checkMargin), shifts: true },
  { ...registered(ttaProbe, normaliseTtaOptions, ttaRoom), shifts: true },
  reading(registered(kernelsProbe, normaliseKernelsOptions, checkKernels), normaliseKernelsOptions, readKernels),
  reading(
    registered(framesProbe, normaliseFramesOptions, () => undefined),
    normaliseFramesOptions,
    readFrames,
  ),
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
    shifts: false,
  };
}

/** The probe, which reads more of a file than its pixels. */
function reading<Options>(
  probe: RegisteredProbe,
  normalise: (options: unknown) => Options,
  read: (file: PictureFile, options: Options, frame: Frame) => Promise<Reading>,
): RegisteredProbe {
  return { ...probe, read: (file, options, frame) => read(file, normalise(options), frame) };
}

/** A probe made of shifts. */
function shifts<Options>(
  probe: Probe<Options>,
  normalise: (options: unknown) => Options,
  shiftsOf: (options: Options) => readonly ShiftOptions[],
): RegisteredProbe {
  const made = registered(
    probe,
    normalise,
    (options, frame) => shiftsOf(options).forEach((shift) => void roomFor(shift, frame)),
    (options) => Math.max(...shiftsOf(options).map(({ repeat }) => repeat)),
  );
  return { ...made, shifts: true };
}

function checkSampling({ canvas }: Sampling, frame: Frame): void {
  cropCanvas(canvas, frame, { low: 0, high: 0 });
}
