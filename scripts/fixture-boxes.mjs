// Makes fixtures/boxes/: boxes with a known bias and without one, in every form that is read:  node scripts/fixture-boxes.mjs
import * as esbuild from 'esbuild';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'fixtures', 'boxes');
const { outputFiles } = await esbuild.build({
  entryPoints: [path.join(root, 'test', 'support', 'boxes.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { BOX_HEADER, boxRows, cocoJson, eyeRows, madeBoxes, vocXml } = await import(
  `data:text/javascript;base64,${code}`
);

const SEED = 1;
const CLASSES = ['ant', 'bee', 'cat', 'dog'];
const all = (bias, each) => CLASSES.flatMap((name) => madeBoxes(bias, name, each, SEED));

rmSync(folder, { recursive: true, force: true });
write(
  'centred.csv',
  `${BOX_HEADER}\n${boxRows([...all('centred', 130), ...madeBoxes('centred', 'rare', 12, SEED)])}\n`,
);
write('uniform.csv', `${BOX_HEADER}\n${boxRows(all('uniform', 130))}\n`);
write('centred-coco.json', cocoJson(all('centred', 12)));
write('eyes.csv', `file,width,height,class,x1,y1,x2,y2\n${eyeRows(60, SEED)}\n`);
for (const name of CLASSES) {
  for (const box of madeBoxes('centred', name, 12, SEED))
    write(path.join('voc', name, box.file.replace('.jpg', '.xml')), vocXml([box]));
}

function write(name, text) {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
