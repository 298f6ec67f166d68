// The page's script and styles, as the build bundled them: the only files that the report reads.
import { readFileSync } from 'node:fs';
import { RunError, messageOf } from '../core/errors.js';

export type PageAssets = { readonly script: string; readonly style: string };

/**
 * Reads the bundle that lies beside the compiled module.
 *
 * @param page which page's script: a run's, or a data set's
 * @throws RunError where the package was not built
 */
export function builtAssets(page: 'page' | 'dataset' = 'page'): PageAssets {
  const read = (name: string): string => {
    try {
      return readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8');
    } catch (error) {
      throw new RunError(`The report page's ${name} is missing (${messageOf(error)}). Run "npm run build".`);
    }
  };
  return { script: read(`${page}.js`), style: read('style.css') };
}
