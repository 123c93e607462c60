export { PrintingView } from './PrintingView.js';
