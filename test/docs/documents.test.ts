// The documents are true: links lead somewhere, and the commands of the README print what stands under them.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { metrics } from '../../src/metrics/registry.js';
import { invariance, root, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const documents = ['README.md', 'CONTRIBUTING.md', 'zoo/README.md', 'zoo/RESULTS.md', 'fixtures/README.md'].concat(
  readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
);

function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

describe('links', () => {
  test.each(documents)('%s', (file) => {
    const targets = [...textOf(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => to);
    const missing = targets.filter((to) => !existsSync(path.join(root, path.dirname(file), to)));
    expect(missing).toEqual([]);
  });
});

/** What doesn't depend on a processor's rounding: the text without its numbers and paths. */
function shape(text: string): string {
  return text
    .replace(/^(page|result) .*$/gm, '$1')
    .replace(/^file .*$/gm, 'file')
    .replace(/[−+]?\d[\d.,]*/g, '#')
    .replace(/ +/g, ' ')
    .trim();
}

describe('outputs in the README', () => {
  const blocks = [...textOf('README.md').matchAll(/<!-- output: (.*) -->\n\n```text\n([^]*?)\n```/g)];

  test('are all there', () => {
    expect(blocks.map(([, command]) => command)).toHaveLength(4);
  });

  // The default run is compared in test/cli/default-run.test.ts, where it runs anyway.
  test.each(blocks.map(([, command = '', output = '']) => ({ command, output })).filter(({ command }) => command !== 'probe --shift 1px'))(
    '$command',
    async ({ command, output }) => {
      const words = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
      const out = words[0] === 'probe' ? ['--out', path.join(folder, command.replace(/\W+/g, '-')), '--quiet', '--no-report'] : [];
      const { stdout, stderr } = await invariance([...words, ...out]);
      expect(stderr).toBe('');
      expect(shape(stdout)).toBe(shape(output));
    },
  );
});

test('docs/metrics.md has every metric’s definition (else: node scripts/metrics-doc.mjs)', () => {
  const text = textOf('docs/metrics.md');
  for (const { name, definition } of metrics) {
    expect(text).toContain(`\`${name}\``);
    expect(text).toContain(definition);
  }
});
