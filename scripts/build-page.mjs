// Bundles the scripts of the two kinds of pages and their styles, which every page carries:  node scripts/build-page.mjs [FOLDER]
import * as esbuild from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'src', 'report', 'browser');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'dist', 'report', 'browser'));

await esbuild.build({
  entryPoints: ['page.ts', 'dataset.ts', 'style.css'].map((name) => path.join(source, name)),
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
});
