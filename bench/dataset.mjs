// Memory and time of `invariance dataset` on generated boxes, each form in a process of its own:
//   node scripts/build.mjs && node bench/dataset.mjs [BOXES]
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const boxes = Number(process.argv[2] ?? 1_000_000);
const perPicture = 2;
const classes = 1_000;
const [width, height] = [500, 375];
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(path.join(os.tmpdir(), 'invariance-boxes-'));

/** Deterministic boxes: whole pixels by a linear congruence. */
let state = 1;
const below = (limit) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 0x1_0000_0000) * limit);
};
const box = () => {
  const [w, h] = [1 + below(width - 1), 1 + below(height - 1)];
  return { x: below(width - w + 1), y: below(height - h + 1), w, h };
};
const picture = (i) => `picture-${String(Math.floor(i / perPicture)).padStart(8, '0')}.jpg`;
const name = () => `n${String(below(classes)).padStart(8, '0')}`;

try {
  for (const [form, make] of Object.entries({ csv, coco, voc })) {
    const source = await make(path.join(folder, form));
    const out = path.join(folder, 'out');
    const peak = path.join(folder, 'peak');
    const started = Date.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        path.join(root, 'bench', 'peak-memory.mjs'),
        path.join(root, 'dist', 'cli', 'main.js'),
        'dataset',
        source,
        '--out',
        out,
        '--no-report',
      ],
      { encoding: 'utf8', env: { ...process.env, INVARIANCE_PEAK: peak } },
    );
    if (status !== 0) throw new Error(stderr);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const mebibytes = Math.round(Number(readFileSync(peak, 'utf8')) / 1024);
    process.stdout.write(`${form}: ${seconds} s, peak ${mebibytes} MiB\n  ${stdout.split('\n')[0]}\n`);
    rmSync(source, { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes pieces to a file at its pace. */
async function written(file, pieces) {
  const stream = createWriteStream(file);
  for (const piece of pieces) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
  return file;
}

function csv(file) {
  return written(
    file,
    (function* () {
      yield 'file,width,height,class,xmin,ymin,xmax,ymax\n';
      for (let i = 0; i < boxes; i++) {
        const { x, y, w, h } = box();
        yield `${picture(i)},${width},${height},${name()},${x},${y},${x + w},${y + h}\n`;
      }
    })(),
  );
}

function coco(file) {
  return written(
    file,
    (function* () {
      yield '{"images":[';
      for (let i = 0; i < boxes; i += perPicture)
        yield `${i ? ',' : ''}{"id":${i / perPicture},"file_name":"${picture(i)}","width":${width},"height":${height}}`;
      yield '],"annotations":[';
      for (let i = 0; i < boxes; i++) {
        const { x, y, w, h } = box();
        yield `${i ? ',' : ''}{"id":${i},"image_id":${Math.floor(i / perPicture)},"category_id":${below(classes)},"bbox":[${x},${y},${w},${h}],"area":${w * h},"segmentation":[[${x},${y},${x + w},${y},${x + w},${y + h},${x},${y + h}]],"iscrowd":0}`;
      }
      yield '],"categories":[';
      for (let i = 0; i < classes; i++) yield `${i ? ',' : ''}{"id":${i},"name":"n${String(i).padStart(8, '0')}"}`;
      yield ']}';
    })(),
  );
}

/** A folder a thousand pictures, as ImageNet has them; a tenth of the boxes, since files are slow to make. */
function voc(to) {
  for (let i = 0; i < boxes / 10; i += perPicture) {
    const below1000 = path.join(to, `part-${Math.floor(i / perPicture / 1000)}`);
    if ((i / perPicture) % 1000 === 0) mkdirSync(below1000, { recursive: true });
    const objects = Array.from({ length: perPicture }, () => {
      const { x, y, w, h } = box();
      return `<object><name>${name()}</name><bndbox><xmin>${x}</xmin><ymin>${y}</ymin><xmax>${x + w}</xmax><ymax>${y + h}</ymax></bndbox></object>`;
    });
    const size = `<size><width>${width}</width><height>${height}</height><depth>3</depth></size>`;
    writeFileSync(
      path.join(below1000, picture(i).replace('.jpg', '.xml')),
      `<annotation><filename>${picture(i)}</filename>${size}\n${objects.join('\n')}\n</annotation>\n`,
    );
  }
  return to;
}
