import '../../../../ui/older-browsers.js';
import '../../../../ui/zod-config.js';
import '../styles/index.css';
import { startApp } from '../app/start-app.js';
import { beginRole } from '../../../../ui/worker/begin-role.js';
import { setWorkerScript } from './worker-source.js';

// One script is all there is: in a worker it takes up a role, in the page it is the app.
if (typeof document === 'undefined') void beginRole(self as unknown as Parameters<typeof beginRole>[0]);
else {
  setWorkerScript(document.currentScript?.textContent ?? '');
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', startApp, { once: true });
  else startApp();
}
