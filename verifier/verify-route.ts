import { z } from 'zod';
import { defineRoute, requestError, type ServiceApp } from '../server/index.js';
import { verdictText } from '../shared/verdict/verdict-text.js';
import { CARRIER_TYPES, uploadOf, uploadReader } from './read-upload.js';
import { anchorOf, type VerifierContext } from './verifier-context.js';

const choices = z.strictObject({
  /** DID of the authority under whose rules to judge; the first configured one unless given. */
  anchor: z.string().max(200).optional(),
  lang: z.enum(['zh-CN', 'zh', 'en']).optional(),
});

/**
 * `POST /verify`: any carrier in, the five answers out. Always 200 when the carrier could be read, whatever the verdict; a carrier
 * that cannot be read is a problem with its code.
 */
export function addVerifyRoute(app: ServiceApp, context: VerifierContext): void {
  defineRoute(app, {
    method: 'post',
    path: '/verify',
    summary: 'Verify a certificate in any form: JSON, QR text, PNG, JPEG, PDF, CBOR-LD',
    access: 'public',
    query: choices,
    middleware: [uploadReader()],
    otherBodies: {
      'multipart/form-data': z.strictObject({
        file: z.string().optional(),
        text: z.string().optional(),
        ...choices.shape,
      }),
      ...Object.fromEntries(
        CARRIER_TYPES.map((type) => [type, type.endsWith('json') ? z.record(z.string(), z.unknown()) : z.string()]),
      ),
    },
    responses: {
      200: {
        description: 'The verdict, for machines and in words',
        schema: z.strictObject({
          verdict: z.looseObject({ type: z.literal('YizhengVerdict'), headline: z.string() }),
          text: z.looseObject({ headline: z.string() }),
          carrier: z.string(),
        }),
      },
    },
    handler: async ({ request, query }) => {
      const { carrier, fields } = uploadOf(request);
      const parsed = choices.safeParse(fields);
      if (!parsed.success) throw requestError(parsed.error);
      const { anchor, lang } = { ...query, ...parsed.data };
      const result = await context.pool.run({
        kind: 'carrier',
        carrier,
        anchor: anchorOf(context, anchor),
        now: context.clock().toISOString(),
      });
      if (result.kind !== 'carrier') throw new TypeError('the pool answered another question');
      const { verdict, host } = result;
      const text = verdictText(verdict, lang === 'en' ? 'en' : 'zh-CN', { host, ownHosts: context.ownHosts });
      return { body: { verdict, text, carrier: result.carrier } };
    },
  });
}
