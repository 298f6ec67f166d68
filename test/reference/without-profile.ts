// PNG files without their colour profile: the same pixels for every decoder (PNG specification, sections 5.3 and 11.3.2).

/** A PNG's bytes without chunks that change what its pixels mean (iCCP, sRGB, gAMA, cHRM); the pixels stay as they are. */
export function withoutProfile(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const kept = [png.subarray(0, 8)];
  for (let at = 8; at < png.length;) {
    const end = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (!['iCCP', 'sRGB', 'gAMA', 'cHRM'].includes(type)) kept.push(png.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}
