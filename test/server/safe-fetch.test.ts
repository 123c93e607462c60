import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { request } from 'undici';
import { isPublicAddress } from '../../server/safe-fetch-address.js';
import { createSafeFetch, type ResolvedAddress } from '../../server/safe-fetch.js';
import { YizhengError } from '../../shared/errors.js';

const HOME: ResolvedAddress[] = [{ address: '127.0.0.1', family: 4 }];

function withCode(...codes: string[]) {
  return (error: unknown) => error instanceof YizhengError && codes.includes(error.code);
}

describe('safe fetch (SECURITY F13)', () => {
  let server: Server;
  let port: number;
  let requests: IncomingMessage[] = [];
  let reachedAt: (string | undefined)[] = [];
  let sockets = 0;
  const countSocket = (): void => {
    sockets++;
  };
  const answers: Record<string, (response: ServerResponse) => void> = {
    '/ok': (response) => response.setHeader('content-type', 'application/json').end('{"ok":true}'),
    '/missing': (response) => response.writeHead(404).end('none'),
    '/large': (response) => response.end(Buffer.alloc(2000)),
    '/endless': (response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(8192), more);
      };
      more();
    },
    '/slow-head': () => undefined,
    '/slow-body': (response) => response.write('{'),
    '/gzip': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(1 << 20))),
    '/form': (response) => {
      const parts: Buffer[] = [];
      response.req.on('data', (part: Buffer) => parts.push(part));
      response.req.on('end', () => response.end(Buffer.concat(parts)));
    },
    '/hang-up': (response) => response.destroy(),
  };

  before(async () => {
    server = createServer((incoming, response) => {
      requests.push(incoming);
      reachedAt.push(incoming.socket.localAddress);
      const path = incoming.url ?? '';
      if (path.startsWith('/redirect-'))
        response.writeHead(Number(path.slice(10)), { location: `http://localhost:${port}/ok` }).end('elsewhere');
      else answers[path]?.(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    subscribe('net.client.socket', countSocket);
  });
  after(() => {
    unsubscribe('net.client.socket', countSocket);
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    requests = [];
    reachedAt = [];
    sockets = 0;
  });

  const local = (options: Parameters<typeof createSafeFetch>[0] = {}) =>
    createSafeFetch({ allowLoopback: true, resolve: () => Promise.resolve(HOME), ...options });
  const at = (path: string): string => `http://localhost:${port}${path}`;

  it('gets a document from an allowed host, uncompressed, and tells status and media type', async () => {
    const document = await local()(at('/ok'), { accept: 'application/did+json' });
    assert.equal(document.status, 200);
    assert.equal(document.contentType, 'application/json');
    assert.equal(new TextDecoder().decode(document.body), '{"ok":true}');
    assert.equal(requests[0]?.headers.accept, 'application/did+json');
    assert.equal(requests[0].headers['accept-encoding'], 'identity');
    assert.equal((await local()(at('/missing'))).status, 404);
    assert.equal((await createSafeFetch({ allowLoopback: true })(at('/ok'))).status, 200);
  });

  it('posts a form with the headers it is given, its own excepted, and follows no redirect with it', async () => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'Basic x',
      'user-agent': 'y',
    };
    const post = { headers, body: 'grant_type=authorization_code&code=ü' };
    const { body } = await local()(at('/form'), { post });
    assert.equal(new TextDecoder().decode(body), post.body);
    assert.equal(requests[0]?.method, 'POST');
    const {
      'content-type': type,
      authorization,
      'user-agent': agent,
      'accept-encoding': encoding,
    } = requests[0].headers;
    assert.deepEqual(
      [type, authorization, agent, encoding],
      [headers['content-type'], 'Basic x', 'yizheng', 'identity'],
    );
    await assert.rejects(local()(at('/redirect-307'), { post }), { code: 'FETCH_REDIRECT' });
    assert.equal(requests.length, 2);
  });

  it('opens no connection and asks no name server for a hostile address', async () => {
    const resolved: string[] = [];
    const resolve = (host: string) => {
      resolved.push(host);
      return Promise.resolve(HOME);
    };
    const strict = createSafeFetch({ resolve });
    const loopback = createSafeFetch({ resolve, allowLoopback: true });
    const urls = hostileUrls(port);
    assert.ok(urls.length > 300);
    for (const url of urls) {
      await assert.rejects(strict(url), withCode('FETCH_URL', 'FETCH_SCHEME', 'FETCH_USERINFO', 'FETCH_HOST', 'FETCH_PORT'), url); // prettier-ignore
      if (!/^https?:\/\/localhost[:/]/.test(url))
        await assert.rejects(loopback(url), withCode('FETCH_URL', 'FETCH_SCHEME', 'FETCH_USERINFO', 'FETCH_HOST', 'FETCH_PORT'), url); // prettier-ignore
    }
    assert.deepEqual(resolved, []);
    assert.equal(sockets, 0);
    assert.equal(requests.length, 0);
  });

  it('is needed: the bare library does connect to such addresses', async () => {
    for (const host of ['127.1', '2130706433', '0x7f.1', 'user@127.0.0.1', '127。0。0。1']) {
      const response = await request(`http://${host}:${port}/ok`);
      assert.equal(response.statusCode, 200, host);
      await response.body.dump();
    }
    assert.equal(requests.length, 5);
  });

  it('opens no connection when any resolved address is not public', async () => {
    const mixed: ResolvedAddress[] = [{ address: '93.184.216.34', family: 4 }, ...HOME];
    for (const addresses of [HOME, mixed, mixed.toReversed(), [{ address: '::ffff:127.0.0.1', family: 6 as const }]])
      await assert.rejects(
        createSafeFetch({ resolve: () => Promise.resolve(addresses) })('https://issuer.example/did.json'),
        withCode('FETCH_ADDRESS'),
      );
    await assert.rejects(
      local({ resolve: () => Promise.resolve([{ address: '93.184.216.34', family: 4 }]) })(at('/ok')),
      withCode('FETCH_ADDRESS'),
    );
    assert.equal(sockets, 0);
  });

  it('knows private, local, mapped, tunnelled and reserved addresses', () => {
    for (const address of NOT_PUBLIC) assert.equal(isPublicAddress(address), false, address);
    for (const address of ['8.8.8.8', '93.184.216.34', '1.1.1.1', '2606:4700::1111', '2400:3200::1'])
      assert.equal(isPublicAddress(address), true, address);
  });

  it('asks the resolver once and connects only to what was checked (rebinding)', async () => {
    let asked = 0;
    const resolve = () => Promise.resolve(asked++ === 0 ? HOME : [{ address: '127.0.0.2', family: 4 as const }]);
    assert.equal((await local({ resolve })(at('/ok'))).status, 200);
    assert.equal(asked, 1);
    assert.deepEqual(reachedAt, ['127.0.0.1']);
  });

  it('refuses every redirect without following it', async () => {
    for (const status of [300, 301, 302, 303, 304, 307, 308])
      await assert.rejects(local()(at(`/redirect-${status}`)), withCode('FETCH_REDIRECT'));
    assert.equal(requests.length, 7);
  });

  it('stops at the size limit, whether announced or not, and refuses a compressed body', async () => {
    assert.equal((await local({ maxBytes: 2000 })(at('/large'))).body.length, 2000);
    await assert.rejects(local({ maxBytes: 1999 })(at('/large')), withCode('FETCH_TOO_LARGE'));
    await assert.rejects(local()(at('/large'), { maxBytes: 10 }), withCode('FETCH_TOO_LARGE'));
    await assert.rejects(local()(at('/endless')), withCode('FETCH_TOO_LARGE'));
    await assert.rejects(local()(at('/gzip')), withCode('FETCH_ENCODING'));
  });

  it('gives up after its total time, in resolving, before the head and within the body', async () => {
    const started = performance.now();
    const resolve = () => new Promise<ResolvedAddress[]>((settle) => setTimeout(settle, 400, HOME));
    await assert.rejects(local({ timeoutMs: 80, resolve })(at('/ok')), withCode('FETCH_TIMEOUT'));
    await assert.rejects(local({ timeoutMs: 80 })(at('/slow-head')), withCode('FETCH_TIMEOUT'));
    await assert.rejects(local({ timeoutMs: 80 })(at('/slow-body')), withCode('FETCH_TIMEOUT'));
    assert.ok(performance.now() - started < 10_000);
  });

  it('gives up when the caller does', async () => {
    const fetching = local()(at('/slow-body'), { signal: AbortSignal.timeout(50) });
    await assert.rejects(fetching, withCode('FETCH_ABORTED'));
    await assert.rejects(local()(at('/ok'), { signal: AbortSignal.abort() }), withCode('FETCH_ABORTED'));
  });

  it('keeps to the list of allowed hosts', async () => {
    const allowed = local({ allowedHosts: [`localhost:${port}`, 'issuer.example'] });
    assert.equal((await allowed(at('/ok'))).status, 200);
    await assert.rejects(allowed('https://other.example/'), withCode('FETCH_HOST_NOT_ALLOWED'));
    await assert.rejects(allowed('https://issuer.example.evil.example/'), withCode('FETCH_HOST_NOT_ALLOWED'));
    await assert.rejects(allowed(`http://localhost:${port + 1}/ok`), withCode('FETCH_HOST_NOT_ALLOWED'));
  });

  it('names an unreachable host as such: no address, no server, hang-up, no TLS', async () => {
    const nowhere = createSafeFetch({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    await assert.rejects(nowhere('https://issuer.example/'), withCode('FETCH_UNREACHABLE'));
    await assert.rejects(local({ resolve: () => Promise.resolve([]) })(at('/ok')), withCode('FETCH_UNREACHABLE'));
    await assert.rejects(local()(at('/hang-up')), withCode('FETCH_UNREACHABLE'));
    await assert.rejects(local()(`https://localhost:${port}/ok`), withCode('FETCH_UNREACHABLE'));
    await assert.rejects(local()('http://localhost:1/ok'), withCode('FETCH_UNREACHABLE'));
  });
});

const NOT_PUBLIC = [
  ...['0.0.0.0', '0.1.2.3', '10.1.1.1', '100.64.0.1', '127.0.0.1', '127.8.9.1', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.51.100.1'],
  ...['203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:10.0.0.1'],
  ...['::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::'],
  ...['fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2001:10::1', '3fff::1', '5f00::1'],
  ...['4000::1', '2606:4700::1111%1', '', 'localhost', '127.1', '0x7f.0.0.1', '2130706433', '1.2.3.4.5'],
];

/** Idea C60 of the attack corpus: spellings of inside addresses, parser confusions and foreign schemes. */
function hostileUrls(port: number): string[] {
  const hosts = [
    ...['127.0.0.1', '127.1', '127.0.1', '0', '0.0.0.0', '00', '2130706433', '017700000001', '0x7f000001', '0x7f.1'],
    ...['0x7F.0.0.1', '0177.0.0.1', '0177.1', '127.0.0.01', '127.000.000.001', '127.0.0.1.', '0x7f.0x0.0x0.0x1'],
    ...['0300.0250.1.1', '192.168.1.1', '10.0.0.1', '172.16.0.1', '169.254.169.254', '0xa9fea9fe', '2852039166'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:0:0:1]', '[fe80::1%25eth0]', '[fd00::1]'],
    ...['[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[::127.0.0.1]', '[2606:4700::1111]', '8.8.8.8', '134744072', '1'],
    ...['localhost', 'LOCALHOST', 'localhost.', 'foo.localhost', 'localhost.localdomain', 'printer.local', 'intranet'],
    ...['metadata.google.internal', 'db.internal', 'nas.home.arpa', 'router.lan', 'issuer', 'ISSUER.EXAMPLE'],
    ...[
      '127。0。0。1',
      '127．0．0．1',
      '１２７.0.0.1',
      '①②⑦.⓪.⓪.①',
      'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
      'loc\u00adalhost',
      'local\u200bhost',
      'ｌocalhost',
    ],
    ...[
      'issuer.example.',
      '.issuer.example',
      'issuer..example',
      '-issuer.example',
      'issuer-.example',
      'iss_uer.example',
    ],
    ...[
      'issuer%2eexample',
      '%6c%6f%63%61%6c%68%6f%73%74',
      'issuer.example%00.evil',
      '127.0.0.1%2f',
      'issuer.example%40127.0.0.1',
    ],
    ...[
      '职业.示例',
      'bücher.example',
      'issuer.0x7f',
      'issuer.1',
      'a'.repeat(64) + '.example',
      'a.'.repeat(127) + 'example',
    ],
    ...[
      'user@127.0.0.1',
      'user:pass@issuer.example',
      'issuer.example@127.0.0.1',
      '@127.0.0.1',
      ':@127.0.0.1',
      'a@b@127.0.0.1',
    ],
  ];
  const confusions = [
    ...[
      'https:/127.0.0.1/',
      'https:127.0.0.1/',
      'https:\\\\127.0.0.1\\',
      'https://issuer.example\\@127.0.0.1/',
      'https:///127.0.0.1/',
    ],
    ...[
      'https://issuer.example#@127.0.0.1/',
      'https://issuer.example?@127.0.0.1/',
      'https://issuer.example/#did',
      '//127.0.0.1/',
    ],
    ...[
      ' https://127.0.0.1/',
      'https://127.0.0.1/ ',
      'ht\ntps://127.0.0.1/',
      'https://127.0.\t0.1/',
      'https://127.0.0.1\u0000/',
      'HTTPS://127.0.0.1/',
    ],
    ...[
      'https://issuer.example/\r\nHost: localhost',
      'https://issuer.example/ x',
      'https://issuer.example/\u200b',
      'https://',
      'https:///',
      '',
    ],
    ...[
      '127.0.0.1',
      'localhost',
      '/etc/passwd',
      '\\\\127.0.0.1\\share',
      'https',
      `https://issuer.example/${'a'.repeat(3000)}`,
    ],
    ...[
      'https://issuer.example:22/',
      'https://issuer.example:80/',
      'https://issuer.example:8443/',
      'https://issuer.example:0/',
    ],
    ...[
      'https://issuer.example:99999/',
      'https://issuer.example:-1/',
      'https://issuer.example:443:22/',
      'https://issuer.example:4 43/',
      'https://issuer.example:/',
    ],
    ...[
      'https://[issuer.example]/',
      'https://issuer.example]/',
      'https://[::1/',
      'https://issuer.example:0443/',
      'https://issuer.example:x/',
    ],
    ...['http', 'ftp', 'file', 'gopher', 'dict', 'ldap', 'jar', 'ws', 'wss', 'data', 'javascript', 'blob', 'unix', 'http+unix', 'view-source'].map((scheme) => `${scheme}://issuer.example/`), // prettier-ignore
    ...[
      'file:///etc/passwd',
      'data:text/plain,x',
      'javascript:alert(1)',
      'blob:https://issuer.example/1',
      'mailto:a@b',
      'about:blank',
    ],
  ];
  return [
    ...hosts.flatMap((host) => [`https://${host}/`, `http://${host}:${port}/ok`, `https://${host}:${port}/ok`]),
    ...hosts.map((host) => `https://${host}/.well-known/did.json`),
    ...confusions,
  ];
}
