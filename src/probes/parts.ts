// Parts: several probes asked for in one command line, each with a protocol of its own, measured one after the other.
import { InputError } from '../core/errors.js';
import type { Json, Protocol } from '../core/protocol.js';
import { DEFINITIONS } from '../core/protocol.js';
import { parseCropFlag } from './box-crop/options.js';
import { parseKernelsFlag } from './kernels/options.js';
import { makeProtocol, sharedOf, type ProtocolRequest } from './protocol.js';
import { findProbe } from './registry.js';
import { parseRotateFlag } from './rotate/options.js';
import { parseScaleFlag } from './scale/flags.js';
import { parseTranslateFlag } from './shift/flags.js';
import { isRandom } from './shift/options.js';
import { parseTtaFlag } from './tta/options.js';

/** Flags that ask for probes other than the shift, as they are written; left out where they weren't given. */
export type PartFlags = Readonly<Record<string, string | boolean | undefined>>;

export type PartsRequest = ProtocolRequest & { readonly flags?: PartFlags };

export type Part = {
  /** Names the part's folder and its place in results: "shift", "scale". */
  readonly name: string;
  readonly protocol: Protocol;
};

/** What flags ask for: the probe, its options, and the protocol's name. */
type Asked = { readonly probe: string; readonly options: Json; readonly title: string };

type PartMaker = {
  readonly name: string;
  /** Null where the flags don't ask for it. @throws InputError for a wrong value, naming the flag */
  readonly ask: (flags: PartFlags, request: ProtocolRequest) => Asked | null;
};

/** Parts in the order in which they are measured. A new one is a line here. */
const makers: readonly PartMaker[] = [
  { name: 'translate', ask: askTranslate },
  { name: 'rotate', ask: askRotate },
  { name: 'scale', ask: askScale },
  { name: 'box-crop', ask: askCrop },
  { name: 'kernels', ask: askKernels },
  { name: 'frames', ask: askFrames },
  { name: 'tta', ask: askTta },
];

function askTranslate(flags: PartFlags, { object }: ProtocolRequest): Asked | null {
  const translate = textOf(flags, 'translate', ['fill']);
  if (translate === null) return null;
  const fill = textOf(flags, 'fill') ?? 'inpaint';
  const options = parseTranslateFlag(translate, fill, object);
  return { probe: 'shift', options: options as Json, title: `translate-${fill}` };
}

function askRotate(flags: PartFlags): Asked | null {
  const text = textOf(flags, 'rotate');
  return text === null ? null : { probe: 'rotate', options: parseRotateFlag(text) as Json, title: 'rotate' };
}

function askScale(flags: PartFlags): Asked | null {
  const scale = textOf(flags, 'scale', ['scaleSurround']);
  if (scale === null) return null;
  const options = parseScaleFlag(scale, textOf(flags, 'scaleSurround') ?? undefined);
  return { probe: 'scale', options: options as Json, title: 'scale' };
}

function askCrop(flags: PartFlags): Asked | null {
  const crop = textOf(flags, 'crop', ['cropMargin', 'cropSmall']);
  if (crop === null) return null;
  const [margin, small] = [textOf(flags, 'cropMargin'), textOf(flags, 'cropSmall')];
  return {
    probe: 'box-crop',
    options: parseCropFlag(crop, margin ?? undefined, small ?? undefined) as Json,
    title: 'box-crop',
  };
}

function askKernels({ kernels }: PartFlags): Asked | null {
  if (kernels === undefined || kernels === false) return null;
  return { probe: 'kernels', options: parseKernelsFlag(kernels) as Json, title: 'kernels' };
}

function askFrames(flags: PartFlags): Asked | null {
  return textOf(flags, 'frames') === null ? null : { probe: 'frames', options: {}, title: 'frames' };
}

function askTta(flags: PartFlags): Asked | null {
  const text = textOf(flags, 'tta');
  return text === null ? null : { probe: 'tta', options: parseTtaFlag(text) as Json, title: 'tta' };
}

/**
 * A flag's text; null where it wasn't given.
 *
 * @param needing flags that mean nothing without it
 * @throws {InputError} one of those was given alone
 */
function textOf(flags: PartFlags, flag: string, needing: readonly string[] = []): string | null {
  const text = flags[flag];
  if (typeof text === 'string') return text;
  const alone = needing.find((name) => flags[name] !== undefined);
  if (alone === undefined) return null;
  const written = alone.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new InputError(`--${written} goes with --${flag}, which is missing. Add it, or leave --${written} out.`);
}

/** Keys of a request that ask for a shift, and those that only say how. */
const SHIFT = ['shift', 'preset'] as const;
const SHIFT_ONLY = ['surround', 'path', 'canvas', 'object', 'repeat'] as const;

/**
 * The parts that are asked for, the shift first; the shift alone where nothing else is.
 *
 * @throws InputError for wrong flags
 */
export async function makeParts({ flags = {}, ...request }: PartsRequest): Promise<Part[]> {
  const asked = makers.flatMap(({ name, ask }) => {
    const found = ask(flags, request);
    return found === null ? [] : [{ name, ...found }];
  });
  const parts: Part[] = [];
  const shift = shiftRequest(request, asked);
  const wanted = asked.length === 0 || SHIFT.some((key) => shift[key] !== undefined);
  const misplaced = wanted ? undefined : SHIFT_ONLY.find((key) => shift[key] !== undefined);
  if (misplaced !== undefined) {
    throw new InputError(
      `--${misplaced} says how to shift, and no shift is asked for beside --${asked[0]?.name === 'box-crop' ? 'crop' : (asked[0]?.name ?? '')}. Add --shift 1px, or leave --${misplaced} out.`,
    );
  }
  if (wanted) parts.push(...(await shiftParts(shift)));
  const shared = await sharedOf(request);
  for (const { name, probe: probeName, options, title } of asked) {
    const probe = findProbe(probeName);
    const normal = probe.normalise(options);
    parts.push({
      name,
      protocol: {
        schema: 'invariance/protocol@1',
        name: title,
        probe: { name: probeName, options: normal },
        repeat: probe.repeatOf(normal),
        ...shared,
        definitions: DEFINITIONS,
      },
    });
  }
  return parts;
}

/** One part for each path of the list; the first is the shift, further ones are named after their paths. */
async function shiftParts(request: ProtocolRequest): Promise<Part[]> {
  const paths = request.path?.split(',').map((path) => path.trim()) ?? [];
  if (paths.length < 2) return [{ name: 'shift', protocol: await makeProtocol(request) }];
  const { repeat, ...once } = request;
  const random = (path: string): boolean =>
    isRandom({ surround: request.surround, path: path.split(':')[0] } as Parameters<typeof isRandom>[0]);
  // Passes are for what is random; where nothing is, the refusal says so.
  const repeated = (path: string): boolean => repeat !== undefined && (random(path) || !paths.some(random));
  const parts: Part[] = [];
  for (const path of paths) {
    const [name = ''] = path.split(':');
    if (parts.length > 0 && paths.filter((other) => other.split(':')[0] === name).length > 1)
      throw new InputError(`Expected every path of --path once but received "${name}" twice. Leave one out.`);
    const protocol = await makeProtocol({ ...once, path, ...(repeated(path) ? { repeat } : {}) });
    parts.push({ name: parts.length === 0 ? 'shift' : name, protocol });
  }
  return parts;
}

/** What is left for the shift: `--object` is the translated one's, unless the shift has a filled surround as well. */
function shiftRequest(request: ProtocolRequest, asked: readonly { readonly name: string }[]): ProtocolRequest {
  if (request.surround !== undefined || !asked.some(({ name }) => name === 'translate')) return request;
  const { object: _, ...others } = request;
  return others;
}
