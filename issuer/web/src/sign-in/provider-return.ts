import { z } from 'zod';
import { YizhengError } from '../../../../shared/errors.js';
import { call } from '../api/call.js';
import { nothing, signedInSchema, type SignedIn } from '../api/schemas.js';

/** What the browser came back with from the identity provider. */
export interface Returned {
  /** To sign in (or accept an invitation), or to link one's own account. */
  purpose: 'sign-in' | 'link';
  parameters: Record<string, string>;
}

const PAGE = '/sign-in-return';
const addressSchema = z.object({ address: z.url({ protocol: /^https?$/ }) });
const stepSchema = z.object({ signedIn: signedInSchema.optional(), needed: z.enum(['totp', 'recovery']).optional() });
let returned: Returned | undefined;

/** Takes what the provider sent back out of the address, which neither history nor bookmarks are to keep. */
export function takeReturn(): void {
  if (!location.pathname.endsWith(PAGE)) return;
  const parameters = Object.fromEntries(new URLSearchParams(location.search));
  const purpose = parameters['state']?.startsWith('link.') ? 'link' : 'sign-in';
  returned = { purpose, parameters };
  const home = `${location.pathname.slice(0, -PAGE.length)}/`;
  history.replaceState(null, '', home + (purpose === 'link' ? '#/account' : ''));
}

/** What this page was opened with. */
export function returnedFromProvider(): Returned | undefined {
  return returned;
}

/** It is done with. */
export function forgetReturn(): void {
  returned = undefined;
}

/** Language the provider is asked to speak. */
export function languageOf(tag: string): 'zh-CN' | 'en' {
  return tag === 'en' ? 'en' : 'zh-CN';
}

/**
 * Goes to the identity provider; the page ends here.
 * @param path what it is for, and `body` besides the language
 * @throws YizhengError as `call`
 */
export async function goToProvider(
  path: '/session/oidc' | '/account/identity',
  body: { language: 'zh-CN' | 'en'; invitation?: { token: string; login: string } },
): Promise<never> {
  const { address } = await call(path, addressSchema, { method: 'POST', body });
  location.assign(address);
  // Until the browser is there, whoever waits goes on waiting.
  return new Promise(() => undefined);
}

/**
 * Finishes a sign-in. @returns who is signed in, or which second factor is still needed
 * @throws YizhengError as `call`
 */
export async function finishProvider({ parameters }: Returned): Promise<SignedIn | 'totp' | 'recovery'> {
  const step = await call('/session/oidc/finish', stepSchema, { method: 'POST', body: { parameters } });
  const next = step.signedIn ?? step.needed;
  if (next === undefined)
    throw new YizhengError('ANSWER_UNKNOWN', 'The service answered something else.', { status: 502 });
  return next;
}

/** Finishes a link of one's own account. @throws YizhengError as `call` */
export async function finishLink({ parameters }: Returned): Promise<void> {
  await call('/account/identity/finish', nothing, { method: 'POST', body: { parameters } });
}
