// Makes fixtures/films/: two garments of fixtures/pictures gliding over a plain ground by half a pixel a frame, one as a
// folder of numbered frames, one as an animated WebP:  node scripts/fixture-films.mjs
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const pictures = path.join(root, 'fixtures', 'pictures');
const films = path.join(root, 'fixtures', 'films');

const SIDE = 96;
const FRAMES = 24;
/** Pixels a frame, and how far the garment sinks while it goes. */
const STEP = 0.5;
const SINK = 1 / 8;
const NOISE = 4;

rmSync(films, { recursive: true, force: true });
const bag = await glide('plain-014');
mkdirSync(path.join(films, 'bag', 'glide'), { recursive: true });
for (const [i, frame] of bag.entries()) {
  const name = `frame-${String(i + 1).padStart(2, '0')}.webp`;
  await raw(frame, SIDE)
    .webp({ quality: 90 })
    .toFile(path.join(films, 'bag', 'glide', name));
}
const sneaker = await glide('plain-013');
mkdirSync(path.join(films, 'sneaker'), { recursive: true });
await sharp(Buffer.concat(sneaker), { raw: { width: SIDE, height: SIDE * FRAMES, channels: 3, pageHeight: SIDE } })
  .webp({ quality: 90, delay: Array(FRAMES).fill(80), loop: 0 })
  .toFile(path.join(films, 'sneaker', 'glide.webp'));

/** The frames of a film: the garment under its mask, over the mean colour round it with grain that stays where it is. */
async function glide(stem) {
  const scene = await pixels(path.join(pictures, `${stem}.webp`), 3);
  const mask = await pixels(path.join(pictures, 'masks', `${stem}.png`), 1);
  const ground = groundOf(scene, mask);
  const grain = Float64Array.from({ length: SIDE * SIDE }, (_, i) => NOISE * normal(i));
  return Array.from({ length: FRAMES }, (_, frame) => {
    const dx = STEP * (frame - (FRAMES - 1) / 2) + (SIDE - scene.width) / 2;
    const dy = SINK * (frame - (FRAMES - 1) / 2) + (SIDE - scene.height) / 2;
    const data = Buffer.alloc(SIDE * SIDE * 3);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const cover = sampled(mask, x - dx, y - dy, 0) / 255;
        for (let c = 0; c < 3; c++) {
          const cloth = sampledUnder(scene, mask, x - dx, y - dy, c) ?? ground[c];
          const value = cover * cloth + (1 - cover) * (ground[c] + grain[y * SIDE + x]);
          data[(y * SIDE + x) * 3 + c] = Math.min(255, Math.max(0, Math.round(value)));
        }
      }
    }
    return data;
  });
}

async function pixels(file, channels) {
  const image = channels === 1 ? sharp(file).toColourspace('b-w') : sharp(file).removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Mean colour outside the mask. */
function groundOf(scene, mask) {
  const sums = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < scene.width * scene.height; i++) {
    if (mask.data[i * mask.channels] > 0) continue;
    for (let c = 0; c < 3; c++) sums[c] += scene.data[i * 3 + c];
    count++;
  }
  return sums.map((sum) => sum / count);
}

/** Bilinear; 0 outside. */
function sampled({ data, width, height, channels }, x, y, channel) {
  return around(x, y, width, height).reduce((sum, { at, weight }) => sum + weight * data[at * channels + channel], 0);
}

/** Bilinear over the pixels under the mask alone; null where there are none. */
function sampledUnder(scene, mask, x, y, channel) {
  let [sum, total] = [0, 0];
  for (const { at, weight } of around(x, y, scene.width, scene.height)) {
    if (mask.data[at * mask.channels] === 0) continue;
    sum += weight * scene.data[at * 3 + channel];
    total += weight;
  }
  return total === 0 ? null : sum / total;
}

function around(x, y, width, height) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const corners = [0, 1].flatMap((j) => [0, 1].map((i) => ({ column: left + i, row: top + j, i, j })));
  return corners
    .filter(({ column, row }) => column >= 0 && row >= 0 && column < width && row < height)
    .map(({ column, row, i, j }) => ({
      at: row * width + column,
      weight: (i ? x - left : 1 - x + left) * (j ? y - top : 1 - y + top),
    }));
}

/** A number near a normal one for each whole number: the sum of twelve hashed uniform ones. */
function normal(i) {
  let sum = -6;
  for (let k = 0; k < 12; k++) {
    let h = Math.imul(i * 12 + k + 1, 2654435761) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    sum += ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  }
  return sum;
}

function raw(data, side) {
  return sharp(data, { raw: { width: side, height: side, channels: 3 } });
}
