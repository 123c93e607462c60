export { KeysView } from './KeysView.js';
