// The one place that hands specs to Vega-Lite. A warning is a fault of the spec, so it throws.
import type { Spec as VegaSpec } from 'vega';
import { compile as compileVegaLite, type TopLevelSpec } from 'vega-lite';
import { RunError } from '../core/errors.js';
import type { Spec } from './charts/chart.js';
import { CHART_CONFIG } from './theme.js';

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/**
 * Compiles a Vega-Lite spec with the project's chart style.
 *
 * @throws RunError with every warning that Vega-Lite gives
 */
export function compiled(id: string, spec: Spec): VegaSpec {
  const problems: string[] = [];
  const note = (...words: readonly unknown[]): void => {
    problems.push(words.map(String).join(' '));
  };
  const logger = {
    level: (): never => logger as never,
    error: (...words: readonly unknown[]) => (note(...words), logger),
    warn: (...words: readonly unknown[]) => (note(...words), logger),
    info: () => logger,
    debug: () => logger,
  };
  const { spec: compiledSpec } = compileVegaLite({ $schema: SCHEMA, ...spec } as unknown as TopLevelSpec, {
    config: CHART_CONFIG,
    logger,
  });
  if (problems.length > 0) {
    throw new RunError(`The chart "${id}" has a fault; Vega-Lite says: ${[...new Set(problems)].join(' ')}`);
  }
  return compiledSpec;
}
