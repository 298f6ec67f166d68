// Makes reports/default again: the sample of what `invariance probe --shift 1px` leaves, as committed in the repository.
//   npm run build && node scripts/default-report.mjs
// Kept are result.json and the small figures; the page and the observations are made by the same command at any time.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const LARGEST = 60_000;

process.chdir(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'invariance-default-'));
try {
  const { status } = spawnSync(
    process.execPath,
    ['dist/cli/main.js', 'probe', '--shift', '1px', '--out', scratch, '--fresh'],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 1);
  const to = path.join('reports', 'default');
  rmSync(to, { recursive: true, force: true });
  mkdirSync(path.join(to, 'figures'), { recursive: true });
  copyFileSync(path.join(scratch, 'result.json'), path.join(to, 'result.json'));
  for (const name of readdirSync(path.join(scratch, 'figures'))) {
    const file = path.join(scratch, 'figures', name);
    if (name.endsWith('.svg') && statSync(file).size <= LARGEST) copyFileSync(file, path.join(to, 'figures', name));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
