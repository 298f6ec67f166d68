// Protocols: everything that decides the numbers, as plain JSON, with its hash. Two runs are comparable exactly if
// their hashes agree.
import { createHash } from 'node:crypto';
import type { LayersProtocol } from './layers.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What happens to each view by itself, after the shift, as in a camera: the window with `margin` pixels of its
 * surroundings is saved as a JPEG file, or gets noise of its own.
 */
export type Corruption = {
  /** Pixels on every side of the window; a multiple of 16, so that the JPEG's blocks stay with the frame. */
  readonly margin: number;
} & (
  | { readonly kind: 'jpeg'; readonly quality: number; readonly subsampling: '4:2:0' }
  /** Gaussian noise of this standard deviation, in values 0…255, on every channel of every pixel. */
  | { readonly kind: 'noise'; readonly deviation: number }
);

/** Everything that decides a run's numbers. */
export type Protocol = {
  readonly schema: 'invariance/protocol@1';
  /** The preset's name, or "custom" where flags changed it. */
  readonly name: string;
  /** Which probe, and its options (the probe's own normal form, every default written out). */
  readonly probe: { readonly name: string; readonly options: Json };
  /** Passes over the pictures with new random numbers each; 1 for probes without randomness. */
  readonly repeat: number;
  readonly seed: number;
  /** "model": each model's own preprocessing; else the name or content that replaces it. */
  readonly preprocess: Json;
  /** What is looked at inside the networks; left out where only their answers are. */
  readonly layers?: LayersProtocol;
  /** What each view goes through by itself; left out where nothing. */
  readonly corruption?: Corruption;
  /** Version of the metrics' definitions; a change that moves a number raises it. */
  readonly definitions: number;
};

/** Version of the metrics' definitions in this release. */
export const DEFINITIONS = 1;

/** JSON with sorted keys and no spaces: equal values give equal text. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256, hexadecimal, of text or bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The protocol's hash. Its name doesn't count: what is measured does. */
export function protocolHash(protocol: Protocol): string {
  const { name: _, ...rest } = protocol;
  return sha256(canonicalJson(rest));
}

/** The paths at which two JSON values differ, with both values: for "these runs can't be compared, because …". */
export function differingKeys(a: unknown, b: unknown, path = ''): { path: string; a: unknown; b: unknown }[] {
  if (canonicalJson(a ?? null) === canonicalJson(b ?? null)) return [];
  const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';
  if (!isRecord(a) || !isRecord(b) || Array.isArray(a) !== Array.isArray(b)) return [{ path, a, b }];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) => differingKeys(a[key], b[key], path ? `${path}.${key}` : key));
}
