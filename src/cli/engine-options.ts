// Options that say what runs the models: --runtime, --backend, --input-name, --output-name.
import type { Command } from 'commander';
import { unknownName } from '../core/errors.js';
import { TFJS_BACKENDS } from '../core/model.js';
import type { EngineRequest } from '../run/open.js';
import { defaultWorkers, repeated } from './options.js';

export type EngineOptions = {
  readonly runtime?: string;
  readonly backend?: string;
  readonly inputName?: readonly string[];
  readonly outputName?: readonly string[];
  readonly workers?: number;
  readonly threads?: number;
};

/** The options themselves. */
export function withEngineOptions(command: Command): Command {
  return command
    .option(
      '--runtime <name>',
      'onnxruntime or tfjs: refuse models that it doesn’t run (default: by the model’s format)',
    )
    .option(
      '--backend <name>',
      'of TensorFlow.js models: wasm (default), node, gpu (packages of your own, docs/tfjs.md), auto: the fastest that works',
    )
    .option('--input-name <name>', 'which input takes the picture, of models with several; repeatable', repeated)
    .option('--output-name <name>', 'which output holds the classes, of models with several; repeatable', repeated);
}

const RUNTIMES = ['onnxruntime', 'tfjs'] as const;
const BACKENDS = [...TFJS_BACKENDS, 'auto'] as const;

function oneOf<Name extends string>(flag: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw unknownName(flag, text, names);
  return found;
}

/** What the options ask for. @throws InputError for unknown names */
export function engineRequest({
  runtime,
  backend,
  inputName,
  outputName,
  workers,
  threads,
}: EngineOptions): EngineRequest {
  return {
    ...(runtime === undefined ? {} : { runtime: oneOf('--runtime', runtime, RUNTIMES) }),
    ...(backend === undefined ? {} : { backend: oneOf('--backend', backend, BACKENDS) }),
    inputNames: inputName ?? [],
    outputNames: outputName ?? [],
    workers: workers ?? defaultWorkers(),
    ...(threads === undefined ? {} : { threads }),
    notice: (text) => void process.stderr.write(`${text}\n`),
  };
}
