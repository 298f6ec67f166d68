// What each view went through by itself, in words.
import type { Corruption, Protocol } from '../core/protocol.js';

/** "each view saved as a JPEG file of quality 90 (chroma 4:2:0) by itself"; null where views are as they were cut. */
export function corruptionWords({ corruption }: Pick<Protocol, 'corruption'>): string | null {
  return corruption === undefined ? null : `${what(corruption)}, with ${corruption.margin} px round it`;
}

function what(corruption: Corruption): string {
  return corruption.kind === 'jpeg'
    ? `each view saved as a JPEG file of quality ${corruption.quality} (chroma ${corruption.subsampling}) by itself`
    : `each view with noise of its own (standard deviation ${corruption.deviation} of 0…255)`;
}
