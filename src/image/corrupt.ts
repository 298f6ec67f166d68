// What a camera does to each of its frames by itself: JPEG compression, and noise. Applied after the shift, so that two
// views of one picture differ by more than whole pixels, as two frames of a film do.
import sharp from 'sharp';
import type { Corruption } from '../core/protocol.js';
import type { Random } from '../core/random.js';
import type { View } from '../core/view.js';
import { modulo, padded } from './canvas.js';
import type { ByteRaster } from './raster.js';

/**
 * The view in its own frame: the window with `corruption.margin` pixels round it, corrupted. Pixels beyond the canvas
 * are its nearest ones, on a torus those of the opposite edge; the frame itself is no torus.
 *
 * @param random the frame's own stream; only noise draws from it
 */
export async function corruptedView(
  view: View,
  window: { readonly width: number; readonly height: number },
  corruption: Corruption,
  random: Random,
): Promise<View> {
  const { margin } = corruption;
  const frame = frameOf(view, window, margin);
  const canvas =
    corruption.kind === 'jpeg' ? await compressed(frame, corruption) : noisy(frame, corruption.deviation, random);
  return { at: view.at, canvas, x: margin, y: margin, wrap: false };
}

/** The window with a margin round it, 8 bits a channel. */
function frameOf(
  { canvas, x, y, wrap }: View,
  { width, height }: { readonly width: number; readonly height: number },
  margin: number,
): ByteRaster {
  const [left, top] = [x - margin, y - margin];
  const [across, down] = [width + 2 * margin, height + 2 * margin];
  if (!wrap) {
    const right = left + across - canvas.width;
    const bottom = top + down - canvas.height;
    return bytesOf(padded(canvas, { left: -left, top: -top, right, bottom }, 'edge'));
  }
  const data = new Float32Array(3 * across * down);
  for (let row = 0, to = 0; row < down; row++) {
    const line = modulo(top + row, canvas.height) * canvas.width;
    for (let column = 0; column < across; column++, to += 3) {
      const from = 3 * (line + modulo(left + column, canvas.width));
      for (let channel = 0; channel < 3; channel++) data[to + channel] = canvas.data[from + channel] as number;
    }
  }
  return bytesOf({ width: across, height: down, data });
}

function bytesOf({ width, height, data }: View['canvas']): ByteRaster {
  if (data instanceof Uint8Array) return { width, height, data };
  return { width, height, data: Uint8Array.from(data, toByte) };
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}

/** Saved as a JPEG file and read again. */
async function compressed(
  { width, height, data }: ByteRaster,
  { quality, subsampling }: { readonly quality: number; readonly subsampling: '4:2:0' },
): Promise<ByteRaster> {
  const file = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: subsampling })
    .toBuffer();
  const read = await sharp(file).raw().toBuffer();
  return { width, height, data: new Uint8Array(read.buffer, read.byteOffset, read.byteLength) };
}

/** Gaussian noise on every channel of every pixel (Box & Muller, 1958), rounded to whole values. */
function noisy({ width, height, data }: ByteRaster, deviation: number, random: Random): ByteRaster {
  const noise = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 2) {
    // 1 − u lies above 0, where the logarithm is finite.
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    noise[i] = toByte((data[i] as number) + radius * Math.cos(angle));
    if (i + 1 < data.length) noise[i + 1] = toByte((data[i + 1] as number) + radius * Math.sin(angle));
  }
  return { width, height, data: noise };
}
