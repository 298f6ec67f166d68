// The page's script and styles, bundled from the sources into a temporary folder: a test of the page needs no build.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PageAssets } from '../../src/report/bundle.js';
import { root } from './cli.js';

export function pageAssets(page: 'page' | 'dataset' = 'page'): PageAssets {
  const folder = mkdtempSync(path.join(tmpdir(), 'invariance-page-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts', 'build-page.mjs'), folder], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`The page's script could not be bundled: ${stderr}`);
    const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
    return { script: read(`${page}.js`), style: read('style.css') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
