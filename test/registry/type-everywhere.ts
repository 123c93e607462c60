import assert from 'node:assert/strict';
import { PASSWORD } from '../accounts/people.js';
import { payload, typedIn, type OpenApi } from '../server/typed-fields.js';
import { KEY } from '../trust/world.js';
import type { People } from './people.js';
import type { RunningRegistry } from './running-registry.js';

const DIGEST = `uEi${'A'.repeat(44)}`;

/** What was typed where, and the ids of what was made. */
export interface Typed {
  /** Payload by field, as `freeTextFields` names them. */
  fields: Map<string, string>;
  proposals: string[];
  applications: string[];
}

/**
 * Types a payload into every field of the registry that takes text, by the routes the console uses: an accreditation, a recognition by
 * memorandum, urgent events, findings, applications, refusals, people.
 * @param people the standard ones, with `host` and, of institutions, `chen` and `other`
 */
export async function typeEverywhere(registry: RunningRegistry, people: People, api: OpenApi): Promise<Typed> {
  const fields = new Map<string, string>();
  const proposals: string[] = [];
  const applications: string[] = [];
  const send = async (who: string, method: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await people.send(who, method, path, body);
    assert.ok(answer.status < 400, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    for (const [field, text] of typedIn(api, method, `/authorities${path}`, body)) fields.set(field, text);
    return answer.body;
  };
  const post = (who: string, path: string, body: object): Promise<Record<string, unknown>> =>
    send(who, 'POST', `/sc${path}`, body);
  const scope = () => ({
    kind: ['skill-level'],
    occupation: ['6-18-02-04'],
    level: [{ framework: 'cn-skill-5', value: '3' }],
    standard: [payload()],
    region: ['51*'],
    candidates: 'public',
  });
  const institution = (name: string) => `did:web:${name}.example`;
  const keys = (name: string) => [
    { id: `${institution(name)}#k1`, type: 'Multikey', publicKeyMultibase: KEY, validFrom: '2026-01-01T00:00:00Z' },
  ];
  const asks = (name: string, code: string) => ({
    institution: institution(name),
    legalName: payload(),
    institutionKind: 'social',
    institutionCode: code,
    actions: [{ validUntil: '2029-01-01T00:00:00+08:00', scope: scope() }],
  });

  await post('zhang', '/accreditations', { ...asks('one', 'S000051000101'), signingKeys: keys('one') });
  const denied = await post('zhang', '/events', {
    about: institution('one'),
    event: 'deny',
    cause: 'integrity',
    scope: { standard: [payload()] },
    urgent: true,
    urgentReason: payload(),
  });
  const id = String(denied['id']);
  proposals.push(id);
  await post('li', `/proposals/${id}/approve`, { reason: payload() });
  const memorandum = { id: 'urn:memorandum:1', name: payload(), party: [registry.did('sc'), registry.did('cq')] };
  const recognises = { subject: registry.did('cq'), legalName: payload(), actions: [{ treatment: ['full'], scope: { standard: [payload()] } }] }; // prettier-ignore
  const urgent = { urgent: true, urgentReason: payload() };
  const proposed = await post('zhang', '/recognitions', { ...recognises, memorandum, ...urgent });
  proposals.push(String(proposed['id']));
  await post('li', `/proposals/${String(proposed['id'])}/reject`, { reason: payload() });

  const finding = await post('zhang', '/reviews', {
    about: institution('one'),
    criteria: payload(),
    result: 'concern',
  });
  const measure = { event: 'withdraw', cause: 'integrity', urgent: true, urgentReason: payload() };
  proposals.push(String((await post('zhang', `/reviews/${String(finding['id'])}/measure`, measure))['id']));

  const apply = async (who: string, name: string, code: string): Promise<string> => {
    const documents = [{ name: payload(), digestMultibase: DIGEST }];
    const made = await post(who, '/applications', { ...asks(name, code), documents, remark: payload() });
    applications.push(String(made['id']));
    return String(made['id']);
  };
  const back = await apply('chen', 'two', 'S000051000102');
  await post('zhang', `/applications/${back}/send-back`, { reason: payload() });
  const refused = await apply('other', 'three', 'S000051000103');
  await post('zhang', `/applications/${refused}/refuse`, { reason: payload() });
  const taken = await apply('chen', 'four', 'S000051000104');
  await post('zhang', `/applications/${taken}/accredit`, { signingKeys: keys('four'), actions: [{ scope: scope() }] });

  const { token } = await post('boss', '/invitations', { name: payload(), roles: ['officer'] });
  const accepted = await fetch(`${registry.url}/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, login: 'typed', password: PASSWORD }),
  });
  assert.equal(accepted.status, 201);
  await send('host', 'POST', '', { slug: 'xx', name: payload() });
  return { fields, proposals, applications };
}
