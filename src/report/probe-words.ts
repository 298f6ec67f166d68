// How steps and views are called under probes whose views aren't shifts. A new probe is one entry here.
import type { Words } from './words.js';

type ProbeWords = Pick<Words, 'step' | 'steps' | 'heading' | 'title' | 'further' | 'centre' | 'everywhere'>;

export const probeWords: Readonly<Record<string, ProbeWords>> = {
  kernels: {
    step: 'change of the resize kernel',
    steps: 'changes of the resize kernel',
    heading: 'What the resize kernel does',
    title: 'Resize kernels',
    further: 'resized by another kernel',
    centre: 'with the model’s own kernel',
    everywhere: 'with every kernel',
  },
  frames: {
    step: 'step from frame to frame',
    steps: 'steps from frame to frame',
    heading: 'What one frame does',
    title: 'Frame by frame',
    further: 'one frame later',
    centre: 'in the first frame',
    everywhere: 'in every frame',
  },
};
