import { createHash, randomBytes as nodeRandomBytes, timingSafeEqual } from 'node:crypto';
import type { ResponseKeys } from '../../keys/response-keys.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import {
  certificateQuery,
  PERSONAL_CLAIMS,
  type CertificateRequest,
} from '../../shared/presentation/certificate-request.js';
import type { AskedQuery } from '../../shared/presentation/check-vp-token.js';
import { anchorOf, type VerifierContext } from '../verifier-context.js';
import { authorizationRequest, linkByReference, linkByValue, walletLink } from './authorization-request.js';
import type { ClientIdentifier } from './client-identifier.js';
import { knownCredentialTypes } from './credential-types.js';
import { readDirectPost, type WalletResponse } from './direct-post.js';
import {
  REQUEST_LIFE_MS,
  type FoundSession,
  type PresentationSession,
  type ResponseMode,
  type SessionStore,
} from './presentation-session.js';
import { readRequestUriPost, signRequestObject } from './request-object.js';

/** Who may ask besides those with an API key. */
export const GUEST = 'guest';

/** What requests need; made once when the service starts. */
export interface PresentationParts {
  /** Address of this verifier, without a slash at its end. */
  baseUrl: string;
  client: ClientIdentifier;
  sessions: SessionStore;
  keys: ResponseKeys;
  /** What wallets call this verifier. */
  name?: string;
  /** Our own wallet, for links that open it. */
  walletUrl?: string;
  /** Origins a request of an API key may send the holder's browser back to. */
  returnOrigins: readonly string[];
  randomBytes?: (length: number) => Uint8Array;
}

/** What whoever asked needs to show and to read. */
export interface NewRequest {
  id: string;
  /** Reads the answer, and only this one; shown once. */
  readSecret: string;
  clientId: string;
  /** `openid4vp://…`, for a QR code or a button on the holder's own device. */
  link: string;
  /** The same for our own wallet, where this verifier knows one. */
  walletLink?: string;
  expiresAt: string;
}

/** Requests to holders and their answers: the acts behind the routes. */
export class PresentationRequests {
  private readonly randomBytes: (length: number) => Uint8Array;

  constructor(
    readonly parts: PresentationParts,
    private readonly context: VerifierContext,
  ) {
    this.randomBytes = parts.randomBytes ?? ((length) => new Uint8Array(nodeRandomBytes(length)));
  }

  /**
   * Makes a request.
   * @param wanted `anchor`: whose rules the answer is judged by; `returnTo`: where the holder's browser goes afterwards
   * @throws YizhengError `ANCHOR_UNKNOWN`, `CLAIM_NEEDS_KEY` (403), `RETURN_ADDRESS` (422), `REQUEST_NO_FORMAT`, `VERIFIER_BUSY`
   */
  async create(
    request: CertificateRequest,
    wanted: { askedBy: string; anchor?: string | undefined; mode: ResponseMode; returnTo?: string | undefined },
  ): Promise<NewRequest> {
    const { askedBy, mode, returnTo } = wanted;
    if (askedBy === GUEST && request.claims.some((claim) => PERSONAL_CLAIMS.includes(claim)))
      throw new YizhengError('CLAIM_NEEDS_KEY', 'Only who has a key may ask for ID number, birth date or photo.', {
        at: '/claims',
        status: 403,
      });
    if (returnTo !== undefined) this.demandReturnAddress(returnTo);
    const anchor = anchorOf(this.context, wanted.anchor);
    const types = knownCredentialTypes(this.context.trust.viewOf(anchor), request.kind);
    const now = this.context.clock();
    const id = this.random(16);
    const readSecret = this.random(32);
    const responseUri = `${this.parts.baseUrl}/openid4vp/response/${id}`;
    const session: PresentationSession = {
      id,
      readerSha256: sha256(readSecret).toString('hex'),
      askedBy,
      anchor,
      request,
      query: certificateQuery(request, types),
      mode,
      clientId: this.parts.client.clientIdOf(responseUri),
      responseUri,
      nonce: this.random(24),
      state: this.random(24),
      salt: this.random(32),
      ...(returnTo !== undefined && { returnTo }),
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + REQUEST_LIFE_MS).toISOString(),
    };
    await this.parts.sessions.add(session, now);
    const { client, walletUrl, baseUrl } = this.parts;
    const link = client.sign
      ? linkByReference(session.clientId, `${baseUrl}/openid4vp/request/${id}`)
      : linkByValue(await this.parametersOf(session));
    return {
      id,
      readSecret,
      clientId: session.clientId,
      link,
      ...(walletUrl !== undefined && { walletLink: walletLink(walletUrl, link) }),
      expiresAt: session.expiresAt,
    };
  }

  /**
   * The signed request object a wallet fetches; as often as it likes until it answers.
   * @param form of a POST, empty for a GET
   * @throws YizhengError `REQUEST_NOT_FOUND` (404), `REQUEST_ANSWERED` (410), and those of `signRequestObject`
   */
  async requestObject(id: string, form: ReadonlyMap<string, string>): Promise<string> {
    const { session } = await this.waiting(id);
    const parameters = await this.parametersOf(session);
    const times = { now: this.context.clock(), expiresAt: session.expiresAt };
    return signRequestObject(parameters, this.parts.client, readRequestUriPost(form), times);
  }

  /**
   * Takes the one answer to a request and judges it.
   * @returns where the holder's browser goes next, if anywhere
   * @throws YizhengError `REQUEST_NOT_FOUND` (404), `REQUEST_ANSWERED` (410), the codes of `readDirectPost` and of `checkVpToken` (400),
   *   `VERIFICATION_TIMEOUT` (422), which ends the request as refused, and others of the pool, after which the wallet may try again
   */
  async receive(id: string, form: ReadonlyMap<string, string>): Promise<{ redirectUri?: string }> {
    const { session } = await this.waiting(id);
    const response = await readDirectPost(form, session, this.parts.keys);
    if (!(await this.parts.sessions.claim(id, this.context.clock()))) throw answered();
    try {
      return await this.judge(session, response);
    } catch (error) {
      await this.endUnjudged(id, error);
      throw error;
    }
  }

  /** What takes too long does so every time; after anything else the wallet may answer again, unless an outcome already stands. */
  private async endUnjudged(id: string, error: unknown): Promise<void> {
    const { sessions } = this.parts;
    if (errorCode(error) !== 'VERIFICATION_TIMEOUT') return sessions.release(id);
    const now = this.context.clock();
    const problems = [{ code: 'VERIFICATION_TIMEOUT' }];
    await sessions.conclude(id, { phase: 'refused', receivedAt: now.toISOString(), problems }, now);
  }

  /**
   * Finds a request for whoever made it.
   * @param secret the `readSecret`; @param responseCode of the address the holder came back to, for requests with a way back
   * @throws YizhengError `REQUEST_NOT_FOUND` (404; the same for a wrong secret), `RESPONSE_CODE_WRONG` (403)
   */
  async read(id: string, secret: string, responseCode: string | undefined): Promise<FoundSession> {
    const found = await this.parts.sessions.find(id, this.context.clock());
    const expected = Buffer.from(found?.session.readerSha256 ?? '0'.repeat(64), 'hex');
    if (!timingSafeEqual(sha256(secret), expected) || !found) throw notFound();
    const { outcome } = found;
    if (outcome?.phase === 'answered' && outcome.responseCode !== undefined && outcome.responseCode !== responseCode)
      throw new YizhengError('RESPONSE_CODE_WRONG', 'The answer belongs to another browser than the one that asks.', {
        status: 403,
      });
    return found;
  }

  /** Erases a request and its answer at once. @throws YizhengError `REQUEST_NOT_FOUND` (404) */
  async erase(id: string, secret: string): Promise<void> {
    const found = await this.parts.sessions.find(id, this.context.clock());
    const expected = Buffer.from(found?.session.readerSha256 ?? '0'.repeat(64), 'hex');
    if (!timingSafeEqual(sha256(secret), expected) || !found) throw notFound();
    await this.parts.sessions.erase(id);
  }

  private async judge(session: PresentationSession, response: WalletResponse): Promise<{ redirectUri?: string }> {
    const { sessions } = this.parts;
    const now = this.context.clock();
    const receivedAt = now.toISOString();
    if ('error' in response) {
      await sessions.conclude(session.id, { phase: 'declined', receivedAt, error: response.error }, now);
      return {};
    }
    const { clientId, nonce, query } = session;
    const asked: AskedQuery = { clientId, nonce, query, receivedAt };
    const result = await this.context.pool.run({
      kind: 'vp-token',
      json: JSON.stringify(response.vpToken),
      asked,
      anchor: session.anchor,
      now: receivedAt,
    });
    if (result.kind !== 'vp-token') throw new TypeError('the pool answered another question');
    const { check } = result;
    if (!check.accepted) {
      const { problems } = check;
      await sessions.conclude(session.id, { phase: 'refused', receivedAt, problems }, now);
      const [first] = problems;
      throw new YizhengError(first?.code ?? 'QUERY_NOT_SATISFIED', 'The answer is refused.', { at: first?.at });
    }
    const { presentations } = check;
    const responseCode = session.returnTo === undefined ? undefined : this.random(24);
    const kept = { receivedAt, asked, vpToken: response.vpToken, presentations };
    await sessions.conclude(session.id, { phase: 'answered', ...kept, ...(responseCode !== undefined && { responseCode }) }, now); // prettier-ignore
    return responseCode === undefined ? {} : { redirectUri: `${session.returnTo ?? ''}#response_code=${responseCode}` };
  }

  private async waiting(id: string): Promise<FoundSession> {
    const found = await this.parts.sessions.find(id, this.context.clock());
    if (!found) throw notFound();
    if (found.phase !== 'waiting') throw answered();
    return found;
  }

  private async parametersOf(session: PresentationSession): Promise<JsonObject> {
    const { name, keys } = this.parts;
    const encryptTo = session.mode === 'direct_post.jwt' ? await keys.publicJwk(session.salt) : undefined;
    return authorizationRequest(session, { name, encryptTo });
  }

  private demandReturnAddress(returnTo: string): void {
    const url = URL.canParse(returnTo) ? new URL(returnTo) : undefined;
    const plain = url?.hash === '' && url.username === '' && url.password === '';
    if (!url || !plain || !this.parts.returnOrigins.includes(url.origin))
      throw new YizhengError(
        'RETURN_ADDRESS',
        'The way back must be an address of an origin this verifier was told of.',
        {
          at: '/returnTo',
          status: 422,
        },
      );
  }

  private random(bytes: number): string {
    return Buffer.from(this.randomBytes(bytes)).toString('base64url');
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function notFound(): YizhengError {
  return new YizhengError('REQUEST_NOT_FOUND', 'There is no such request, or its time is over.', { status: 404 });
}

function answered(): YizhengError {
  return new YizhengError('REQUEST_ANSWERED', 'This request was answered; each takes one answer.', { status: 410 });
}
