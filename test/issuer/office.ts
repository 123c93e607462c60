import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { AccountEffects } from '../../server/accounts/index.js';
import type { Problem, Role } from '../../server/index.js';
import { newPerson, type Person } from '../accounts/people.js';
import { line, SHEET_HEADER } from './batch/sheets.js';
import { answer, CODE, type World } from './world.js';

interface Sent {
  status: number;
  body: Record<string, unknown> & Partial<Problem>;
}
/** Sends a request as somebody. */
export type Send = (method: string, path: string, body?: unknown) => Promise<Sent>;

/** The people of an institution that asks for two, and what they do to one another's batches. */
export class Office {
  readonly effects: AccountEffects;
  /** Address of the institution. */
  readonly at = `/institutions/${CODE}`;
  private logins = 0;
  private rows = 4000;

  constructor(readonly world: World) {
    this.effects = {
      database: world.database,
      keystore: world.keystore,
      baseUrl: world.listener.url,
      clock: () => world.time.now,
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
    };
  }

  /** A new person; `by` invited them. */
  person(roles: readonly Role[], options: { name?: string; by?: string } = {}): Promise<Person> {
    const login = `person-${++this.logins}`;
    return newPerson(this.effects, this.world.listener.url, { login, roles, tenant: CODE, name: login, ...options });
  }

  as(who: Person): Send {
    return async (method, path, body) => {
      const { status, body: said } = await who.browser.call(method, path, body);
      return { status, body: said };
    };
  }

  withKey(secret: string): Send {
    return async (method, path, body) => {
      const response = await this.world.call(method, path, body, { secret });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Sent['body'] };
    };
  }

  async newKey(send: Send, roles: readonly Role[], label: string): Promise<string> {
    const made = await send('POST', `${this.at}/api-keys`, { roles, label, expiresAt: '2030-01-01T00:00:00Z' });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return String(made.body['secret']);
  }

  /** A batch of one row that somebody handed in, and that waits. */
  async handedIn(who: Person | string): Promise<string> {
    const form = new FormData();
    form.set('operation', 'issue');
    form.set(
      'file',
      new File([`\ufeff${SHEET_HEADER}\r\n${line(++this.rows)}\r\n`], 'sheet.csv', { type: 'text/csv' }),
    );
    const response = await fetch(`${this.world.listener.url}${this.at}/batches`, {
      method: 'POST',
      body: form,
      headers: {
        'idempotency-key': `office-${this.rows}-key`,
        ...(typeof who === 'string'
          ? { authorization: `Bearer ${who}` }
          : { cookie: who.browser.cookie ?? '', 'x-csrf-token': who.browser.csrf ?? '' }),
      },
    });
    const { id } = await answer<{ id: string }>(response, 201);
    const send = typeof who === 'string' ? this.withKey(who) : this.as(who);
    const confirmed = await send('POST', `${this.at}/batches/${id}/confirm`, { rows: 'all' });
    assert.equal(confirmed.body['state'], 'waiting-approval', JSON.stringify(confirmed.body));
    return id;
  }

  approve(send: Send, id: string): Promise<Sent> {
    return send('POST', `${this.at}/batches/${id}/approve`);
  }

  async refused(send: Send, id: string, code: string): Promise<void> {
    const { status, body } = await this.approve(send, id);
    assert.deepEqual([status, body.code], [403, code]);
    const before = await send('GET', `${this.at}/batches/${id}/second-person`);
    assert.equal(before.body.code, code, 'the page knows before');
  }

  async agreed(send: Send, id: string): Promise<void> {
    const { status, body } = await this.approve(send, id);
    assert.equal(status, 200, JSON.stringify(body));
  }

  async auditOf(id: string, action: string): Promise<{ actor: string; detail: Record<string, unknown> }[]> {
    const rows = await this.world.database
      .knex('audit_log')
      .where({ action, subject: id })
      .orderBy('sequence')
      .select<{ actor: string; detail: string }[]>('actor', 'detail');
    return rows.map(({ actor, detail }) => ({ actor, detail: JSON.parse(detail) as Record<string, unknown> }));
  }
}
