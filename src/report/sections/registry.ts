// The page's sections in their order: from the answer to the evidence to the method.
import { all } from './all.js';
import { answer } from './answer.js';
import { compare } from './compare.js';
import { gallery } from './gallery.js';
import { layers } from './layers.js';
import { method } from './method.js';
import { picture } from './picture.js';
import { positions } from './positions.js';
import type { SectionMaker } from './section.js';
import { sweep } from './sweep.js';

export const sections: readonly SectionMaker[] = [
  answer,
  picture,
  all,
  positions,
  sweep,
  compare,
  layers,
  gallery,
  method,
];
