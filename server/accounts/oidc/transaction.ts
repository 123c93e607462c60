import { z } from 'zod';
import { errorCode, YizhengError } from '../../../shared/errors.js';
import { keepChallenge, takeChallenge } from '../challenge.js';
import type { AccountEffects } from '../effects.js';
import { newToken } from '../secret-token.js';
import type { AskedProvider, IdentityProvider } from './provider.js';

const PURPOSE = 'oidc';
/** So long somebody may be at the provider, milliseconds. */
export const TRANSACTION_MS = 10 * 60_000;
/** So many may be there at once; beyond, only passkey and password sign in. */
const MOST = 5000;

const intentionSchema = z.discriminatedUnion('purpose', [
  z.strictObject({ purpose: z.literal('sign-in') }),
  z.strictObject({ purpose: z.literal('invitation'), tokenSha256: z.string(), login: z.string() }),
  z.strictObject({ purpose: z.literal('link'), account: z.string(), session: z.string() }),
]);
const askedSchema = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  begunAt: z.string(),
  intention: intentionSchema,
});

/** What somebody went to the provider for: to sign in, to accept an invitation, or to link an identity to the account they are signed in to. */
export type Intention = z.infer<typeof intentionSchema>;

/**
 * Begins a sign-in, and keeps it when the provider is there to be gone to. `state` says what it is for, so that the page knows whom to ask when the browser comes back; the service looks at
 * what it kept.
 * @returns the id for the cookie only, and the address to go to
 * @throws YizhengError `CHALLENGES_WAITING` (503), and as {@link IdentityProvider.address}
 */
export async function beginTransaction(
  effects: AccountEffects,
  provider: IdentityProvider,
  intention: Intention,
  language: 'zh-CN' | 'en',
): Promise<{ id: string; address: string }> {
  const { clock, randomBytes } = effects;
  const asked = {
    state: `${intention.purpose === 'link' ? 'link' : 'sign-in'}.${newToken(randomBytes)}`,
    nonce: newToken(randomBytes),
    verifier: newToken(randomBytes),
    begunAt: clock().toISOString(),
  };
  const address = await provider.address(asked, language);
  const value = JSON.stringify({ ...asked, intention });
  const id = await keepChallenge(effects, { purpose: PURPOSE, value }, { lifetimeMs: TRANSACTION_MS, most: MOST });
  return { id, address };
}

/**
 * Takes a kept sign-in out, whatever becomes of it then: nothing comes back twice.
 * @param id of the cookie; undefined in a browser that began none
 * @throws YizhengError `OIDC_STATE` (422)
 */
export async function takeTransaction(
  { database, clock }: AccountEffects,
  id: string | undefined,
): Promise<{ asked: AskedProvider; intention: Intention }> {
  if (id === undefined) throw lost();
  try {
    const value = await database.write((transaction) => takeChallenge(transaction, { id, purpose: PURPOSE }, clock()));
    const { intention, ...asked } = askedSchema.parse(JSON.parse(value));
    return { asked, intention };
  } catch (error) {
    if (errorCode(error, '') === 'CHALLENGE_INVALID') throw lost();
    throw error;
  }
}

/** What is said when nothing is known of a sign-in that comes back. */
export function lost(): YizhengError {
  return new YizhengError(
    'OIDC_STATE',
    'This sign-in took too long, was finished already, or began in another browser; begin again.',
    { status: 422 },
  );
}
