// The test command: builds, checks, tests. Ends with "N passed, N failed"; a failed build or check counts as one.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const node = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;

if (node(path.join('scripts', 'build.mjs')) !== 0) {
  process.stdout.write('FAIL build\n0 passed, 1 failed\n');
  process.exit(1);
}
const checks = node(path.join('scripts', 'check.mjs'));
const tests = node(path.join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2));
if (checks !== 0) process.stdout.write('the checks above failed\n0 passed, 1 failed\n');
process.exit(checks !== 0 ? checks : tests);
