import { beginRole } from './begin-role.js';

void beginRole(self as unknown as Parameters<typeof beginRole>[0]);
