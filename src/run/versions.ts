// Versions of this program and of the libraries that can move a number.
import { createRequire } from 'node:module';
import { env as onnxruntime } from 'onnxruntime-node';
import sharp from 'sharp';

const own = createRequire(import.meta.url)('../../package.json') as { readonly version: string };

/** This program's version. */
export const version = own.version;

/** Name to version: invariance, node, onnxruntime-node, sharp, libvips. */
export function versions(): Record<string, string> {
  return {
    invariance: version,
    node: process.versions.node,
    'onnxruntime-node': onnxruntime.versions.node ?? onnxruntime.versions.common ?? 'unknown',
    sharp: sharp.versions.sharp,
    libvips: sharp.versions.vips,
  };
}
