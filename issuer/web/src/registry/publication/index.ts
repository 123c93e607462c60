export { PublicationView } from './PublicationView.js';
