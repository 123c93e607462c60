import { remember, remembered } from '../app/preferences.js';

/** How the verdict is made known, besides on the screen. */
export type Feedback = 'vibrate' | 'speak';

const AT_FIRST: Record<Feedback, boolean> = { vibrate: true, speak: false };

/** Whether the person wants it. */
export function wants(feedback: Feedback): boolean {
  const kept = remembered(`scan-${feedback}`);
  return kept === undefined ? AT_FIRST[feedback] : kept === 'yes';
}

/** Remembers what the person wants. */
export function setWanted(feedback: Feedback, wanted: boolean): void {
  remember(`scan-${feedback}`, wanted ? 'yes' : 'no');
}

/** `id` of the camera chosen last. */
export function chosenCamera(): string | undefined {
  return remembered('scan-camera');
}

/** Remembers a camera. */
export function chooseCamera(id: string): void {
  remember('scan-camera', id);
}
