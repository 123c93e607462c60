import assert from 'node:assert/strict';
import { HOST_TENANT, type Role } from '../../server/index.js';
import type { RunningRegistry } from './running-registry.js';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** People with API keys at a running registry. */
export class People {
  private readonly secrets = new Map<string, string>();
  readonly keyIds = new Map<string, string>();

  constructor(readonly registry: RunningRegistry) {}

  /** Gives somebody a key; `label` is the person, by default the name of the key. */
  async key(name: string, roles: Role[], options: { tenant?: string; label?: string } = {}): Promise<void> {
    const { tenant = 'sc', label = name } = options;
    const key = { tenant, roles, label, expiresAt: '2030-01-01T00:00:00Z' };
    this.take(name, await this.registry.service.createApiKey(key, 'test'));
  }

  /** Gives somebody a key that was made elsewhere. */
  take(name: string, { id, secret }: { id: string; secret: string }): void {
    this.secrets.set(name, secret);
    this.keyIds.set(name, id);
  }

  async standard(): Promise<this> {
    await this.key('zhang', ['officer', 'auditor']);
    await this.key('li', ['officer']);
    await this.key('wang', ['custodian']);
    await this.key('zhao', ['custodian']);
    await this.key('host', ['admin'], { tenant: HOST_TENANT });
    return this;
  }

  async send(who: string, method: string, path: string, body?: object, idempotencyKey?: string): Promise<Answer> {
    const response = await this.raw(who, method, path, body, idempotencyKey);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** {@link send} for an answer that is not JSON. */
  raw(who: string, method: string, path: string, body?: object, idempotencyKey?: string): Promise<Response> {
    return fetch(`${this.registry.url}/authorities${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.secrets.get(who) ?? ''}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  post(who: string, path: string, body: object = {}, idempotencyKey?: string): Promise<Answer> {
    return this.send(who, 'POST', `/sc${path}`, body, idempotencyKey);
  }

  async dualControl(who: string, ...dualControl: string[]): Promise<Answer> {
    return this.send(who, 'PUT', '/sc/dual-control', { dualControl });
  }

  /** Writes something that must wait for a second person. @returns the id of the proposal */
  async proposal(who: string, path: string, body: object): Promise<string> {
    return this.proposalOf(who, 'POST', path, body);
  }

  /** {@link proposal} by another method. */
  async proposalOf(who: string, method: string, path: string, body: object): Promise<string> {
    const answer = await this.send(who, method, `/sc${path}`, body);
    assert.deepEqual([answer.status, answer.body['state']], [202, 'open'], JSON.stringify(answer.body));
    return String(answer.body['id']);
  }

  async audit(): Promise<{ action: string; actor: string; detail: Record<string, unknown> }[]> {
    const { body } = await this.send('zhang', 'GET', '/sc/audit');
    return body['entries'] as { action: string; actor: string; detail: Record<string, unknown> }[];
  }
}

export function refused(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body['code']], [status, code], JSON.stringify(answer.body));
}
