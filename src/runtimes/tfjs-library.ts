// Which TensorFlow.js runs: this package's own with its WebAssembly, or TensorFlow's library as @tensorflow/tfjs-node and
// @tensorflow/tfjs-node-gpu bring it, which are taken from the user's project where they are installed.
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import type * as core from '@tensorflow/tfjs-core';
import type { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { loadLayersModel, model as subModel } from '@tensorflow/tfjs-layers';
import { InputError, messageOf } from '../core/errors.js';
import type { TfjsBackend } from '../core/model.js';

/** What is used of TensorFlow.js, whichever package it comes from. */
export type TfjsLibrary = {
  readonly backend: TfjsBackend;
  /** The package that computes, with its version: "@tensorflow/tfjs-backend-wasm 4.22.0". */
  readonly runtime: string;
  /** The name under which the backend is registered. */
  readonly registered: string;
  readonly tf: typeof core;
  readonly loadLayersModel: typeof loadLayersModel;
  readonly loadGraphModel: typeof loadGraphModel;
  /** Makes a layers model of some of another's tensors. */
  readonly subModel: typeof subModel;
};

const here = createRequire(import.meta.url);

function versionOf(require: NodeJS.Require, name: string): string {
  return (require(`${name}/package.json`) as { readonly version: string }).version;
}

async function wasmLibrary(): Promise<TfjsLibrary> {
  const [tf, layers, converter, wasm] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-layers'),
    import('@tensorflow/tfjs-converter'),
    import('@tensorflow/tfjs-backend-wasm'),
  ]);
  const name = '@tensorflow/tfjs-backend-wasm';
  wasm.setWasmPaths(`${path.dirname(here.resolve(name))}${path.sep}`);
  wasm.setThreadsCount(1);
  tf.enableProdMode();
  if (!(await tf.setBackend('wasm'))) {
    throw new InputError(
      `TensorFlow.js can't start its WebAssembly backend. Install ${name} again: npm install ${name}.`,
    );
  }
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return {
    backend: 'wasm',
    runtime: `${name} ${versionOf(here, name)}${simd ? ' (SIMD)' : ''}`,
    registered: 'wasm',
    tf,
    loadLayersModel: layers.loadLayersModel,
    loadGraphModel: converter.loadGraphModel,
    subModel: layers.model,
  };
}

type NativeModule = typeof core & {
  readonly loadLayersModel: typeof loadLayersModel;
  readonly loadGraphModel: typeof loadGraphModel;
  readonly model: typeof subModel;
};

/** The user's project goes first, then where this package is installed. */
function requireFor(name: string): NodeJS.Require | null {
  const places = [createRequire(path.join(process.cwd(), 'package.json')), here];
  for (const require of places) {
    try {
      require.resolve(`${name}/package.json`);
      return require;
    } catch {
      // Not installed there.
    }
  }
  return null;
}

const NATIVE = { node: '@tensorflow/tfjs-node', gpu: '@tensorflow/tfjs-node-gpu' } as const;

function nativeLibrary(backend: 'node' | 'gpu'): TfjsLibrary {
  const name = NATIVE[backend];
  const require = requireFor(name);
  if (require === null) {
    throw new InputError(
      `--backend ${backend} needs ${name}, which isn't installed in ${process.cwd()}. Install it there: npm install ${name}@4.22.0 (behind a firewall: scripts/install-tfjs-node.sh of invariance's repository, see docs/tfjs.md). Or use --backend wasm, which needs nothing.`,
    );
  }
  // Gone from Node 23, and still called by tfjs-node 4.22.
  const old = util as unknown as { isNullOrUndefined?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  // Its log of processor features; the variable counts only where the user hasn't set it.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  let module: NativeModule;
  try {
    module = require(name) as NativeModule;
  } catch (error) {
    const [first = ''] = messageOf(error).split('\n');
    throw new InputError(
      `--backend ${backend}: ${name} is installed but can't be loaded: ${first.replace(/\.?\s*$/, '')}. Its native part is missing or doesn't fit this machine: install it again, or behind a firewall with scripts/install-tfjs-node.sh of invariance's repository (docs/tfjs.md). Or use --backend wasm.`,
    );
  }
  module.enableProdMode();
  const native = module.backend() as {
    readonly binding?: { readonly TF_Version?: string };
    readonly isUsingGpuDevice?: boolean;
  };
  // Without a GPU the package computes on the processor and says nothing.
  if (backend === 'gpu' && native.isUsingGpuDevice !== true) {
    throw new InputError(
      `--backend gpu: ${name} is installed but finds no GPU that it can use. It needs an NVIDIA GPU with its driver, CUDA and cuDNN as TensorFlow ${native.binding?.TF_Version ?? 'of its version'} wants them. Use --backend node or wasm.`,
    );
  }
  const library = native.binding?.TF_Version;
  return {
    backend,
    runtime: `${name} ${versionOf(require, name)}${library === undefined ? '' : ` (TensorFlow ${library})`}`,
    registered: 'tensorflow',
    tf: module,
    loadLayersModel: module.loadLayersModel,
    loadGraphModel: module.loadGraphModel,
    subModel: module.model,
  };
}

const loaded = new Map<TfjsBackend, Promise<TfjsLibrary>>();

/**
 * TensorFlow.js on a backend; once a thread and backend.
 *
 * @throws InputError where the backend isn't installed or can't be loaded, with what to install
 */
export function tfjsLibrary(backend: TfjsBackend): Promise<TfjsLibrary> {
  const known = loaded.get(backend);
  if (known !== undefined) return known;
  const library = backend === 'wasm' ? wasmLibrary() : Promise.resolve().then(() => nativeLibrary(backend));
  loaded.set(backend, library);
  // Another try may find what was missing: the folder, or the package.
  library.catch(() => loaded.delete(backend));
  return library;
}
