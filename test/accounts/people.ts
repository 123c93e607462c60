import assert from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import { invite, type AccountEffects } from '../../server/accounts/index.js';
import type { Problem, Role } from '../../server/index.js';

/** A password nobody would find by guessing. */
export const PASSWORD = '铁匠 correct battery staple';

/** The code an authenticator app shows. */
export function codeAt(secret: string, now: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() });
}

/** What a request came to. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T & Partial<Problem>;
  /** The session cookie it set, `name=value`; empty when it took it away. */
  cookie: string | undefined;
}

/** A browser without pages: keeps the session cookie and repeats the CSRF token. */
export class Browser {
  cookie: string | undefined;
  csrf: string | undefined;

  constructor(readonly url: string) {}

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
        ...(this.csrf === undefined ? {} : { 'x-csrf-token': this.csrf }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as T & Partial<Problem> & { csrfToken?: string };
    const set = response.headers.get('set-cookie');
    const cookie = set?.split(';')[0];
    if (cookie !== undefined) this.cookie = cookie.endsWith('=') ? undefined : cookie;
    if (parsed.csrfToken !== undefined) this.csrf = parsed.csrfToken;
    return { status: response.status, body: parsed, cookie };
  }
}

/** Somebody with an account. */
export interface Person {
  id: string;
  login: string;
  browser: Browser;
  /** TOTP secret, base32. */
  secret: string;
  recoveryCodes: string[];
}

/** Invites a person (`by`: who does), who accepts and sets up an authenticator app; signed in when done. */
export async function newPerson(
  effects: AccountEffects,
  url: string,
  who: { login: string; tenant: string; roles: readonly Role[]; name?: string; by?: string },
): Promise<Person> {
  const { tenant, roles, login, name = `Person ${login}`, by = 'test' } = who;
  const { token } = await invite(effects, { tenant, roles, name }, by);
  const browser = new Browser(url);
  const accepted = await browser.call<{ account: { id: string } }>('POST', '/invitations/accept', {
    token,
    login,
    password: PASSWORD,
  });
  assert.equal(accepted.status, 201, JSON.stringify(accepted.body));
  const { body } = await browser.call<{ secret: string }>('POST', '/account/totp');
  const confirmed = await browser.call<{ recoveryCodes: string[] }>('POST', '/account/totp/confirm', {
    code: codeAt(body.secret, effects.clock()),
  });
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
  const { id } = accepted.body.account;
  return { id, login, browser, secret: body.secret, recoveryCodes: confirmed.body.recoveryCodes };
}
