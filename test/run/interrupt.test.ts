// A run that is killed goes on where it stopped and ends with the same result.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomFor } from '../../src/core/random.js';
import { invariance, main, start, temporaryFolder } from '../support/cli.js';
import { circularNetwork, dotPictures } from '../support/networks.js';

const PICTURES = 120;
const KILLS = 10;

const folder = temporaryFolder();
const model = circularNetwork(path.join(folder, 'net'), 2);
const images = dotPictures(path.join(folder, 'dots'), PICTURES);

async function command(out: string): Promise<string[]> {
  return [
    ...['probe', '--shift', '1px', '--surround', 'cyclic', '--path', 'grid', '--quiet', '--no-report'],
    ...['--model', model, '--images', await images, '--out', out, '--workers', '2'],
  ];
}

function linesIn(out: string): number {
  const file = path.join(out, 'observations', 'net.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

test('kill -9 at ten seeded moments, then the same command: the result of an undisturbed run', async () => {
  const undisturbed = path.join(folder, 'undisturbed');
  expect((await invariance(await command(undisturbed))).code).toBe(0);

  const killed = path.join(folder, 'killed');
  const random = randomFor(20, 'kill');
  for (let kill = 0; kill < KILLS; kill++) {
    const moment = Math.min(PICTURES - 5, linesIn(killed) + 1 + random.below(14));
    const { child, finished } = start(await command(killed));
    while (linesIn(killed) < moment && child.exitCode === null) await wait(2);
    child.kill('SIGKILL');
    const { code } = await finished;
    expect(code).toBe(null);
    if (kill % 3 === 0) appendFileSync(path.join(killed, 'observations', 'net.jsonl'), '{"picture":"0.png","label":nu');
  }
  const measured = linesIn(killed);
  expect(measured).toBeLessThan(PICTURES);
  expect((await invariance(await command(killed))).code).toBe(0);
  expect(linesIn(killed)).toBe(PICTURES);
  expect(readFileSync(path.join(killed, 'result.json'), 'utf8')).toBe(
    readFileSync(path.join(undisturbed, 'result.json'), 'utf8'),
  );
}, 180_000);

test('Ctrl-C leaves a run that goes on', async () => {
  const out = path.join(folder, 'interrupted');
  const { child, finished } = start(await command(out));
  while (linesIn(out) < 3 && child.exitCode === null) await wait(2);
  child.kill('SIGINT');
  const { code, stderr } = await finished;
  expect(code).toBe(130);
  expect(stderr).toContain('the same command goes on');
  expect(JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8'))).toMatchObject({ state: 'stopped' });
  const before = linesIn(out);
  expect(before).toBeLessThan(PICTURES);
  expect((await invariance(await command(out))).code).toBe(0);
  expect(linesIn(out)).toBe(PICTURES);
  expect(readdirSync(out)).not.toContain('run.lock');
});

test('another protocol, model or picture list never mixes with old observations', async () => {
  const out = path.join(folder, 'claimed');
  const first = [...(await command(out)), '--limit', '4'];
  expect((await invariance(first)).code).toBe(0);
  const changed = await invariance([...first, '--seed', '9']);
  expect(changed.code).toBe(2);
  expect(changed.stderr).toContain(`${out} holds another run: protocol.seed was 0, now 9.`);
  const other = await invariance([...first.slice(0, -1), '5']);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('holds another run: pictures was');
  const fresh = await invariance([...first, '--seed', '9', '--fresh']);
  expect(fresh.code).toBe(0);
});

test.skipIf(process.platform === 'win32')(
  'a full disk part-way ends with exit code 3, and nothing is lost',
  async () => {
    const out = path.join(folder, 'full');
    // A limit on the size of files fails writes as a full disk does, after some observations went through.
    const limited = spawnSync(
      'sh',
      ['-c', 'ulimit -f 128; exec "$0" "$@"', process.execPath, main, ...(await command(out))],
      { encoding: 'utf8' },
    );
    expect(limited.status).toBe(3);
    expect(limited.stderr).toMatch(/Can't write to .*net\.jsonl: EFBIG.* What was measured is kept; free space/);
    const kept = linesIn(out);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(PICTURES);
    expect((await invariance(await command(out))).code).toBe(0);
    expect(linesIn(out)).toBe(PICTURES);
  },
);
