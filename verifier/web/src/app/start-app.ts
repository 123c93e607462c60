import { h, render } from 'preact';
import { App } from './App.js';

/** Shows the app in `#app`. */
export function startApp(): void {
  const place = document.getElementById('app');
  if (!place) throw new TypeError('the page has no #app');
  render(h(App, {}), place);
}
