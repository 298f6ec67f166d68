// What the frames section and its charts draw of films: frames with their answers, flips, and which frames are shown.
import { evenlySpaced } from './choose.js';
import type { Facts } from './facts.js';
import type { Track } from './track.js';

/** Films with a strip and a trace in the page. */
const FILMS = 6;
/** Frames of a strip. */
const FRAMES = 17;

/** A film as the page shows it. */
export type ShownFilm = {
  /** Index into the page's pictures. */
  readonly picture: number;
  readonly name: string;
  /** By model; null where it has no answer. */
  readonly tracks: readonly (Track | null)[];
};

/** The films that are shown: those whose answers change most under the model under study, ties in the order of ids. */
export function shownFilms({ input, pictures, pictureNames, tracks }: Facts): ShownFilm[] {
  if (input.result.protocol.probe.name !== 'frames') return [];
  return pictures
    .flatMap((_, picture): ShownFilm[] => {
      const own = tracks.map((list) => list[picture] ?? null);
      return own[0] ? [{ picture, name: pictureNames[picture] ?? '', tracks: own }] : [];
    })
    .sort((a, b) => flipsOf(b.tracks[0]).length - flipsOf(a.tracks[0]).length)
    .slice(0, FILMS);
}

/** Positions of frames whose answer is another than the frame's before it; none across a hole. */
export function flipsOf(track: Track | null | undefined): number[] {
  return (track?.pairs ?? []).flatMap(([a, b]) => {
    const [from, to] = [track?.top[a] ?? null, track?.top[b] ?? null];
    return from !== null && to !== null && from !== to ? [b] : [];
  });
}

/** A frame's number. */
export function frameOf({ at }: Track, view: number): number {
  return Number(at[view]?.['frame']);
}

/** Positions of the frames of a strip, the first and the last among them, of those that `has` an image. */
export function stripFrames(track: Track, has: (view: number) => boolean): readonly number[] {
  return evenlySpaced(
    track.views.map((_, position) => position).filter((position) => has(track.views[position] as number)),
    FRAMES,
  );
}
