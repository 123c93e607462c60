import { z } from 'zod';
import { renderQrPng } from '../files/qr-png.js';
import { renderQrSvg } from '../files/qr-svg.js';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import type { IssuedCertificate } from '../certificate-row.js';
import { examResultSchema, parseExamResult } from '../exam-result.js';
import type { IssuerService } from '../service.js';
import { anyObject, certificateParams, institutionParams } from './params.js';

const issuedSchema = z
  .strictObject({
    id: z.string(),
    certificateNumber: z.string(),
    revision: z.int(),
    status: z.enum(['active', 'suspended', 'revoked']),
    statusReason: z.string().optional(),
    issuedAt: z.string(),
    credential: anyObject,
    qr: z.strictObject({
      text: z.string(),
      version: z.int(),
      withinBudget: z
        .boolean()
        .meta({ description: 'False when the symbol is denser than version 11: print it larger' }),
    }),
    links: z.strictObject({
      self: z.string(),
      qrPng: z.string(),
      qrSvg: z.string(),
      qrText: z.string(),
      pdf: z.string(),
    }),
  })
  .meta({ id: 'IssuedCertificate' });

/** An issued certificate as the API gives it. */
export type IssuedCertificateAnswer = z.infer<typeof issuedSchema>;

/** Writes an issued certificate as the API gives it. */
export function certificateAnswer(
  service: IssuerService,
  institutionCode: string,
  certificate: IssuedCertificate,
): IssuedCertificateAnswer {
  const { json: _, credential, ...facts } = certificate;
  const { text, version, withinBudget } = service.files.qr(certificate);
  const self = `${service.effects.baseUrl}/institutions/${institutionCode}/certificates/${encodeURIComponent(certificate.id)}`;
  return {
    ...facts,
    credential: { ...credential },
    qr: { text, version, withinBudget },
    links: {
      self,
      qrPng: `${self}/qr.png`,
      qrSvg: `${self}/qr.svg`,
      qrText: `${self}/qr.txt`,
      pdf: `${self}/certificate.pdf`,
    },
  };
}

/** Issuing, and what is handed out. */
export function certificateRoutes(app: ServiceApp, service: IssuerService): void {
  const certificatePath = '/institutions/:institutionCode/certificates/:certificateId';
  const readers = ['clerk', 'approver', 'officer', 'auditor'] as const;

  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/certificates',
    summary: 'Issue one certificate from one exam result',
    access: ['clerk', 'approver'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    idempotencyKey: 'required',
    body: examResultSchema,
    readBody: parseExamResult,
    responses: { 201: { description: 'Issued and stored', schema: issuedSchema } },
    handler: async ({ params, body, principal, idempotencyKey }) => {
      const institution = await service.institutions.get(params.institutionCode);
      const certificate = await service.issuing.issueExamResult(
        {
          institution,
          actor: principal?.keyId ?? '',
          roles: principal?.roles ?? [],
          idempotencyKey,
        },
        body,
      );
      const answer = certificateAnswer(service, institution.code, certificate);
      return { status: 201, body: answer, headers: { Location: answer.links.self } };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: certificatePath,
    summary: 'An issued certificate with its status',
    access: readers,
    tenantParam: 'institutionCode',
    params: certificateParams,
    responses: { 200: { description: 'Certificate', schema: issuedSchema } },
    handler: async ({ params }) => ({
      body: certificateAnswer(
        service,
        params.institutionCode,
        await service.certificate(params.institutionCode, params.certificateId),
      ),
    }),
  });

  const file = (
    name: string,
    type: string,
    summary: string,
    content: (certificate: IssuedCertificate) => Promise<Uint8Array | string> | Uint8Array | string,
  ): void =>
    defineRoute(app, {
      method: 'get',
      path: `${certificatePath}/${name}`,
      summary,
      access: readers,
      tenantParam: 'institutionCode',
      params: certificateParams,
      responses: { 200: { description: summary, type } },
      handler: async ({ params }) => ({
        content: await content(await service.certificate(params.institutionCode, params.certificateId)),
        type,
      }),
    });

  file('credential.json', 'application/vc', 'The signed credential, byte for byte', ({ json }) => json);
  file(
    'qr.txt',
    'text/plain; charset=utf-8',
    'Text of the QR code',
    (certificate) => service.files.qr(certificate).text,
  );
  file('qr.svg', 'image/svg+xml', 'QR code as SVG', (certificate) =>
    renderQrSvg(service.files.qr(certificate).segments),
  );
  file('qr.png', 'image/png', 'QR code as PNG', (certificate) => renderQrPng(service.files.qr(certificate).segments));
  file(
    'certificate.pdf',
    'application/pdf',
    'Printed certificate (PDF/A-3), its own QR read back and verified',
    (certificate) => service.files.pdf(certificate),
  );
}
