// Where pulled models are kept: the system's cache folder (XDG Base Directory Specification 0.8 on Linux), one folder a
// model in Hugging Face's form. A folder counts only once its model.onnx is there, which is put in place last.
import { readdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of all pulled models. INVARIANCE_CACHE names it outright; relative paths in XDG_CACHE_HOME don't count, as
 * the specification says.
 */
export function modelCache(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  const own = environment['INVARIANCE_CACHE'];
  if (own) return path.join(path.resolve(own), 'models');
  return path.join(systemCache(environment, platform, home), 'invariance', 'models');
}

function systemCache(environment: Environment, platform: NodeJS.Platform, home: string): string {
  const xdg = environment['XDG_CACHE_HOME'];
  if (xdg && path.isAbsolute(xdg)) return xdg;
  if (platform === 'win32') return environment['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local');
  return platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache');
}

/** Names that can be folders of the cache and can't be taken for paths: letters, digits and . _ + - after the first. */
export function isModelName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._+-]*$/u.test(name) && !name.endsWith('.onnx');
}

/** The folder of a model that was pulled whole, or null. */
export async function pulledModel(name: string, cache: string = modelCache()): Promise<string | null> {
  if (!isModelName(name)) return null;
  const folder = path.join(cache, name);
  const found = await stat(path.join(folder, 'model.onnx')).catch(() => null);
  return found?.isFile() ? folder : null;
}

/** Names of all models that were pulled whole, sorted. */
export async function pulledModels(cache: string = modelCache()): Promise<string[]> {
  const names = await readdir(cache).catch(() => []);
  const whole = await Promise.all(names.map((name) => pulledModel(name, cache)));
  return names.filter((_, index) => whole[index] !== null).sort();
}
