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
import { logChange, unconfirmed, type LogChange } from './share-log.js';

/** What the asker answered to the answer. */
export interface Delivered {
  /** Where the person may go on, if the asker said so. It is shown, not opened. */
  redirectUri?: string;
}

/**
 * Answers a request with what the person chose (OpenID4VP 1.0 §8): builds the presentations, notes what is told to whom, posts them,
 * and confirms the note when they arrived. What was not chosen is in no byte of the answer.
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
  const fields = await answerFields(request, { vp_token: vpToken });
  const { name, host, clientId } = request.party;
  const entry = logChange({ kind: 'request', party: name ?? clientId, host, certificates: told }, platform);
  await vault.write([unconfirmed(entry)]);
  const answer = await sendForm(platform, request.responseUri, fields);
  if (answer.status !== 200) throw refused(answer, request);
  await confirm(entry, vault);
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

async function answerFields(request: PresentationRequest, token: JsonObject): Promise<Record<string, string>> {
  const { state, encrypted } = request;
  const withState = state === undefined ? {} : { state };
  return encrypted
    ? { response: await encryptResponse({ ...token, ...withState }, request.metadata) }
    : { vp_token: JSON.stringify(token['vp_token']), ...withState };
}

/** The answer has arrived, so a wallet that was locked meanwhile is no failure: the entry stays there unconfirmed. */
async function confirm(entry: LogChange, vault: Vault): Promise<void> {
  await vault.write([entry]).catch((error: unknown) => {
    if (!(error instanceof YizhengError)) throw error;
  });
}

function refused({ status, json }: Answer, { party }: PresentationRequest): YizhengError {
  const error = json?.['error_description'] ?? json?.['error'];
  const at = typeof error === 'string' ? `${party.host}: ${error.slice(0, 200)}` : `${party.host}: HTTP ${status}`;
  return new YizhengError('ANSWER_REFUSED', 'The asker did not take the answer.', { at });
}

function incomplete(): YizhengError {
  return new YizhengError('ANSWER_INCOMPLETE', 'What was chosen does not answer the request.', { status: 422 });
}
