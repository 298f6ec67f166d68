// Versions of this program and of the libraries that can move a number.
import type { Model } from '../core/model.js';
import { version } from '../core/version.js';
import { decoderVersions } from '../image/decode.js';
import { runtimeName } from '../runtimes/registry.js';

/** Name to version: invariance, node, sharp, libvips, and the runtimes that run these models. */
export async function versions(models: readonly Model[]): Promise<Record<string, string>> {
  const runtimes: Record<string, string> = {};
  for (const model of models) {
    const [name = '', number = ''] = (await runtimeName(model)).split(' ');
    runtimes[name] = number;
  }
  return { invariance: version, node: process.versions.node, ...decoderVersions(), ...runtimes };
}
