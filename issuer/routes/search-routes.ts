import { z } from 'zod';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { certificateText, calendarDate } from '../../shared/certificate/text.js';
import { appendAudit, defineRoute, type ServiceApp } from '../../server/index.js';
import { searchCertificates, type FoundCertificate } from '../search-certificates.js';
import type { IssuerService } from '../service.js';
import { institutionParams, PRINTABLE } from './params.js';

const code = z.string().min(1).max(40).regex(PRINTABLE, 'must hold no control character');

const query = z.strictObject({
  number: code.optional().meta({ description: 'Certificate number, or its beginning' }),
  name: certificateText(60).optional().meta({ description: "The holder's name in full" }),
  assessment: code.optional().meta({ description: 'Assessment id' }),
  status: z.enum(['active', 'suspended', 'revoked']).optional(),
  from: calendarDate.optional().meta({ description: 'First day of issue, China Standard Time' }),
  until: calendarDate.optional().meta({ description: 'Last day of issue, China Standard Time' }),
  after: z.string().max(200).optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const FREE_TEXT: ReadonlySet<string> = new Set(['name', 'number', 'assessment']);

const foundSchema = z
  .strictObject({
    id: z.string(),
    certificateNumber: z.string(),
    revision: z.int(),
    status: z.enum(['active', 'suspended', 'revoked']),
    statusReason: z.string().optional(),
    issuedAt: z.string(),
    issuedOn: z.string(),
    kind: z.enum(KIND_IDS),
    holder: z.strictObject({ name: z.string(), idType: z.string(), idLastFour: z.string() }),
    occupation: z.strictObject({ code: z.string(), name: z.string(), trade: z.string().optional() }).optional(),
    level: z.strictObject({ framework: z.string(), value: z.string() }).optional(),
    assessment: z.string(),
    supersedes: z.string().optional(),
  })
  .meta({ id: 'FoundCertificate' });

/** Finding certificates again. */
export function searchRoutes(app: ServiceApp, service: IssuerService): void {
  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/certificates',
    summary: 'Certificates by number, holder, assessment, status or day of issue; that somebody looked is audited',
    access: ['clerk', 'approver', 'officer', 'auditor'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    query,
    responses: {
      200: {
        description: 'One page, by number; a page may hold few or none and still have a next one',
        schema: z.strictObject({
          certificates: z.array(foundSchema),
          unreadable: z.int().meta({ description: 'Left out of this page because what is stored cannot be read' }),
          next: z.string().optional(),
        }),
      },
    },
    handler: async ({ params, query: { after, limit, ...filter }, principal }) => {
      const { code } = await service.institutions.get(params.institutionCode);
      const { database, clock } = service.effects;
      const page = await searchCertificates(database.knex, code, filter, {
        limit,
        ...(after === undefined ? {} : { after }),
      });
      // What people look for may be a name or, by mistake, a document number; the log says only that they did.
      const named = Object.entries(filter).flatMap(([member, value]) =>
        value === undefined ? [] : [[member, FREE_TEXT.has(member) ? true : value] as const],
      );
      await database.write((transaction) =>
        appendAudit(
          transaction,
          {
            tenant: code,
            actor: principal?.keyId ?? '',
            action: 'certificate.search',
            subject: code,
            detail: { ...Object.fromEntries(named), found: page.certificates.length },
          },
          clock(),
        ),
      );
      return { body: { ...page, certificates: page.certificates.map(shown) } };
    },
  });
}

function shown({ record, ...facts }: FoundCertificate): z.infer<typeof foundSchema> {
  const { kind, issuedOn, holder, occupation, level, assessment, supersedes } = record;
  return {
    ...facts,
    issuedOn,
    kind,
    holder: {
      name: holder.name,
      idType: holder.identityDocumentType,
      idLastFour: holder.identityDocumentLastFour,
    },
    ...(occupation && {
      occupation: {
        code: occupation.code,
        name: occupation.name,
        ...(occupation.trade === undefined ? {} : { trade: occupation.trade }),
      },
    }),
    ...(level && { level }),
    assessment: assessment.id,
    ...(supersedes === undefined ? {} : { supersedes }),
  };
}
