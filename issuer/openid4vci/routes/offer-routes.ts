import { z } from 'zod';
import { appendAudit, defineRoute, type ServiceApp } from '../../../server/index.js';
import { batchParams, language, rowRange } from '../../routes/batch-schemas.js';
import { anyObject, certificateParams, institutionParams } from '../../routes/params.js';
import type { IssuerService } from '../../service.js';
import { batchOffersCsv, requireOfferable } from '../batch-offers.js';
import { makeBatchSlips } from '../batch-slips.js';
import { offerRequestSchema } from '../offer-request.js';

const newOfferSchema = z
  .strictObject({
    id: z.string(),
    offer: anyObject.meta({ description: 'Credential Offer (OpenID4VCI 1.0)' }),
    uri: z.string().meta({ description: 'For a QR code; any wallet' }),
    uriByValue: z.string(),
    walletLink: z.string().optional().meta({ description: 'Opens the web wallet' }),
    txCode: z.string().optional().meta({ description: 'Told this once; give it to the holder another way' }),
    codeWithheld: z
      .literal(true)
      .optional()
      .meta({ description: 'A second person tells the code, since the certificate names no key' }),
    expiresAt: z.string(),
  })
  .meta({ id: 'CredentialOfferMade' });

const shownOfferSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(['open', 'used', 'locked', 'withdrawn', 'expired']),
    createdAt: z.string(),
    expiresAt: z.string(),
    usedAt: z.string().optional(),
    madeBy: z.string(),
    code: z.enum(['withheld', 'told']).optional().meta({ description: 'Of a code that a second person tells' }),
  })
  .meta({ id: 'CredentialOffer' });

const batchOfferRequest = z.strictObject({
  formats: offerRequestSchema.shape.formats,
  expiresInSeconds: offerRequestSchema.shape.expiresInSeconds,
});

/** What the staff of an institution do with offers to wallets. */
export function offerRoutes(app: ServiceApp, service: IssuerService): void {
  const { institutions, effects, openid4vci } = service;
  const { knex } = effects.database;
  const offersPath = '/institutions/:institutionCode/certificates/:certificateId/offers';
  const tenantParam = 'institutionCode';
  const noteOffers = async (
    tenant: string,
    batch: string,
    { from, to }: { from?: number | undefined; to?: number | undefined },
    actor: string,
  ): Promise<void> => {
    const detail = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const entry = { tenant, actor, action: 'batch.offer', subject: batch, detail };
    await effects.database.write((transaction) => appendAudit(transaction, entry, effects.clock()));
  };

  defineRoute(app, {
    method: 'post',
    path: offersPath,
    summary: "Offer a certificate to its holder's wallet; link and transaction code are told once",
    access: ['clerk', 'approver'],
    tenantParam,
    params: certificateParams,
    body: offerRequestSchema,
    responses: { 201: { description: 'Offer', schema: newOfferSchema } },
    handler: async ({ params, body, principal }) => ({
      status: 201,
      body: await openid4vci.offers.offerCertificate(
        await institutions.get(params.institutionCode),
        params.certificateId,
        body,
        principal?.keyId ?? '',
      ),
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: offersPath,
    summary: 'Offers made for a certificate and what became of them, without their codes',
    access: ['clerk', 'approver', 'officer', 'auditor'],
    tenantParam,
    params: certificateParams,
    responses: { 200: { description: 'Offers', schema: z.strictObject({ offers: z.array(shownOfferSchema) }) } },
    handler: async ({ params }) => ({
      body: {
        offers: await openid4vci.offers.list(await institutions.get(params.institutionCode), params.certificateId),
      },
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/offers/:offerId/code',
    summary: 'Tell the code of an offer, once, as a second person who has checked that whoever asks is the holder',
    access: ['clerk', 'approver', 'officer'],
    tenantParam,
    params: z.strictObject({ ...institutionParams.shape, offerId: z.string().regex(/^[0-9a-f]{32}$/) }),
    body: z.strictObject({ identityChecked: z.literal(true) }).meta({ id: 'TellCode' }),
    responses: { 200: { description: 'The code', schema: z.strictObject({ txCode: z.string() }) } },
    handler: async ({ params, principal }) => ({
      body: await openid4vci.offers.tellCode(
        await institutions.get(params.institutionCode),
        params.offerId,
        principal?.keyId ?? '',
      ),
    }),
  });

  defineRoute(app, {
    method: 'delete',
    path: '/institutions/:institutionCode/offers/:offerId',
    summary: 'Withdraw an offer, e.g. because its slip was lost; of one that was taken, what was not handed over yet',
    access: ['clerk', 'approver', 'officer'],
    tenantParam,
    params: z.strictObject({ ...institutionParams.shape, offerId: z.string().regex(/^[0-9a-f]{32}$/) }),
    responses: { 200: { description: 'Offer now', schema: shownOfferSchema } },
    handler: async ({ params, principal }) => ({
      body: {
        ...(await openid4vci.offers.withdraw(
          await institutions.get(params.institutionCode),
          params.offerId,
          principal?.keyId ?? '',
        )),
      },
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/batches/:batchId/offers.csv',
    summary:
      'Offer every certificate of a batch, also those that wait for approval: CSV of links and transaction codes, told once',
    access: ['clerk', 'approver'],
    tenantParam,
    params: batchParams,
    query: z.strictObject({ ...rowRange, lang: language }),
    body: batchOfferRequest,
    responses: { 200: { description: 'Links and codes', type: 'text/csv; charset=utf-8' } },
    handler: async ({ params, query: { lang, from, to }, body, principal }) => {
      const institution = await institutions.get(params.institutionCode);
      await requireOfferable(knex, institution.code, params.batchId);
      const actor = principal?.keyId ?? '';
      await noteOffers(institution.code, params.batchId, { from, to }, actor);
      return {
        type: 'text/csv; charset=utf-8',
        headers: { 'Content-Disposition': `attachment; filename="offers-${params.batchId}.csv"` },
        stream: () =>
          batchOffersCsv(knex, openid4vci.offers, {
            institution,
            batch: params.batchId,
            from,
            to,
            request: { txCode: true, ...body },
            actor,
            language: lang,
          }),
      };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/batches/:batchId/offer-slips.pdf',
    summary:
      'Offer certificates of a batch on slips to print: links on them, codes never; those one person may know in a list behind',
    access: ['clerk', 'approver'],
    tenantParam,
    params: batchParams,
    query: z.strictObject(rowRange),
    body: batchOfferRequest,
    responses: { 200: { description: 'A4, four slips on a page, at most 200 in a file', type: 'application/pdf' } },
    handler: async ({ params, query: { from, to }, body, principal }) => {
      const institution = await institutions.get(params.institutionCode);
      await requireOfferable(knex, institution.code, params.batchId);
      const actor = principal?.keyId ?? '';
      const request = { txCode: true, ...body };
      const wanted = { institution, batch: params.batchId, from, to, request, actor };
      const slips = await makeBatchSlips(knex, openid4vci.offers, wanted);
      await noteOffers(institution.code, params.batchId, { from, to }, actor);
      const content = await service.files.slips({ institution: institution.name, at: effects.clock(), slips });
      return { content, type: 'application/pdf' };
    },
  });
}
