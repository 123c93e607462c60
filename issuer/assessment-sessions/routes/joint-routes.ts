import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../../server/index.js';
import { language } from '../../routes/batch-schemas.js';
import { institutionParams } from '../../routes/params.js';
import type { IssuerService } from '../../service.js';
import { lineSchema } from '../plan-schema.js';
import { actorOf } from './actor-of.js';
import { fitSchema, invitationSchema, otherInstitution, SESSION_READERS, sessionParams, shownFit } from './schemas.js';

/** Who invites and answers: the line is confirmed by a second person later, where the institution asks for one. */
const ANSWERERS = ['clerk', 'approver', 'officer'] as const;

/** Joint examinations: inviting institutions of this host, and answering. */
export function jointRoutes(app: ServiceApp, service: IssuerService): void {
  const { joint } = service.sessions;
  const partners = '/institutions/:institutionCode/assessment-sessions/:sessionId/partners';
  const invitations = '/institutions/:institutionCode/joint-examinations';
  const tenantParam = 'institutionCode';
  const done = { 204: { description: 'Done' } };

  defineRoute(app, {
    method: 'post',
    path: partners,
    summary: 'Invite an institution of this host to a joint examination, while the session is planned',
    access: ANSWERERS,
    tenantParam,
    params: sessionParams,
    body: z.strictObject({ institution: otherInstitution }).meta({ id: 'InvitePartner' }),
    responses: done,
    handler: async ({ params, body, principal }) => {
      const address = { institution: params.institutionCode, id: params.sessionId };
      await joint.invite(address, body.institution, actorOf(principal));
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'delete',
    path: `${partners}/:partnerCode`,
    summary: 'Take back an invitation that was not answered',
    access: ANSWERERS,
    tenantParam,
    params: z.strictObject({ ...sessionParams.shape, partnerCode: otherInstitution }),
    responses: done,
    handler: async ({ params, principal }) => {
      const address = { institution: params.institutionCode, id: params.sessionId };
      await joint.withdraw(address, params.partnerCode, actorOf(principal));
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: invitations,
    summary: 'Invitations to joint examinations that wait for an answer or were declined',
    access: SESSION_READERS,
    tenantParam,
    params: institutionParams,
    responses: {
      200: { description: 'Invitations', schema: z.strictObject({ invitations: z.array(invitationSchema) }) },
    },
    handler: async ({ params }) => ({ body: { invitations: await joint.invitations(params.institutionCode) } }),
  });

  const withLine = z.strictObject({ lead: otherInstitution, line: lineSchema });
  defineRoute(app, {
    method: 'post',
    path: `${invitations}/:sessionId/check`,
    summary: 'Would the accreditation cover this line? Nothing is stored',
    access: ANSWERERS,
    tenantParam,
    params: sessionParams,
    query: z.strictObject({ lang: language }),
    body: withLine.meta({ id: 'CheckJointLine' }),
    responses: { 200: { description: 'Answer', schema: fitSchema } },
    handler: async ({ params, query, body }) => {
      const address = { institution: params.institutionCode, id: params.sessionId };
      return { body: shownFit(await joint.check(address, body.lead, body.line), query.lang) };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${invitations}/:sessionId/accept`,
    summary: 'Take part, with a line under one’s own accreditation; it is confirmed like a plan',
    access: ANSWERERS,
    tenantParam,
    params: sessionParams,
    body: withLine.meta({ id: 'AcceptJointExam' }),
    responses: done,
    handler: async ({ params, body, principal }) => {
      const address = { institution: params.institutionCode, id: params.sessionId };
      await joint.accept(address, body.lead, body.line, actorOf(principal));
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${invitations}/:sessionId/decline`,
    summary: 'Do not take part',
    access: ANSWERERS,
    tenantParam,
    params: sessionParams,
    body: z.strictObject({ lead: otherInstitution }).meta({ id: 'DeclineJointExam' }),
    responses: done,
    handler: async ({ params, body, principal }) => {
      const address = { institution: params.institutionCode, id: params.sessionId };
      await joint.decline(address, body.lead, actorOf(principal));
      return { status: 204 };
    },
  });
}
