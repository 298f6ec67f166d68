// Rewritten graphs in onnxruntime: a session from bytes, whose weights may still lie in files beside the model.
import { dirname } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { loadError } from './engine-errors.js';

/** How every session runs: on the processor, one operator after the other, `threads` within one. */
export function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  };
}

/**
 * Opens an encoded ONNX model as a session.
 *
 * @param bytes the model, as `encodeModel` gives it
 * @param path the file that it was made from: external weights are looked for in its folder, messages name it
 * @param threads threads within one call
 * @param arena keeps freed memory for the session's next run; off where many sessions take turns
 * @throws InputError where the engine can't load the model, in words
 */
export async function openBytes(
  bytes: Uint8Array,
  path: string,
  threads: number,
  arena = true,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      ...sessionOptions(threads),
      enableCpuMemArena: arena,
      extra: { session: { model_external_initializers_file_folder_path: dirname(path) } },
    });
  } catch (error) {
    throw loadError(path, error);
  }
}
