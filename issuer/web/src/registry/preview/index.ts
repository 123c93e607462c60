export { PreviewPanel } from './PreviewPanel.js';
export type { PreviewBody } from './use-preview.js';
