import { errorCode, YizhengError } from '../errors.js';
import { isJsonObject, type JsonValue } from '../json/parse-json.js';
import type { Verdict } from '../verdict/types.js';
import { verify, type VerifyContext } from '../verdict/verify.js';
import { dcqlCandidate } from './dcql-candidate.js';
import { PRESENTATION_FORMATS, type CredentialQuery, type DcqlQuery, type PresentationFormat } from './dcql-query.js';
import { matchCredential, satisfiesQuery } from './match-query.js';
import { checkPresentationJwt } from './presentation-jwt.js';
import { checkPresentationLdp } from './presentation-ldp.js';
import { checkPresentationSdJwt } from './presentation-sd-jwt.js';
import type { PresentationChallenge, ShownCredential } from './shown-credential.js';

/** What was asked, and when the answer came. Plain JSON. */
export interface AskedQuery extends PresentationChallenge {
  query: DcqlQuery;
}

/** One shown certificate and what it is worth. */
export interface JudgedPresentation {
  /** `id` of the credential query it answers. */
  queryId: string;
  format: PresentationFormat;
  /** What was shown, without the holder's proof around it: JSON text, or the compact text of a JWT or SD-JWT. */
  credential: string;
  verdict: Verdict;
}

/** Why an answer is refused. */
export interface AnswerProblem {
  /** Stable code. */
  code: string;
  /** `id` of the credential query. */
  queryId?: string;
  /** The claim it is about, dotted. */
  at?: string;
}

/** What {@link checkVpToken} found: certificates with their verdicts, or why the answer as a whole is refused. Plain JSON. */
export type VpTokenCheck =
  { accepted: true; presentations: JudgedPresentation[] } | { accepted: false; problems: AnswerProblem[] };

const MAX_PRESENTATIONS = 8;

/**
 * Judges the answer to a request: every presentation of a `vp_token` (OpenID4VP 1.0 §8.1, §8.6, §14.1).
 *
 * Each must prove that its holder answers this verifier and this request; what it shows gets the same verdict a certificate gets however
 * it arrives, with the holder's proof in it; and the query is evaluated again, over what was verified. `accepted` says that the question
 * was answered, not that the certificate is good: a revoked certificate honestly shown is accepted and has the verdict it deserves.
 *
 * Pure: the service and the reader's own device get the same from it.
 * @param vpToken as the wallet sent it: `{ "<query id>": [presentation, …] }`
 * @param asked the request it must answer
 * @param context trust data, anchor and time of the verdict
 * @returns refused with `VP_TOKEN_FORMAT`, `VP_TOKEN_UNKNOWN_ID`, `VP_TOKEN_MULTIPLE`, `QUERY_NOT_SATISFIED`, the `DCQL_*` codes of
 *   `matchCredential`, `CLAIM_NOT_ASKED_FOR`, `HOLDER_NOT_BOUND`, and the codes of the three kinds of presentation
 */
export async function checkVpToken(
  vpToken: JsonValue,
  asked: AskedQuery,
  context: VerifyContext,
): Promise<VpTokenCheck> {
  const problems: AnswerProblem[] = [];
  const presentations: JudgedPresentation[] = [];
  let entries: readonly Entry[];
  try {
    entries = readVpToken(vpToken, asked.query);
  } catch (error) {
    return { accepted: false, problems: [problemOf(error)] };
  }
  for (const { query, presentation } of entries) {
    try {
      presentations.push(await judge(query, presentation, asked, context));
    } catch (error) {
      problems.push({ ...problemOf(error), queryId: query.id });
    }
  }
  if (problems.length > 0) return { accepted: false, problems };
  const answered = new Set(presentations.map(({ queryId }) => queryId));
  return satisfiesQuery(asked.query, answered)
    ? { accepted: true, presentations }
    : { accepted: false, problems: [{ code: 'QUERY_NOT_SATISFIED' }] };
}

interface Entry {
  query: CredentialQuery;
  presentation: JsonValue;
}

function readVpToken(vpToken: JsonValue, { credentials }: DcqlQuery): Entry[] {
  if (!isJsonObject(vpToken)) throw refused('VP_TOKEN_FORMAT', 'vp_token is no object of lists by query id.');
  const entries = Object.entries(vpToken).flatMap(([id, presentations]) => {
    const query = credentials.find((one) => one.id === id);
    if (!query) throw refused('VP_TOKEN_UNKNOWN_ID', 'vp_token answers a query that was not asked.');
    if (!Array.isArray(presentations) || presentations.length === 0)
      throw refused('VP_TOKEN_FORMAT', 'vp_token holds something else than a list of presentations.', id);
    if (presentations.length > 1 && query.multiple !== true)
      throw refused('VP_TOKEN_MULTIPLE', 'vp_token holds several presentations where one was asked for.', id);
    return presentations.map((presentation) => ({ query, presentation }));
  });
  if (entries.length === 0) throw refused('QUERY_NOT_SATISFIED', 'vp_token holds no presentation.');
  if (entries.length > MAX_PRESENTATIONS) throw refused('VP_TOKEN_MULTIPLE', 'vp_token holds too many presentations.');
  return entries;
}

async function judge(
  query: CredentialQuery,
  presentation: JsonValue,
  asked: AskedQuery,
  context: VerifyContext,
): Promise<JudgedPresentation> {
  const format = PRESENTATION_FORMATS.find((known) => known === query.format);
  if (format === undefined) throw refused('VP_TOKEN_FORMAT', 'The query asks for a format that is not known.');
  const { credential, holder } = await checkHolder(format, presentation, asked);
  const verdict = await verify({ carrier: 'openid4vp', json: credential, holder }, context);
  if (isBoundToNobody(verdict))
    throw refused('HOLDER_NOT_BOUND', 'The certificate is bound to no key, so nobody can prove here to be its holder.');
  // What is not genuine has its verdict already; what it claims to say answers nothing.
  if (verdict.questions.authentic.answer !== 'fail') demandMatch(query, format, credential);
  return { queryId: query.id, format, credential, verdict };
}

/** A proof was given, so only a certificate without a key of its holder leaves that question open. */
function isBoundToNobody({ questions: { holder } }: Verdict): boolean {
  return holder.answer === 'unknown' && holder.code !== 'NOT_CHECKED';
}

function checkHolder(format: PresentationFormat, presentation: JsonValue, asked: AskedQuery): Promise<ShownCredential> {
  if (format === 'ldp_vc') {
    if (!isJsonObject(presentation)) throw refused('VP_TOKEN_FORMAT', 'A presentation of ldp_vc is an object.');
    return checkPresentationLdp(presentation, asked);
  }
  if (typeof presentation !== 'string') throw refused('VP_TOKEN_FORMAT', `A presentation of ${format} is a text.`);
  return format === 'dc+sd-jwt'
    ? checkPresentationSdJwt(presentation, asked)
    : checkPresentationJwt(presentation, format, asked);
}

function demandMatch(query: CredentialQuery, format: PresentationFormat, credential: string): void {
  const candidate = dcqlCandidate(format, credential);
  const match = matchCredential(query, candidate);
  if (!match.matches) throw refused(match.code, 'The presentation does not hold what was asked for.', match.at);
  const wanted = (query.claims ?? []).map(({ path }) => path);
  const extra = candidate.disclosed.find(
    (shown) => !wanted.some((path) => startsWith(path, shown) || startsWith(shown, path)),
  );
  if (extra) throw refused('CLAIM_NOT_ASKED_FOR', 'The presentation shows more than was asked for.', extra.join('.'));
}

function startsWith(path: readonly unknown[], start: readonly unknown[]): boolean {
  return start.length <= path.length && start.every((step, i) => step === path[i] || path[i] === null);
}

function problemOf(error: unknown): AnswerProblem {
  if (!(error instanceof YizhengError)) throw error;
  return { code: errorCode(error), ...(error.at !== undefined && { at: error.at }) };
}

function refused(code: string, message: string, at?: string): YizhengError {
  return new YizhengError(code, message, { status: 422, at });
}
