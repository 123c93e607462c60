import '../../../ui/zod-config.js';
import './styles/index.css';
import { h, render } from 'preact';
import { loadSession } from './api/session.js';
import { App } from './app/App.js';
import { takeInvitation } from './sign-in/invitation-token.js';
import { takeReturn } from './sign-in/provider-return.js';

const place = document.getElementById('app');
if (!place) throw new TypeError('the page has no #app');
takeInvitation();
takeReturn();
render(h(App, {}), place);
void loadSession().finally(() => {
  document.documentElement.dataset['ready'] = 'true';
});
