// The copies that the reference's pictures are compared on: profile gone, pixels untouched.
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { withoutProfile } from './without-profile.js';

it('a picture in Display P3 is read as its raw numbers once the profile is gone', async () => {
  const raw = Buffer.from([200, 60, 20, 30, 160, 90, 10, 20, 240, 128, 128, 128]);
  const plain = await sharp(raw, { raw: { width: 2, height: 2, channels: 3 } })
    .png()
    .toBuffer();
  const profiled = await sharp(plain).withIccProfile('p3').png().toBuffer();
  const stripped = withoutProfile(profiled);
  const read = async (png: Uint8Array): Promise<number[]> => [...(await sharp(png).raw().toBuffer())];
  expect([(await sharp(profiled).metadata()).hasProfile, (await sharp(stripped).metadata()).hasProfile]).toEqual([
    true,
    false,
  ]);
  expect(await read(withoutProfile(plain))).toEqual([...raw]);
  // Colours of a wide gamut change when they are brought to sRGB (grey doesn't), and are their stored numbers without it.
  expect(await read(stripped)).not.toEqual(await read(profiled));
});
