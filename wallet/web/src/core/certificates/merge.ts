import { isJsonObject, type JsonObject } from '../../../../../shared/json/parse-json.js';
import type { Verdict } from '../../../../../shared/verdict/types.js';
import type { HeldCertificate, HeldForm } from './held-certificate.js';
import { statedBy } from './read-form.js';

/**
 * Which certificate a form says it is: issuer, number and revision. Nobody has checked it.
 * @returns undefined for a credential of another kind, which is always one of its own
 */
export function statedIdentity({ format, text }: Pick<HeldForm, 'format' | 'text'>): string | undefined {
  const stated = statedBy(format, text);
  const credential = format === 'jwt_vc_json' && isJsonObject(stated['vc']) ? stated['vc'] : stated;
  const issuer = stated['iss'] ?? idOf(credential['issuer']);
  const id = stated['jti'] ?? credential['id'] ?? sdJwtId(stated);
  return typeof issuer === 'string' && typeof id === 'string' && id.startsWith(PREFIX) ? `${issuer} ${id}` : undefined;
}

/**
 * Puts the forms of one certificate together: the newer of each, but a form bound to a key of this wallet gives way only to one that is
 * bound so too. A certificate that was found genuine takes in only what was found so too, and what was never judged replaces nothing, so
 * that nobody can put his own form in the place of a good one.
 * @param ownKeys DIDs whose keys are kept here
 * @returns the certificate under the id of `before`, or undefined when the two are not to be put together
 */
export function merged(
  before: HeldCertificate,
  next: HeldCertificate,
  ownKeys: ReadonlySet<string>,
): HeldCertificate | undefined {
  const sameText = next.forms.every(({ text }) => before.forms.some((form) => form.text === text));
  const formats = new Set(next.forms.map(({ format }) => format));
  const rest = before.forms.filter(({ format }) => !formats.has(format));
  const isTwin =
    isSame(before, next) &&
    (bothGenuine(before, next) || (unjudged(before, next) && rest.length === before.forms.length));
  if (!isTwin && !sameText) return undefined;
  const isOwn = ({ holder }: HeldForm): boolean => holder !== undefined && ownKeys.has(holder);
  const taken = next.forms.map((form) => {
    const old = before.forms.find(({ format }) => format === form.format);
    return old && isOwn(old) && !isOwn(form) ? old : form;
  });
  const title = next.title.zh === undefined && next.title.en === undefined ? before.title : next.title;
  return { ...before, ...next, title, id: before.id, forms: [...taken, ...rest] };
}

const PREFIX = 'urn:yizheng:certificate:';

function isSame(a: HeldCertificate, b: HeldCertificate): boolean {
  const [one, other] = [a.forms[0], b.forms[0]].map((form) => form && statedIdentity(form));
  return one !== undefined && one === other;
}

function bothGenuine(...both: HeldCertificate[]): boolean {
  return both.every(({ verdict }) => isGenuine(verdict));
}

function unjudged(...both: HeldCertificate[]): boolean {
  return both.every(({ verdict }) => verdict === undefined);
}

function isGenuine(verdict: Verdict | undefined): boolean {
  return verdict?.questions.authentic.answer === 'pass';
}

function idOf(issuer: unknown): unknown {
  return isJsonObject(issuer) ? issuer['id'] : issuer;
}

function sdJwtId(stated: JsonObject): string | undefined {
  const { certificate_number: number, revision } = stated;
  return typeof number === 'string' && typeof revision === 'number'
    ? `${PREFIX}${encodeURIComponent(number)}:${revision}`
    : undefined;
}
