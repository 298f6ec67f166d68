// The documents are true: links lead somewhere, and the commands of the README print what stands under them.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { layerMetrics } from '../../src/metrics/layers/registry.js';
import { metrics } from '../../src/metrics/registry.js';
import { invariance, root, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const documents = ['README.md', 'CONTRIBUTING.md', 'zoo/README.md', 'zoo/RESULTS.md', 'fixtures/README.md'].concat(
  ['docs', 'docs/probes'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
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
    expect(blocks.map(([, command]) => command)).toHaveLength(7);
  });

  // The default run is compared in test/cli/default-run.test.ts, where it runs anyway.
  test.each(blocks.map(([, command = '', output = '']) => ({ command, output })).filter(({ command }) => command !== 'probe --shift 1px'))(
    '$command',
    async ({ command, output }) => {
      const words = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
      const out = ['probe', 'layers', 'compare'].includes(words[0] ?? '') ? ['--out', path.join(folder, command.replace(/\W+/g, '-')), '--quiet', '--no-report'] : [];
      const { stdout, stderr } = await invariance([...words, ...out]);
      expect(stderr).toBe('');
      expect(shape(stdout)).toBe(shape(output));
    },
  );
});

test('docs/metrics.md has every metric’s definition (else: node scripts/metrics-doc.mjs)', () => {
  const text = textOf('docs/metrics.md');
  for (const { name, definition } of [...metrics, ...layerMetrics]) {
    expect(text).toContain(`\`${name}\``);
    expect(text).toContain(definition);
  }
});

test('the library’s example of layers runs and prints what it says', () => {
  const [, code = ''] = /<!-- example: trace -->\n\n```ts\n([^]*?)\n```/.exec(textOf('docs/library.md')) ?? [];
  const file = path.join(folder, 'example.mjs');
  const library = pathToFileURL(path.join(root, 'dist', 'index.js')).href;
  writeFileSync(file, code.replace("from 'invariance'", `from '${library}'`));
  const lines = execFileSync(process.execPath, [file], { encoding: 'utf8', cwd: root }).trim().split('\n');
  expect(lines[0]).toBe('pixel_values: factor 1, 0.00 [0.00, 0.24] not shiftable');
  expect(lines.slice(1, 6).map((line) => line.split(',')[0])).toEqual([
    'stage1/relu: factor 2',
    'stage2/relu: factor 4',
    'stage3/relu: factor 8',
    'stage4/relu: factor 16',
    'stage5/relu: factor 16',
  ]);
  expect(lines[6]).toMatch(/^stage\d\/conv loses most: 0\.[2-6]\d$/);
  expect(lines[7]).toMatch(/^6 layers seen in /);
});
