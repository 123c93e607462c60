import { CREDENTIALS_V2_URL } from '../shared/certificate/context.js';
import { YizhengError } from '../shared/errors.js';
import type { JsonObject } from '../shared/json/parse-json.js';
import { signCompact, type FeedSigner } from '../shared/trust/jws.js';
import { RECOGNITION_CONTEXT_URL } from '../shared/trust/recognition-context.js';
import { buildStatementCredential } from '../shared/trust/statement-credential.js';
import { DAY, instant, rfc3339, within } from '../shared/trust/time.js';
import type { Recognition, RegistryEvent } from '../shared/trust/types.js';

/** Days a list may be relied on: as long as a feed, since whoever reads only the list does not read events. */
const VALID_DAYS = 7;

/**
 * Everybody an authority recognises now as one W3C `RecognizedEntityCredential`, one subject for each statement, for verifiers that
 * know only that draft (TRUST §4). Secured as `vc+jwt` and enveloped (VC 2.0 §4.13), so that it is JSON. Our own decision never
 * reads it.
 *
 * @param id address of the list
 * @param current from {@link currentRecognitions}
 * @param now milliseconds
 * @throws YizhengError `NOT_PUBLISHED` (404) when nobody is recognised: a credential needs a subject
 */
export async function recognisedList(
  id: string,
  authority: string,
  current: readonly Recognition[],
  now: number,
  signer: FeedSigner,
): Promise<JsonObject> {
  if (current.length === 0)
    throw new YizhengError('NOT_PUBLISHED', 'The authority recognises nobody now.', { status: 404 });
  const list = {
    '@context': [CREDENTIALS_V2_URL, RECOGNITION_CONTEXT_URL],
    id,
    type: ['VerifiableCredential', 'RecognizedEntityCredential'],
    issuer: { id: authority, type: 'RecognizedIssuer' },
    validFrom: rfc3339(now),
    validUntil: rfc3339(now + VALID_DAYS * DAY),
    credentialSubject: current.flatMap(
      (row) => buildStatementCredential('recognition', row)['credentialSubject'] ?? [],
    ),
  };
  return {
    '@context': CREDENTIALS_V2_URL,
    id: `data:application/vc+jwt,${await signCompact('vc+jwt', JSON.stringify(list), signer)}`,
    type: 'EnvelopedVerifiableCredential',
  };
}

/**
 * Statements for a list whose readers know no events: whoever is suspended, withdrawn or denied in any scope is left out, as are
 * statements that were revoked or superseded.
 * @param now milliseconds
 */
export function currentRecognitions(
  rows: readonly Recognition[],
  events: readonly RegistryEvent[],
  now: number,
): readonly Recognition[] {
  const active = events.filter(({ effectiveFrom, effectiveUntil }) =>
    within(now, instant(effectiveFrom), effectiveUntil === undefined ? undefined : instant(effectiveUntil)),
  );
  const begun = rows.filter(({ actions }) => actions.some(({ validFrom }) => instant(validFrom) <= now));
  const ended = new Set([
    ...begun.flatMap(({ supersedes = [] }) => supersedes),
    ...active.filter(({ event }) => event === 'statement-revoked').map(({ statement }) => statement),
  ]);
  const refused = new Set(
    active.filter(({ event }) => ['suspend', 'withdraw', 'deny'].includes(event)).map(({ about }) => about),
  );
  return begun.filter(
    ({ id, subject, homeAuthority }) =>
      !ended.has(id) && !refused.has(subject) && !refused.has(homeAuthority ?? subject),
  );
}
