import type { Problem } from '../../server/index.js';

/** What any of the routes of signing in says. */
export interface Said extends Partial<Problem> {
  address?: string;
  needed?: string;
  signedIn?: { account: { id: string; login: string }; method: string; isComplete: boolean; csrfToken: string };
  csrfToken?: string;
  isComplete?: boolean;
  identities?: { issuer: string }[];
  hasPassword?: boolean;
  accounts?: { id: string; linkedAt?: string; hasSecondFactor: boolean }[];
  secret?: string;
}

/** A browser without pages, with a jar for every cookie. */
export class Pages {
  readonly jar = new Map<string, string>();
  csrf: string | undefined;
  constructor(readonly url: string) {}

  async call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Said; cookies: string[] }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(this.csrf !== undefined && { 'x-csrf-token': this.csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookies = response.headers.getSetCookie();
    for (const set of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const text = await response.text();
    const said = (text === '' ? {} : JSON.parse(text)) as Said;
    this.csrf = said.csrfToken ?? said.signedIn?.csrfToken ?? this.csrf;
    return { status: response.status, body: said, cookies };
  }
}
