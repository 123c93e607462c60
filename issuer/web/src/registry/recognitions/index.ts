export { RecognitionsView } from './RecognitionsView.js';
