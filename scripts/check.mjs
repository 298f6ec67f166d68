// Every check that needs no test: types, format, lint, import direction, unused code. Quiet where all is well.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const bin = (name, ...args) => [process.execPath, [path.join('node_modules', ...name.split('/')), ...args]];
const checks = {
  types: bin('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'),
  'types of the page': bin('typescript/bin/tsc', '--noEmit', '-p', 'src/report/browser/tsconfig.json'),
  format: bin('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  lint: bin('eslint/bin/eslint.js', '--max-warnings', '0', '.'),
  imports: bin(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err',
    'src',
  ),
  unused: bin('knip/bin/knip.js', '--no-progress'),
};

let failed = 0;
for (const [name, [command, args]] of Object.entries(checks)) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) continue;
  failed++;
  process.stdout.write(`FAIL check ${name}\n${stdout}${stderr}`);
}
process.exit(failed === 0 ? 0 : 1);
