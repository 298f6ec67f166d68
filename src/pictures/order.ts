// The order of pictures, the same on every machine: by Unicode code point.

/** Where a UTF-16 unit stands in code-point order: surrogates (beyond U+FFFF) after all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Compares two texts by code point (as UTF-8 bytes would be), whatever the machine's language. */
export function byCodePoint(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
