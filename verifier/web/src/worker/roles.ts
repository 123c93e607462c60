import { setRole } from '../../../../ui/worker/roles.js';

// The engine of the verifier that a server offers also judges the answers to its requests; the single file asks nobody.
setRole('engine', () => import('../request/answer-engine-worker.js'));
