import { YizhengError } from '../../../../../shared/errors.js';
import type { JsonObject } from '../../../../../shared/json/parse-json.js';
import { satisfiesQuery } from '../../../../../shared/presentation/match-query.js';
import { findCertificate } from '../certificates/certificates.js';
import { formOf } from '../certificates/held-certificate.js';
import { loadHolderKey } from '../keys/holder-key.js';
import { sendForm, type Answer } from '../net/http.js';
import type { Platform } from '../platform.js';
import type { Vault } from '../vault/vault.js';
import { buildPresentation } from './build-presentation.js';
import { encryptResponse } from './encrypt-response.js';
import { matchRequest, type Candidate, type Choice } from './match-request.js';
import type { PresentationRequest } from './read-request.js';
import { logChange } from './share-log.js';

/** What the asker answered to the answer. */
export interface Delivered {
  /** Where the person may go on, if the asker said so. It is shown, not opened. */
  redirectUri?: string;
}

/**
 * Answers a request with what the person chose (OpenID4VP 1.0 §8): builds the presentations, posts them, and notes what was told to
 * whom. What was not chosen is in no byte of the answer.
 * @throws YizhengError `ANSWER_INCOMPLETE` when the choices do not answer the request, `HOLDER_KEY_MISSING`, `ANSWER_REFUSED` with the
 *   asker's error in `at`, `REQUEST_ENCRYPTION`, and the codes of `send`
 */
export async function answerRequest(
  request: PresentationRequest,
  choices: readonly Choice[],
  vault: Vault,
  platform: Platform,
): Promise<Delivered> {
  if (!satisfiesQuery(request.query, new Set(choices.map(({ queryId }) => queryId)))) throw incomplete();
  const vpToken: JsonObject = {};
  const told: { id: string; facts: string[] }[] = [];
  for (const choice of choices) {
    const certificate = await findCertificate(vault, choice.certificateId);
    const { queries } = matchRequest(request, [certificate]);
    const candidate = queries
      .find(({ queryId }) => queryId === choice.queryId)
      ?.candidates.find(({ format }) => format === choice.format);
    const form = formOf(certificate, choice.format);
    if (!candidate || form?.holder === undefined) throw incomplete();
    const shown = shownFacts(candidate, choice);
    const key = await loadHolderKey(vault, form.holder, platform);
    const disclose = shown.filter(({ asked }) => asked).map(({ path }) => path);
    vpToken[choice.queryId] = [await buildPresentation(form, disclose, key, request, platform)];
    told.push({ id: certificate.id, facts: shown.map(({ path }) => path.join('.')) });
  }
  const answer = await post(request, { vp_token: vpToken }, platform);
  if (answer.status !== 200) throw refused(answer, request);
  const { name, host, clientId } = request.party;
  const entry = { kind: 'request' as const, party: name ?? clientId.slice(0, 400), host, certificates: told };
  await vault.write([logChange(entry, platform)]);
  const redirect = answer.json?.['redirect_uri'];
  return typeof redirect === 'string' ? { redirectUri: redirect } : {};
}

/** Tells the asker that nothing will be shown (§8.5); whether it listens does not matter. */
export async function declineRequest(request: PresentationRequest, platform: Platform): Promise<void> {
  const { state, responseUri } = request;
  const fields = { error: 'access_denied', ...(state !== undefined && { state }) };
  await sendForm(platform, responseUri, fields).catch((error: unknown) => {
    if (!(error instanceof YizhengError)) throw error;
  });
}

function shownFacts(candidate: Candidate, { facts }: Choice): Candidate['facts'] {
  const isChosen = (path: readonly (string | number)[]): boolean =>
    facts.some((chosen) => chosen.length === path.length && chosen.every((step, i) => step === path[i]));
  return candidate.facts.filter(({ required, path }) => required || isChosen(path));
}

async function post(request: PresentationRequest, token: JsonObject, platform: Platform): Promise<Answer> {
  const { state, responseUri, encrypted } = request;
  const withState = state === undefined ? {} : { state };
  const fields: Record<string, string> = encrypted
    ? { response: await encryptResponse({ ...token, ...withState }, request.metadata) }
    : { vp_token: JSON.stringify(token['vp_token']), ...withState };
  return sendForm(platform, responseUri, fields);
}

function refused({ status, json }: Answer, { party }: PresentationRequest): YizhengError {
  const error = json?.['error_description'] ?? json?.['error'];
  const at = typeof error === 'string' ? `${party.host}: ${error.slice(0, 200)}` : `${party.host}: HTTP ${status}`;
  return new YizhengError('ANSWER_REFUSED', 'The asker did not take the answer.', { at });
}

function incomplete(): YizhengError {
  return new YizhengError('ANSWER_INCOMPLETE', 'What was chosen does not answer the request.', { status: 422 });
}
