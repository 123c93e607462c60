export { BatchesView } from './BatchesView.js';
