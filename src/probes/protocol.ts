// Protocols from the command line's flags, a preset's name or a JSON file: everything that decides the numbers, written
// out.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { expected, InputError, messageOf } from '../core/errors.js';
import { canonicalJson, DEFINITIONS, type Corruption, type Json, type Protocol } from '../core/protocol.js';
import type { LayersProtocol } from '../core/layers.js';
import { corruptionSchema, parseCorrupt } from './corruption.js';
import { layersProtocol, layersSchema, type LayersRequest } from './layers.js';
import { parsed } from './parse.js';
import { findPreset } from './presets.js';
import { findProbe } from './registry.js';
import { parseObject, parsePath, parseStep } from './shift/flags.js';
import { isRandom, meaningful, type Canvas, type ShiftInput } from './shift/options.js';
import { normaliseSweepOptions } from './shift/sweep.js';

/** What may be asked for; all of it may be left out. */
export type ProtocolRequest = {
  /** A preset's name, or the path of a JSON file (it ends in ".json"). */
  readonly preset?: string;
  /** The step: "1px". */
  readonly shift?: string;
  readonly surround?: string;
  /** A name, or one with pixels from the centre: "random-pair:8". */
  readonly path?: string;
  readonly canvas?: Canvas;
  /** "140", "0.625", "square:0.625", "box:0.5". */
  readonly object?: string;
  readonly repeat?: number;
  readonly seed?: number;
  /** A name ("imagenet"), or the path of a JSON file, whose content goes into the protocol. */
  readonly preprocess?: string;
  /** What to look at inside the networks. */
  readonly layers?: LayersRequest;
  /** What each view goes through by itself: "jpeg:90", "noise:2". */
  readonly corrupt?: string;
};

type Base = {
  readonly name: string | null;
  readonly probe: string;
  readonly options: Json;
  readonly seed: number;
  readonly preprocess: Json;
  readonly layers?: LayersProtocol;
  readonly corruption?: Corruption;
};

const DEFAULT: Base = { name: null, probe: 'shift', options: {}, seed: 0, preprocess: 'model' };

/**
 * The protocol that is asked for. Its name is the preset's, "<preset>+" where flags change it, "shift-1px" for the step
 * alone, else "custom".
 *
 * @throws {InputError} unknown names, wrong values, flags without a meaning here, a file that can't be read
 */
export async function makeProtocol(request: ProtocolRequest = {}): Promise<Protocol> {
  const base = request.preset === undefined ? DEFAULT : await baseOf(request.preset);
  const flags = flagsOf(request, base.options);
  const probe = findProbe(base.probe);
  const options = probe.normalise(optionsWith(base.probe, base.options, flags));
  const before = base.name === null ? null : probe.normalise(base.options);
  return {
    schema: 'invariance/protocol@1',
    name: nameOf(base.name, canonicalJson(before) !== canonicalJson(options), flags),
    probe: { name: base.probe, options },
    repeat: probe.repeatOf(options),
    seed: request.seed ?? base.seed,
    preprocess: request.preprocess === undefined ? base.preprocess : await preprocessOf(request.preprocess),
    ...(request.layers === undefined && base.layers === undefined
      ? {}
      : { layers: layersProtocol(request.layers ?? {}, base.layers) }),
    ...corruptionOf(request, base.corruption),
    definitions: DEFINITIONS,
  };
}

/** What a protocol says of corruption: the flag's, else that of the protocol that the flags change; nothing where none. */
function corruptionOf({ corrupt }: ProtocolRequest, base?: Corruption): { readonly corruption?: Corruption } {
  const corruption = corrupt === undefined ? base : parseCorrupt(corrupt);
  return corruption === undefined ? {} : { corruption };
}

/** What of a request any probe has: seed, preprocessing, layers, corruption. */
export async function sharedOf(
  request: ProtocolRequest,
): Promise<Pick<Protocol, 'seed' | 'preprocess' | 'layers' | 'corruption'>> {
  const { seed = 0, preprocess, layers } = request;
  return {
    seed,
    preprocess: preprocess === undefined ? 'model' : await preprocessOf(preprocess),
    ...(layers === undefined ? {} : { layers: layersProtocol(layers, undefined) }),
    ...corruptionOf(request),
  };
}

const protocolSchema = z.strictObject(
  {
    schema: z.literal('invariance/protocol@1').default('invariance/protocol@1'),
    name: z.string('a name').optional(),
    probe: z.strictObject(
      { name: z.string('the name of a probe'), options: z.json().default({}) },
      'an object with name and options',
    ),
    repeat: z.int('a whole number, 1 or more').min(1, 'a whole number, 1 or more').optional(),
    seed: z.int('a whole number, 0 or more').min(0, 'a whole number, 0 or more').default(0),
    preprocess: z.json('"model", a name or an object').default('model'),
    layers: layersSchema.optional(),
    corruption: corruptionSchema.optional(),
    definitions: z.int('a whole number').default(DEFINITIONS),
    hash: z.string('the hash as it was printed').optional(),
  },
  'an object such as {"probe": {"name": "shift", "options": {"step": 1}}}',
);

/**
 * A protocol as JSON text: as `protocols NAME --json` or a run's `run.json` print it, or only the keys that matter.
 *
 * @param file what messages call it
 * @throws {InputError} naming the key
 */
export function parseProtocol(text: string, file: string): Protocol {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new InputError(`Expected JSON in ${file} but it can't be parsed (${messageOf(error)}).`);
  }
  const { probe, repeat, definitions, name, seed, preprocess, layers, corruption } = parsed(
    protocolSchema,
    value,
    file,
  );
  if (definitions !== DEFINITIONS) {
    throw expected(
      `${file}.definitions`,
      `${DEFINITIONS}, the version of the metrics' definitions in this release`,
      definitions,
      'Its numbers can only be repeated with the release they came from; leave the key out to measure by the present definitions.',
    );
  }
  const found = findProbe(probe.name);
  let options = found.normalise(probe.options);
  if (repeat !== undefined && repeat !== found.repeatOf(options)) {
    const flags = { repeat };
    options = found.normalise(optionsWith(probe.name, options, flags));
  }
  return {
    schema: 'invariance/protocol@1',
    name: name ?? 'custom',
    probe: { name: probe.name, options },
    repeat: found.repeatOf(options),
    seed,
    preprocess: preprocess,
    ...(layers === undefined ? {} : { layers }),
    ...(corruption === undefined ? {} : { corruption }),
    definitions,
  };
}

async function baseOf(nameOrFile: string): Promise<Base> {
  if (!nameOrFile.toLowerCase().endsWith('.json')) {
    const preset = findPreset(nameOrFile);
    return { ...DEFAULT, name: preset.name, probe: preset.probe.name, options: preset.probe.options as Json };
  }
  const read = parseProtocol(await textOf(nameOrFile, '--protocol'), nameOrFile);
  const { name, probe, seed, preprocess, layers, corruption } = read;
  return {
    ...{ name, probe: probe.name, options: probe.options, seed, preprocess },
    ...(layers ? { layers } : {}),
    ...(corruption ? { corruption } : {}),
  };
}

async function textOf(file: string, flag: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(`Expected a JSON file for ${flag} but ${file} can't be read (${messageOf(error)}).`);
  }
}

async function preprocessOf(nameOrFile: string): Promise<Json> {
  if (!nameOrFile.toLowerCase().endsWith('.json')) return nameOrFile;
  try {
    return JSON.parse(await textOf(nameOrFile, '--preprocess')) as Json;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`Expected JSON in ${nameOrFile} but it can't be parsed (${messageOf(error)}).`);
  }
}

/** The flags that change a probe's options, as those options; names are checked when they are normalised. */
function flagsOf({ shift, surround, path, canvas, object, repeat }: ProtocolRequest, base: Json): ShiftInput {
  const step = shift === undefined ? (base as ShiftInput).step : parseStep(shift);
  const flags = {
    ...(shift === undefined ? {} : { step }),
    ...(surround === undefined ? {} : { surround }),
    ...(path === undefined ? {} : parsePath(path, step ?? 1)),
    ...(canvas === undefined ? {} : { canvas }),
    ...(object === undefined ? {} : { object: parseObject(object) }),
    ...(repeat === undefined ? {} : { repeat }),
  };
  return flags as ShiftInput;
}

/** Flags over given options of a probe. @throws {InputError} a flag that has no meaning with it */
function optionsWith(probe: string, options: Json, flags: ShiftInput): Json {
  if (probe === 'shift') return shiftWith(options as ShiftInput, flags);
  if (probe === 'shift-sweep') return sweepWith(options, flags);
  const [flag] = Object.keys(flags);
  if (flag === undefined) return options;
  throw new InputError(
    `--${flag === 'step' ? 'shift' : flag} has no meaning with the probe ${probe}, which isn't a shift. Leave it out.`,
  );
}

/** Flags over given options: what of those has no meaning with the new surround or path is left out. */
function shiftWith(options: ShiftInput, flags: ShiftInput): Json {
  return { ...meaningful({ ...options, ...flags }), ...flags } as Json;
}

/** A sweep fixes its surrounds and paths; only the step and the repeats may be changed, for all of its steps. */
function sweepWith(options: Json, flags: ShiftInput): Json {
  for (const key of Object.keys(flags)) {
    if (key === 'step' || key === 'repeat') continue;
    throw new InputError(`--${key} has no meaning with a sweep, which fixes it for each of its steps. Leave it out.`);
  }
  const { steps } = normaliseSweepOptions(options);
  // Beside random steps, those without randomness are measured once; alone, they refuse to be repeated.
  const mixed = flags.repeat !== undefined && steps.some(({ shift }) => isRandom(shift));
  const once = mixed ? { ...flags, repeat: 1 } : flags;
  return { steps: steps.map(({ at, shift }) => ({ at, shift: shiftWith(shift, isRandom(shift) ? flags : once) })) };
}

function nameOf(base: string | null, changed: boolean, flags: ShiftInput): string {
  if (base !== null) return changed && !base.endsWith('+') ? `${base}+` : base;
  return Object.keys(flags).every((key) => key === 'step') ? `shift-${flags.step ?? 1}px` : 'custom';
}
