import './roles.js';
import { beginRole } from '../../../../ui/worker/begin-role.js';

void beginRole(self as unknown as Parameters<typeof beginRole>[0]);
