import type { z } from 'zod';
import { appendAudit, defineRoute, HOST_TENANT, type ServiceApp } from '../../../server/index.js';
import { supervisionSettingsSchema } from '../../../shared/supervision/rules.js';
import { institutionParams } from '../../routes/params.js';
import type { IssuerService } from '../../service.js';
import { boardCsv } from '../board-csv.js';
import type { Series } from '../count-cells.js';
import { listCertificates } from '../list-certificates.js';
import {
  boardCellSchema,
  boardSchema,
  cellParams,
  certificatesQuery,
  exportQuery,
  heldSettingsSchema,
  overviewSchema,
  shownQuery,
  supervisedCertificatesSchema,
} from './supervision-schemas.js';

const READERS = ['supervisor', 'officer', 'auditor'] as const;
const CSV = {
  type: 'text/csv; charset=utf-8',
  headers: { 'Content-Disposition': 'attachment; filename="supervision.csv"' },
};

/** The over-issuance board: of the host, of one institution, of one number, the certificates behind it, exports and rules. */
export function supervisionRoutes(app: ServiceApp, { supervision, effects }: IssuerService): void {
  const exported = (tenant: string, actor: string | undefined, detail: { months: number; audience: string }) =>
    effects.database.write((transaction) =>
      appendAudit(
        transaction,
        { tenant, actor: actor ?? '', action: 'supervision.export', subject: tenant, detail },
        effects.clock(),
      ),
    );

  defineRoute(app, {
    method: 'get',
    path: '/supervision',
    summary: 'Certificates of every institution by month of issue, and what is unusual',
    access: READERS,
    query: shownQuery,
    responses: { 200: { description: 'Numbers only, nobody named', schema: overviewSchema } },
    handler: async ({ query }) => {
      const { unusual, ...overview } = await supervision.overview(query);
      return {
        body: {
          ...overview,
          unusual: unusual.map(({ series, ...one }) => ({ ...one, ...(series && { series: lineOf(series) }) })),
        } satisfies z.infer<typeof overviewSchema>,
      };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/supervision/export',
    summary: 'The boards of every institution as CSV; that somebody took it away is audited',
    access: READERS,
    query: exportQuery,
    responses: { 200: { description: 'UTF-8 with its mark, formulas neutralised', type: CSV.type } },
    handler: async ({ query: { language, audience, ...shown }, principal }) => {
      const boards = await supervision.boards(shown);
      await exported(HOST_TENANT, principal?.keyId, { months: shown.months, audience });
      return { ...CSV, content: boardCsv(boards, language, audience) };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/supervision/rules',
    summary: 'Rules and thresholds of the board; null is off',
    access: [...READERS, 'admin'],
    responses: { 200: { description: 'Rules and who set them', schema: heldSettingsSchema } },
    handler: async () => ({ body: await supervision.settings() }),
  });

  defineRoute(app, {
    method: 'put',
    path: '/supervision/rules',
    summary: 'Sets rules and thresholds for the whole host; audited with what they were',
    access: ['admin'],
    body: supervisionSettingsSchema,
    responses: { 200: { description: 'As they are now', schema: heldSettingsSchema } },
    handler: async ({ body, principal }) => ({ body: await supervision.setSettings(body, principal?.keyId ?? '') }),
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/supervision',
    summary: 'Certificates of one institution by occupation, level and month of issue, with what the rules say',
    access: READERS,
    tenantParam: 'institutionCode',
    params: institutionParams,
    query: shownQuery,
    responses: { 200: { description: 'Numbers only, nobody named', schema: boardSchema } },
    handler: async ({ params, query }) => {
      const { institution, lines, ...board } = await supervision.board(params.institutionCode, query);
      return {
        body: {
          ...board,
          institution: { code: institution.code, name: institution.name },
          lines: lines.map(({ series, months }) => ({ series: lineOf(series), months })),
        } satisfies z.infer<typeof boardSchema>,
      };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/supervision/export',
    summary: 'The board of one institution as CSV; that somebody took it away is audited',
    access: READERS,
    tenantParam: 'institutionCode',
    params: institutionParams,
    query: exportQuery,
    responses: { 200: { description: 'UTF-8 with its mark, formulas neutralised', type: CSV.type } },
    handler: async ({ params, query: { language, audience, ...shown }, principal }) => {
      const board = await supervision.board(params.institutionCode, shown);
      await exported(params.institutionCode, principal?.keyId, { months: shown.months, audience });
      return { ...CSV, content: boardCsv([board], language, audience) };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/supervision/lines/:series/:month',
    summary: 'One number of the board: every rule, earlier months, sessions and days',
    access: READERS,
    tenantParam: 'institutionCode',
    params: cellParams,
    responses: { 200: { description: 'Numbers only, nobody named', schema: boardCellSchema } },
    handler: async ({ params: { institutionCode, series, month } }) => {
      const cell = await supervision.cell(institutionCode, series, month);
      return { body: { ...cell, series: lineOf(cell.series) } satisfies z.infer<typeof boardCellSchema> };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/supervision/lines/:series/:month/certificates',
    summary: 'The certificates behind one number, without their holders; that somebody looked is audited',
    access: READERS,
    tenantParam: 'institutionCode',
    params: cellParams,
    query: certificatesQuery,
    responses: { 200: { description: 'One page, by number', schema: supervisedCertificatesSchema } },
    handler: async ({ params: { institutionCode, series, month }, query, principal }) => ({
      body: await listCertificates(
        effects,
        { institution: institutionCode, series, month, ...query },
        principal?.keyId ?? '',
      ),
    }),
  });
}

function lineOf({ series, occupation_name: name, framework, level, ...line }: Series) {
  return { ...line, id: series, name, ...(level !== '' && { level: { framework, value: level } }) };
}
