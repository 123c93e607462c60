import type { Request } from 'express';
import { readCookie } from '../session-cookie.js';
import { TRANSACTION_MS } from './transaction.js';

const NAME = '__Host-yizheng-provider';
/** The browser comes back to a page of ours, which then asks by itself: `Strict` will do, and nothing of the way back carries the cookie. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** `Set-Cookie` that binds a sign-in at the provider to this browser. */
export function transactionCookie(baseUrl: string, id: string): string {
  return `${nameFor(baseUrl)}=${id}; ${ATTRIBUTES}; Max-Age=${TRANSACTION_MS / 1000}`;
}

/** `Set-Cookie` that takes it away. */
export function noTransactionCookie(baseUrl: string): string {
  return `${nameFor(baseUrl)}=; ${ATTRIBUTES}; Max-Age=0`;
}

/** Id of the sign-in this browser began; undefined when there is none, or more than one. */
export function transactionId(baseUrl: string, request: Pick<Request, 'get'>): string | undefined {
  return readCookie(request, nameFor(baseUrl));
}

function nameFor(baseUrl: string): string {
  const { port } = new URL(baseUrl);
  return port === '' ? NAME : `${NAME}-${port}`;
}
