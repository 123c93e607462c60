export { SessionsView } from './SessionsView.js';
