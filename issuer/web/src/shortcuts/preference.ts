import { remember, remembered } from '../../../../ui/app/preferences.js';
import { createStore } from '../../../../ui/app/store.js';

/** Whether single keys do anything (WCAG 2.1.4: they can be switched off). Remembered on this device. */
export const shortcutsState = createStore(remembered('console-shortcuts') !== 'off');

/** Switches the keys on or off. */
export function switchShortcuts(isOn: boolean): void {
  remember('console-shortcuts', isOn ? undefined : 'off');
  shortcutsState.set(isOn);
}
