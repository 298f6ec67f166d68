// Builds dist/: the TypeScript sources, the data files beside them, and the report page's browser bundle.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

// A package installed from a registry has dist/ and no sources: nothing to build there.
if (!existsSync('src')) process.exit(0);

rmSync('dist', { recursive: true, force: true });
run(process.execPath, [path.join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
for (const file of dataFiles('src')) {
  const to = path.join('dist', path.relative('src', file));
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(file, to);
}
run(process.execPath, [path.join('scripts', 'build-page.mjs')]);
chmodSync(path.join('dist', 'cli', 'main.js'), 0o755);

/** JSON and CSV files of the sources, which tsc leaves behind. */
function dataFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|csv)$/.test(entry.name) && entry.name !== 'tsconfig.json')
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
