import { join } from 'node:path';
import { newPerson, type Person } from '../../accounts/people.js';
import { answer, citizenNumber, CODE, EMPLOYER_CODE, exam, startWorld, type World } from '../world.js';
import type { DatabaseKind } from '../../database/fresh-database.js';
import { candidateOf, planOf, resultOf } from '../assessment-sessions/plans.js';
import { people, sheetFile, uniqueCitizen } from '../batch/sheets.js';

/** Document numbers that are known to the institution, and must not be read anywhere. */
export const NUMBERS = [uniqueCitizen(901), uniqueCitizen(902), uniqueCitizen(61), uniqueCitizen(62), citizenNumber(1)];

/** An institution in the middle of its work, beside another one. */
export interface Office {
  world: World;
  /** Certificates, the second one revoked. */
  certificates: { id: string; certificateNumber: string }[];
  /** Of the other institution. */
  foreign: string;
  /** Batch that waits for its approver. */
  batch: string;
  /** Whoever uploaded it. */
  clerk: Person;
  /** Open offer with a transaction code, and an application with a certificate presented. */
  offer: string;
  application: string;
  /** Session with two candidates, results entered for one. */
  session: string;
}

/** Makes an {@link Office}. */
export async function startOffice(kind: DatabaseKind): Promise<Office> {
  const world = await startWorld({ kind, batches: { threads: 1, pollMs: 50 } });
  const { service } = world.issuer;
  const at = `/institutions/${CODE}`;
  const issue = (n: number): Promise<{ id: string; certificateNumber: string }> =>
    answer(world.call('POST', `${at}/certificates`, exam(n)), 201);
  const certificates = [await issue(1), await issue(2)];
  const offered = world.call('POST', `${at}/certificates/${encodeURIComponent(certificates[0]?.id ?? '')}/offers`, {});
  const { id: offer } = await answer<{ id: string }>(offered, 201);
  const applicant = { name: '张伟1', idType: 'resident-identity-card', idNumber: citizenNumber(1) };
  const wanted = { kind: 'skill-level', occupation: '6-31-01-03', level: { framework: 'cn-skill-5', value: '3' } };
  const { id: application } = await answer<{ id: string }>(
    world.call('POST', `${at}/applications`, { applicant, wanted }),
    201,
  );
  const shown = await service.certificate(CODE, certificates[0]?.id ?? '');
  await answer(world.call('POST', `${at}/applications/${application}/certificates`, { text: shown.json }));
  const revoked = encodeURIComponent(certificates[1]?.id ?? '');
  const { approver } = world.secrets;
  const fraud = { action: 'revoke', reason: 'fraud' };
  await answer(world.call('POST', `${at}/certificates/${revoked}/status`, fraud, { secret: approver }));
  const other = world.call(
    'POST',
    `/institutions/${EMPLOYER_CODE}/certificates`,
    exam(3, { holder: { ...(exam(3)['holder'] as object), name: '外人' }, employer: undefined }),
    { secret: world.secrets.other },
  );
  const foreign = (await other).status === 201 ? ((await (await other).json()) as { id: string }).id : '';

  await service.institutions.setApproval(CODE, true, 'test');
  const clerk = await newPerson(service.effects, world.listener.url, {
    login: 'clerk.one',
    name: '王书办',
    tenant: CODE,
    roles: ['clerk', 'approver'],
  });
  const path = await sheetFile(join(world.folder, 'sheet.csv'), people(2, 61));
  const { id: batch } = await service.batches.upload({
    institution: CODE,
    actor: clerk.id,
    operation: 'issue',
    file: { path, name: 'sheet.csv' },
  });
  await service.batches.confirm(CODE, batch, { actor: clerk.id, rows: 'all' });

  const session = 'PJ-MOVE';
  const ask = (rest: string, body?: unknown, method = 'POST'): Promise<unknown> =>
    answer(
      world.call(method, `${at}/assessment-sessions${rest}`, body),
      method === 'POST' && !rest.endsWith('open') ? 201 : 200,
    );
  await ask('', planOf(session));
  await answer(
    world.call('POST', `${at}/assessment-sessions/${session}/open`, undefined, { secret: world.secrets.approver }),
  );
  await ask(`/${session}/candidates`, candidateOf(901));
  await ask(`/${session}/candidates`, candidateOf(902));
  const result = resultOf(1, { theory: '85', practical: '90', version: 1 });
  await ask(`/${session}/results`, { results: [result] }, 'PUT');
  await answer(world.call('PUT', `${at}/print-layout`, { serialPrefix: 'SC-' }, { secret: world.secrets.admin }));
  return { world, certificates, foreign, batch, clerk, offer, application, session };
}
