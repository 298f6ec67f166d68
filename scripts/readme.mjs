// Runs the commands of README.md and puts their real output under them.
//   npm run build && node scripts/readme.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'invariance-readme-'));
try {
  const text = readFileSync('README.md', 'utf8').replace(/<!-- output: (.*) -->\n[^]*?<!-- end -->/g, (_, command) => {
    const words = command.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ''));
    const out = ['probe', 'layers', 'compare'].includes(words[0])
      ? ['--out', path.join(scratch, 'run'), '--fresh', '--quiet']
      : [];
    const { stdout, stderr, status } = spawnSync(process.execPath, ['dist/cli/main.js', ...words, ...out], {
      encoding: 'utf8',
    });
    if (status > 1) throw new Error(`${command}: ${stderr}`);
    const lines = stdout
      .replaceAll(path.join(scratch, 'run'), 'reports/…')
      .replaceAll(`${process.cwd()}${path.sep}`, '')
      .trimEnd();
    return `<!-- output: ${command} -->\n\n\`\`\`text\n${lines}\n\`\`\`\n\n<!-- end -->`;
  });
  writeFileSync('README.md', text);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
