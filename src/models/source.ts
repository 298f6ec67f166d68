// A model's file by its format: the ends of its network and its checksum. A new format is one more entry here.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ModelFormat, OutputSpec } from '../core/model.js';
import { presentExternalFiles } from '../graph/external.js';
import { readModel } from '../graph/read.js';
import { readTfjs } from '../tfjs/read.js';
import { findInput } from './find-input.js';
import type { FoundInput } from './find-input.js';
import { findOutput } from './find-output.js';
import type { FoundOutput } from './find-output.js';
import { findTfjsInput } from './find-tfjs-input.js';
import { findTfjsOutput } from './find-tfjs-output.js';
import type { ModelFiles } from './folder.js';

/** What is read of a model's file, whichever format it has. */
export type Source = {
  readonly format: ModelFormat;
  /** @param names that the user gave for inputs */
  readonly input: (names: readonly string[]) => FoundInput;
  /** @param names that the user gave for outputs */
  readonly output: (labels: number | null, stated: OutputSpec['kind'] | null, names: readonly string[]) => FoundOutput;
  /** SHA-256 over the file and what it takes its weights from, in order. */
  readonly sha256: () => Promise<string>;
};

async function onnxSource(path: string): Promise<Source> {
  const { model, bytes } = await readModel(path);
  const external = await presentExternalFiles(model, path);
  return {
    format: 'onnx',
    input: () => findInput(model, path),
    output: (labels, stated, names) => findOutput(model, path, labels, stated, names),
    sha256: async () => {
      const hash = createHash('sha256').update(bytes);
      for (const file of external) {
        for await (const chunk of createReadStream(file.path)) hash.update(chunk as Uint8Array);
      }
      return hash.digest('hex');
    },
  };
}

async function tfjsSource(path: string): Promise<Source> {
  const model = await readTfjs(path);
  return {
    format: `tfjs-${model.kind}`,
    input: (names) => findTfjsInput(model, names),
    output: (labels, stated, names) => findTfjsOutput(model, labels, stated, names),
    sha256: () => Promise.resolve(model.sha256),
  };
}

/** @throws InputError where the file can't be read or isn't a whole model */
export function sourceOf({ path, format }: Pick<ModelFiles, 'path' | 'format'>): Promise<Source> {
  return format === 'tfjs' ? tfjsSource(path) : onnxSource(path);
}
