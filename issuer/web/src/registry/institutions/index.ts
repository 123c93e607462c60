export { InstitutionsView } from './InstitutionsView.js';
