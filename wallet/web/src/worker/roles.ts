import { setRole } from '../../../../ui/worker/roles.js';

// The engine of the wallet also says what its certificates are worth; the scanner is that of every app.
setRole('engine', () => import('../engine/engine-worker.js'));
