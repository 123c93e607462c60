export { SupervisionView } from './SupervisionView.js';
