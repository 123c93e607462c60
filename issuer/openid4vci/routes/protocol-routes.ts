import { z } from 'zod';
import { rateLimit } from 'express-rate-limit';
import { YizhengError } from '../../../shared/errors.js';
import { parseJsonObject, type JsonObject } from '../../../shared/json/parse-json.js';
import {
  defineRoute,
  formBody,
  readForm,
  type Call,
  type Reply,
  type ResponseDocument,
  type ServiceApp,
} from '../../../server/index.js';
import type { Institution } from '../../institutions.js';
import { anyObject, institutionParams } from '../../routes/params.js';
import type { IssuerService } from '../../service.js';
import { readAccessToken, type AccessToken } from '../access-token.js';
import { credentialIssuerAddresses, PROTOCOL_PATH, type CredentialIssuerAddresses } from '../addresses.js';
import { answerCredentialRequest } from '../credential-request.js';
import { answerDeferredRequest } from '../deferred-credential.js';
import { checkDpopProof } from '../dpop.js';
import { newNonce } from '../nonce.js';
import { takeNotification } from '../notification.js';
import { inProtocol, ProtocolError, type ProtocolErrorName } from '../protocol-error.js';
import { exchangeCode } from '../token-request.js';
import { credentialResponseSchema, deferredResponseSchema, refusals, tokenResponseSchema } from './protocol-schemas.js';

/** Largest request, in bytes: ten key proofs and some room. */
const MAX_BYTES = 100_000;
const LIMITS = { maxBytes: MAX_BYTES, maxDepth: 8, maxNodes: 200 };
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
const HANDLE = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const CREDENTIALS: Record<number, ResponseDocument> = {
  200: { description: 'Credential Response', schema: credentialResponseSchema },
  202: { description: 'Not ready: ask again with transaction_id', schema: deferredResponseSchema },
};

type ProtocolCall = Call<z.infer<typeof institutionParams>, undefined, undefined>;

/**
 * The endpoints a wallet speaks to. They need no API key: the offer's codes and the access token are what opens them.
 * @param options `refusedTokensPerMinute`: refused Token Requests of one address, 30 unless given
 */
export function protocolRoutes(
  app: ServiceApp,
  service: IssuerService,
  { refusedTokensPerMinute = 30 }: { refusedTokensPerMinute?: number | undefined } = {},
): void {
  const { institutions, effects, openid4vci } = service;
  const post = {
    method: 'post',
    access: 'public',
    crossOrigin: true,
    params: institutionParams,
  } as const;
  const { logger } = app.options;

  defineRoute(app, {
    method: 'get',
    access: 'public',
    crossOrigin: true,
    path: `${PROTOCOL_PATH}/credential-offers/:handle`,
    summary: 'OpenID4VCI: a Credential Offer by reference, while it may be taken',
    params: z.strictObject({ ...institutionParams.shape, handle: HANDLE }),
    responses: { 200: { description: 'Credential Offer', schema: anyObject } },
    handler: async ({ params }) => ({
      body: await openid4vci.offers.byReference(await institutions.get(params.institutionCode), params.handle),
      headers: NO_STORE,
    }),
  });

  defineRoute(app, {
    ...post,
    path: `${PROTOCOL_PATH}/token`,
    summary:
      'OpenID4VCI: exchange a pre-authorized code and its transaction code for an access token, with or without DPoP',
    middleware: [refusalLimit(refusedTokensPerMinute), formBody(MAX_BYTES)],
    otherBodies: { 'application/x-www-form-urlencoded': anyObject },
    responses: { 200: { description: 'Token Response', schema: tokenResponseSchema }, ...refusals(400, 401) },
    handler: inProtocol(logger, async ({ params, request, header }: ProtocolCall) => {
      const institution = await institutions.get(params.institutionCode);
      const form = formOf(request);
      const proof = header('DPoP');
      const address = credentialIssuerAddresses(institution).token;
      const thumbprint =
        proof === undefined ? undefined : await checkDpopProof(effects, proof, { method: 'POST', address });
      return { body: await exchangeCode(effects, institution, form, thumbprint), headers: NO_STORE };
    }),
  });

  defineRoute(app, {
    ...post,
    path: `${PROTOCOL_PATH}/nonce`,
    summary: 'OpenID4VCI: a fresh c_nonce for key proofs',
    responses: { 200: { description: 'Nonce Response', schema: z.strictObject({ c_nonce: z.string() }) } },
    handler: async ({ params }) => ({
      body: { c_nonce: await newNonce(effects, await institutions.get(params.institutionCode)) },
      headers: NO_STORE,
    }),
  });

  /** An endpoint that wants a JSON body and an access token. */
  const resource = (
    path: string,
    summary: string,
    address: keyof CredentialIssuerAddresses,
    malformed: ProtocolErrorName,
    responses: Record<number, ResponseDocument>,
    answer: (body: JsonObject, whose: { institution: Institution; token: AccessToken }) => Promise<Reply>,
  ): void =>
    defineRoute(app, {
      ...post,
      path: `${PROTOCOL_PATH}/${path}`,
      summary,
      middleware: [formBody(MAX_BYTES)],
      otherBodies: { 'application/json': anyObject },
      responses: { ...responses, ...refusals(400, 401, 403) },
      handler: inProtocol(logger, async ({ params, request, header }: ProtocolCall) => {
        const institution = await institutions.get(params.institutionCode);
        const token = await readAccessToken(effects, institution, {
          authorization: header('Authorization'),
          dpop: header('DPoP'),
          address: credentialIssuerAddresses(institution)[address],
        });
        const body = jsonOf(request, malformed);
        const reply = await answer(body, { institution, token });
        return { ...reply, headers: NO_STORE };
      }),
    });

  resource(
    'credential',
    'OpenID4VCI: the certificate in one format, bound to each key that is proved',
    'credential',
    'invalid_credential_request',
    CREDENTIALS,
    async (body, whose) => {
      const answer = await answerCredentialRequest(body, whose, openid4vci);
      return 'issued' in answer ? { body: answer.issued } : { status: 202, body: answer.deferred };
    },
  );

  resource(
    'deferred-credential',
    'OpenID4VCI: what was asked for earlier, once it is approved and issued',
    'deferredCredential',
    'invalid_credential_request',
    CREDENTIALS,
    async (body, whose) => {
      const answer = await answerDeferredRequest(body, whose, openid4vci);
      return 'issued' in answer ? { body: answer.issued } : { status: 202, body: answer.deferred };
    },
  );

  resource(
    'notification',
    'OpenID4VCI: the wallet says whether it kept what it got',
    'notification',
    'invalid_notification_request',
    { 204: { description: 'Noted' } },
    async (body, whose) => {
      await takeNotification(body, whose, effects);
      return { status: 204 };
    },
  );
}

/** Counts refused requests of one address: a class of workers behind one address is welcome, a guesser is not. */
function refusalLimit(limit: number): ReturnType<typeof rateLimit> {
  return rateLimit({
    windowMs: 60_000,
    limit,
    skipSuccessfulRequests: true,
    standardHeaders: false,
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) =>
      next(
        new YizhengError('RATE_LIMITED', 'Too many refused requests from this address; wait a minute.', {
          status: 429,
        }),
      ),
  });
}

function formOf(request: ProtocolCall['request']): ReadonlyMap<string, string> {
  try {
    return readForm(request);
  } catch (error) {
    if (!(error instanceof YizhengError)) throw error;
    throw new ProtocolError('invalid_request', error.code, error.message, { cause: error });
  }
}

function jsonOf(request: ProtocolCall['request'], malformed: ProtocolErrorName): JsonObject {
  const raw: unknown = request.body;
  try {
    if (!/^application\/json\s*(?:;|$)/i.test(request.get('content-type') ?? ''))
      throw new YizhengError('CONTENT_TYPE', 'Send the body as application/json.');
    return parseJsonObject(Buffer.isBuffer(raw) ? raw : '', LIMITS);
  } catch (error) {
    if (!(error instanceof YizhengError)) throw error;
    throw new ProtocolError(malformed, error.code, 'The body is not one JSON object.', { cause: error });
  }
}
