import { compiledEddsaRdfc2022 } from '../../shared/proof/compiled-eddsa-rdfc-2022.js';
import type { TextSignerOptions } from '../../shared/proof/compiled/certificate-text-signer.js';
import { deriveTemplates } from '../../shared/proof/compiled/derive-templates.js';

/** What a text signer needs that has everything in its own thread. */
export const inOneThread: Pick<TextSignerOptions, 'derive' | 'general'> = {
  derive: deriveTemplates,
  general: () => Promise.resolve(compiledEddsaRdfc2022()),
};
