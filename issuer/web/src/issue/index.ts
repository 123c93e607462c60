export { IssueView } from './IssueView.js';
