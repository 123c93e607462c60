import { config } from 'zod';

// zod would try `new Function` once, which the Content-Security-Policy reports as an attack.
config({ jitless: true });
