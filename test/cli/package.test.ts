// The packed package, installed into an empty folder as a user would, and its bin and library entry used from there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
}

test('the packed package works in an empty folder', () => {
  const packed = JSON.parse(run(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)) as {
    filename: string;
    files: { path: string }[];
  }[];
  const [{ filename, files }] = packed as [(typeof packed)[0]];
  const paths = files.map((file) => file.path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/cli/main.js',
      'dist/index.d.ts',
      'LICENSE',
      'README.md',
      'zoo/models/stride/model.onnx',
      'fixtures/pictures/labels.csv',
      // Messages name them.
      'docs/tfjs.md',
      'scripts/install-tfjs-node.sh',
    ]),
  );
  expect(paths.filter((file) => /^(src|test|bench|reports)\/|^scripts\/(?!install-tfjs-node)/.test(file))).toEqual([]);

  const home = path.join(folder, 'user');
  mkdirSync(home);
  writeFileSync(path.join(home, 'package.json'), '{"private": true, "type": "module"}');
  run(
    npm,
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', path.join(folder, filename)],
    home,
  );

  const bin = path.join(home, 'node_modules', '.bin', process.platform === 'win32' ? 'invariance.cmd' : 'invariance');
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  expect(run(bin, ['--version'], home).trim()).toBe(version);
  const text = run(
    bin,
    ['probe', '--shift', '1px', '--model', 'stride', '--limit', '6', '--quiet', '--out', 'run'],
    home,
  );
  expect(text).toMatch(/stride changes its answer on /);
  for (const file of ['run.json', 'result.json', 'report.html', 'observations.parquet', 'observations/stride.jsonl']) {
    expect(existsSync(path.join(home, 'run', file)), file).toBe(true);
  }
  const library =
    "import { makeProtocol, protocolHash, metrics } from 'invariance'; console.log(protocolHash(await makeProtocol({ shift: '1px' })), metrics.length);";
  const [hash, count] = run(process.execPath, ['--input-type=module', '-e', library], home).trim().split(' ');
  const result = JSON.parse(readFileSync(path.join(home, 'run', 'result.json'), 'utf8')) as {
    protocol: { hash: string };
  };
  expect(hash).toBe(result.protocol.hash);
  expect(Number(count)).toBeGreaterThan(8);
}, 300_000);
