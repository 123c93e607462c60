export { WorkView } from './WorkView.js';
