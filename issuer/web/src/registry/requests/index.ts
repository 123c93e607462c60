export { RequestsView } from './RequestsView.js';
