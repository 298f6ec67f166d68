// Parts: several probes asked for in one command line, each with a protocol of its own, measured one after the other.
import type { Json, Protocol } from '../core/protocol.js';
import { DEFINITIONS } from '../core/protocol.js';
import { makeProtocol, sharedOf, type ProtocolRequest } from './protocol.js';
import { findProbe } from './registry.js';

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
const makers: readonly PartMaker[] = [];

/** Keys of a request that only a shift has. */
const SHIFT = ['shift', 'preset', 'surround', 'path', 'canvas', 'object', 'repeat'] as const;

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
  const onlyShared = SHIFT.every((key) => request[key] === undefined);
  if (asked.length === 0 || !onlyShared) parts.push({ name: 'shift', protocol: await makeProtocol(request) });
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
