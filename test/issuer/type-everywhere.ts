import { setTimeout as sleep } from 'node:timers/promises';
import type { KindId } from '../../shared/certificate/kind.js';
import { PASSWORD } from '../accounts/people.js';
import { neutralised } from '../../shared/sheet/neutralise.js';
import { MARK, payload, typedIn, type OpenApi } from '../server/typed-fields.js';
import { line, SHEET_HEADER, uniqueCitizen } from './batch/sheets.js';
import { candidateOf, planOf, resultOf } from './assessment-sessions/plans.js';
import { answer, citizenNumber, CODE, EMPLOYER_CODE, EMPLOYER_USCC, exam, type World } from './world.js';

/** What was typed where, and what came of it. */
export interface Typed {
  /** Payload by field, as `freeTextFields` names them; sheets by route. */
  fields: Map<string, string>;
  /** Ids of what was made, by the names of path parameters. */
  ids: Record<string, string[]>;
  /** Addresses that say what they are asked for. */
  more: string[];
}

/** As our own sheets write it: a formula is refused. */
const cell = (): string => neutralised(payload());
const OWN = `/institutions/${CODE}`;
const KINDS: readonly KindId[] = ['special-equipment', 'competition-result', 'appointment', 'construction-special'];

/**
 * Types a payload into every field of the issuer that takes text, by the routes the console uses, and lets everything come to what it
 * comes to: certificates, a batch sent back, a session with candidates and results, ceremonies, applications, people.
 */
export async function typeEverywhere(world: World, api: OpenApi): Promise<Typed> {
  const fields = new Map<string, string>();
  const more: string[] = [];
  const ids: Record<string, string[]> = { institutionCode: [CODE], row: ['2'], file: ['1'], keyName: ['key-1'] };
  const keep = (name: string, id: string): void => void (ids[name] ??= []).push(id);
  const send = async <T>(method: string, path: string, body: unknown, who = 'clerk', status?: number): Promise<T> => {
    const secret = world.secrets[who as keyof typeof world.secrets];
    const response = await world.call(method, path, body, { secret });
    if (response.status >= 400 || (status !== undefined && response.status !== status))
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    for (const [field, text] of typedIn(api, method, path, body)) fields.set(field, text);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const upload = async <T>(path: string, rows: readonly (readonly string[])[], more: object = {}): Promise<T> => {
    const body = new FormData();
    for (const [name, value] of Object.entries(more)) body.set(name, String(value));
    const text = rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
    body.set('file', new File([`\ufeff${text}\r\n`], `=1${MARK}>.csv`, { type: 'text/csv' }));
    const headers = { authorization: `Bearer ${world.secrets.clerk}`, 'idempotency-key': crypto.randomUUID() };
    return answer(
      fetch(world.listener.url + path, { method: 'POST', headers, body }),
      path.includes('assessment') ? 200 : 201,
    );
  };
  const until = async (id: string, state: string): Promise<void> => {
    while ((await world.issuer.service.batches.get(CODE, id)).state !== state) await sleep(20);
  };

  await widen(world);
  await typeCertificates();
  await typeBatches();
  await typeSessions();
  await typeApplications();
  await typePeople();
  return { fields, ids, more };

  async function typeCertificates(): Promise<void> {
    const occupation = { code: '6-18-02-04', catalogueEdition: '1999', name: payload(), trade: payload() };
    const employer = { uscc: EMPLOYER_USCC, name: payload() };
    const issue = async (n: number, changes: object): Promise<void> => {
      const base = exam(n) as { holder: object; assessment: object };
      const holder = { ...base.holder, name: payload() };
      const assessment = { ...base.assessment, standard: payload() };
      const body = exam(n, { holder, assessment, ...changes });
      keep('certificateId', (await send<{ id: string }>('POST', `${OWN}/certificates`, body)).id);
    };
    const advancement = { path: 'exceptional', basis: payload() };
    await issue(301, { occupation, candidateEmployer: employer, advancement });
    const none = { occupation: undefined, level: undefined };
    const permit = { category: payload(), item: payload(), firstIssuedOn: '2026-11-20', reviewBy: '2029-11-20' };
    await issue(302, {
      ...none,
      kind: 'special-operation',
      certificateNumber: 'SO-9',
      expiresOn: '2032-11-19',
      permit,
    });
    const competition = { filingNumber: '川竞1', name: payload(), event: payload(), rank: payload(20) };
    const rest = { level: undefined, certificateNumber: 'JS-9' };
    await issue(303, { ...rest, kind: 'competition-result', competition });
    const appointment = { position: payload(), from: '2026-11-20' };
    await issue(304, { ...rest, kind: 'appointment', certificateNumber: 'PR-9', appointment });
    const training = { title: payload(), hours: 12 };
    await issue(305, { ...none, kind: 'training-completion', certificateNumber: 'PX-9', training });
  }

  async function typeBatches(): Promise<void> {
    const header = SHEET_HEADER.split(',');
    const row = (n: number, changes: Record<string, string> = {}): string[] => {
      const cells = line(n).split(',');
      return header.map((name, i) => changes[name] ?? cells[i] ?? '');
    };
    const typed = { 姓名: cell(), 工种: cell(), 考核标准: cell() };
    const done = await upload<{ id: string }>(`${OWN}/batches`, [header, row(401, typed)], { operation: 'issue' });
    await send('POST', `${OWN}/batches/${done.id}/confirm`, { rows: 'all' });
    await until(done.id, 'done');
    const wrong = header.map(() => payload());
    const bad = await upload<{ id: string }>(`${OWN}/batches`, [header, wrong], { operation: 'issue' });
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    const sheet = [header, row(402, { 姓名: cell() })];
    const back = await upload<{ id: string }>(`${OWN}/batches`, sheet, { operation: 'issue' });
    await send('POST', `${OWN}/batches/${back.id}/confirm`, { rows: 'all' });
    await send('POST', `${OWN}/batches/${back.id}/send-back`, { note: payload() }, 'approver');
    await world.issuer.service.institutions.setApproval(CODE, false, 'test');
    for (const { id } of [done, bad, back]) keep('batchId', id);
    const run = await send<{ id: string }>('POST', `${OWN}/print-runs`, { batch: done.id });
    keep('runId', run.id);
  }

  async function typeSessions(): Promise<void> {
    const base = `${OWN}/assessment-sessions`;
    const plan = (id: string): Record<string, unknown> =>
      planOf(id, {
        occupation: { code: '6-18-02-04', trade: payload() },
        standard: payload(),
        place: payload(),
        staff: [{ role: 'assessor', name: payload(), number: 'KP-0001' }],
      });
    await send('POST', base, plan('ZX-1'));
    await send('POST', `${base}/ZX-1/partners`, { institution: EMPLOYER_CODE });
    const { id: _, heldOn: __, place: ___, seats: ____, staff: _____, ...accepted } = plan('ZX-1');
    const partner = `/institutions/${EMPLOYER_CODE}/joint-examinations/ZX-1`;
    await send('POST', `${partner}/accept`, { lead: CODE, line: accepted }, 'other');
    const { version } = await send<{ version: number }>('GET', `/institutions/${EMPLOYER_CODE}/assessment-sessions/ZX-1`, undefined, 'other'); // prettier-ignore
    const again = { version, line: { ...accepted, standard: payload() } };
    await send('PUT', `/institutions/${EMPLOYER_CODE}/assessment-sessions/ZX-1/line`, again, 'other');
    await send('POST', `${base}/ZX-1/open`, undefined);
    const employer = { uscc: EMPLOYER_USCC, name: payload() };
    await send('POST', `${base}/ZX-1/candidates`, candidateOf(501, { name: payload(), employer }));
    await upload(`${base}/ZX-1/candidates/sheet`, [
      ['姓名', '证件号码'],
      [cell(), uniqueCitizen(502)],
    ]);
    await upload(`${base}/ZX-1/results/sheet`, [
      ['考生序号', '姓名', '理论成绩', '实操成绩'],
      ['1', cell(), cell(), cell()],
    ]);
    const results = [resultOf(1, { theory: '90', practical: '90' })];
    await send('PUT', `${base}/ZX-1/results`, { results });
    await send('POST', base, plan('ZX-2'));
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    await send('POST', `${base}/ZX-2/send-back`, { note: payload() }, 'approver');
    await world.issuer.service.institutions.setApproval(CODE, false, 'test');
    await send('POST', `${base}/ZX-2/void`, { note: payload() }, 'officer');
    for (const id of ['ZX-1', 'ZX-2']) keep('sessionId', id);
  }

  async function typeApplications(): Promise<void> {
    const name = payload();
    const applicant = { name, idType: 'resident-identity-card', idNumber: citizenNumber(601) };
    const begin = async (wanted: object): Promise<string> => {
      const { id } = await send<{ id: string }>('POST', `${OWN}/applications`, { applicant, wanted });
      keep('applicationId', id);
      return id;
    };
    const closed = await begin({ kind: 'special-equipment', item: payload() });
    await send('POST', `${OWN}/applications/${closed}/close`, { outcome: 'refused', reason: payload() });
    const permit = { category: '电工作业', item: '低压电工作业', firstIssuedOn: '2026-11-20', reviewBy: '2029-11-20' };
    const assessment = { ...(exam(1)['assessment'] as object), region: '510100' };
    const changes = { kind: 'special-operation', occupation: undefined, level: undefined, certificateNumber: 'SO-10' };
    const holder = { holder: applicant, expiresOn: '2032-11-19', permit, assessment };
    const { qr } = await send<{ qr: { text: string } }>('POST', `${OWN}/certificates`, exam(601, { ...changes, ...holder })); // prettier-ignore
    const id = await begin({ kind: 'construction-special', item: '建筑电工' });
    await send('POST', `${OWN}/applications/${id}/certificates`, { text: qr.text });
    await send('PUT', `${OWN}/applications/${id}/remaining`, {
      assessment: { id: 'MK-1', standard: payload(), standardType: 'national', date: '2026-11-20', region: '510100' },
      results: [{ part: 'exam', passed: true, theoryScore: '82', practicalScore: '75' }],
    });
    const handedIn = await send<{ batch: string }>('POST', `${OWN}/applications/${id}/hand-in`, {
      idNumber: citizenNumber(601),
      permit: { category: payload(), firstIssuedOn: '2026-11-20', reviewBy: '2028-11-20' },
      expiresOn: '2028-11-20',
      certificateNumber: '川A012026000001',
      employer: { uscc: EMPLOYER_USCC, name: payload() },
    });
    await until(handedIn.batch, 'done');
    keep('batchId', handedIn.batch);
    keep('certificateId', '川A012026000001');
  }

  async function typePeople(): Promise<void> {
    const authority = { did: 'did:web:hrss.sc.example' };
    await send('POST', '/institutions', { code: 'S000051000777', name: payload(), authority }, 'host');
    const expiresAt = '2027-01-01T00:00:00Z';
    const key = { label: payload(), roles: ['clerk'], expiresAt };
    const { id, secret } = await send<{ id: string; secret: string }>('POST', `${OWN}/api-keys`, key, 'admin');
    await answer(world.call('GET', `${OWN}/certificates`, undefined, { secret }));
    more.push(`${OWN}/names?ids=${id}`);
    const person = { name: payload(), roles: ['clerk'] };
    const { token } = await send<{ token: string }>('POST', `${OWN}/invitations`, person, 'admin');
    await send('POST', '/invitations/accept', { token, login: 'typed', password: PASSWORD });
    const reason = { kind: 'prepare', reason: payload() };
    keep('ceremonyId', (await send<{ id: string }>('POST', `${OWN}/key-ceremonies`, reason, 'custodian')).id);
  }
}

/** Lets the tests' institution issue kinds whose texts are typed too, under any standard. */
async function widen(world: World): Promise<void> {
  const { service } = world.issuer;
  world.accreditations = world.accreditations.map((row) => ({
    ...row,
    id: `${row.id}-typed`,
    actions: row.actions.map(({ scope, ...action }) => ({
      ...action,
      scope: {
        ...scope,
        kind: [...(scope.kind ?? []), ...KINDS],
        occupation: ['*', '1999:*'],
        candidates: 'public' as const,
      },
    })),
  }));
  const institution = await service.institutions.get(CODE);
  await service.accreditations.import(institution, 'test', await world.publish(world.accreditations));
}
