// Means over pictures at each set of coordinates, for runs whose pictures all have the same views (a path, a grid).
import { canonicalJson } from '../core/protocol.js';
import { unpackedGroup, type Observation } from '../core/observation.js';
import type { ViewMeans } from '../core/result.js';
import type { Coordinates } from '../core/view.js';
import { answerAt, storedProbability, top1 } from './answers.js';

/** Beyond so many distinct coordinates nobody reads a curve or a map, and none is kept. */
const MOST_COORDINATES = 5_000;

/** Probabilities are summed as whole multiples of 2^-32: such sums are exact (to 2 million), so no order can change them. */
const STEPS = 2 ** 32;

type Slot = {
  readonly at: Coordinates;
  /** Pictures with a view at these coordinates, and the last of them; then the same for views with an answer. */
  seen: number;
  lastSeen: number;
  pictures: number;
  lastPicture: number;
  labelled: number;
  right: number;
  trueProbability: number;
  compared: number;
  agreeing: number;
};

type ViewMeansCollector = {
  readonly add: (observation: Observation) => void;
  /**
   * In the order of the views of a picture (of the coordinates' text where that differs); empty where views differ from picture to picture. Views of the same
   * coordinates (passes) are averaged; coordinates without any answer to compare with a reference's are left out.
   */
  readonly means: () => ViewMeans[];
};

export function createViewMeans(): ViewMeansCollector {
  const slots = new Map<string, Slot>();
  const byIndex: Slot[] = [];
  let pictures = 0;
  let shared = true;
  let sameOrder = true;

  const slotOf = (at: Coordinates, index: number): Slot | null => {
    const expected = byIndex[index];
    if (expected !== undefined && sameCoordinates(expected.at, at)) return expected;
    const key = canonicalJson(at);
    let slot = slots.get(key);
    if (slot === undefined) {
      if (pictures > 1 || slots.size >= MOST_COORDINATES) return null;
      slot = emptySlot(at);
      slots.set(key, slot);
    }
    if (expected !== undefined) sameOrder = false;
    else byIndex[index] = slot;
    return slot;
  };

  const drop = () => {
    shared = false;
    slots.clear();
    byIndex.length = 0;
  };

  return {
    add: (observation) => {
      if (!shared) return;
      pictures++;
      if (pictures > 1 && observation.views.length !== byIndex.length) sameOrder = false;
      const references = referenceClasses(observation);
      for (const [index, view] of observation.views.entries()) {
        const slot = slotOf(view.at, index);
        if (slot === null) {
          drop();
          return;
        }
        if (slot.lastSeen !== pictures) slot.seen++;
        slot.lastSeen = pictures;
        const answer = answerAt(observation, index);
        if (answer === null) continue;
        if (slot.lastPicture !== pictures) slot.pictures++;
        slot.lastPicture = pictures;
        if (observation.label !== null) {
          slot.labelled++;
          slot.right += Number(top1(answer) === observation.label);
          slot.trueProbability += Math.round(STEPS * storedProbability(observation, answer, observation.label));
        }
        const reference = references[index];
        if (reference === undefined) continue;
        slot.compared++;
        slot.agreeing += Number(top1(answer) === reference);
      }
    },
    means: () => {
      const all = [...slots].map(([key, slot]) => ({ key, slot }));
      if (all.some(({ slot }) => slot.seen < pictures)) return [];
      if (!sameOrder) all.sort((a, b) => (a.key < b.key ? -1 : 1));
      return all
        .filter(({ slot }) => slot.compared > 0)
        .map(({ slot }) => ({
          at: slot.at,
          pictures: slot.pictures,
          accuracy: slot.labelled > 0 ? slot.right / slot.labelled : null,
          trueProbability: slot.labelled > 0 ? slot.trueProbability / STEPS / slot.labelled : null,
          agreement: slot.agreeing / slot.compared,
        }));
    },
  };
}

function emptySlot(at: Coordinates): Slot {
  return {
    at,
    seen: 0,
    lastSeen: 0,
    pictures: 0,
    lastPicture: 0,
    labelled: 0,
    right: 0,
    trueProbability: 0,
    compared: 0,
    agreeing: 0,
  };
}

function sameCoordinates(a: Coordinates, b: Coordinates): boolean {
  let keys = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    keys++;
  }
  return keys === Object.keys(b).length;
}

/** By view, the likeliest class at the reference view of the view's group. */
function referenceClasses(observation: Observation): (number | undefined)[] {
  const classes: (number | undefined)[] = [];
  for (const stored of observation.groups) {
    const group = unpackedGroup(stored);
    const reference = answerAt(observation, group.reference);
    if (reference === null) continue;
    for (const index of group.views) classes[index] ??= top1(reference);
  }
  return classes;
}
