export { PeopleView } from './PeopleView.js';
