export { ApplicationsView } from './ApplicationsView.js';
