import { Argument, type Command } from 'commander';
import type { Call, CliContext, CommandResult } from '../context.js';
import { makeAdminKey } from '../serve/admin-key.js';
import { serveIssuer, serveIssuerWorker } from '../serve/serve-issuer.js';
import { serveRegistry } from '../serve/serve-registry.js';
import { serveVerifier } from '../serve/serve-verifier.js';
import { serveWallet } from '../serve/serve-wallet.js';
import { withToken } from '../token-options.js';
import { flagOf, readSettings, variableOf, type ServiceName } from '../serve/settings.js';

/** `yizheng serve …` and `yizheng admin-key`: the services as an institution, an authority or an employer runs them. */
export function registerServe(program: Command, context: CliContext): void {
  const serve = program
    .command('serve')
    .summary('运行服务 · run a service')
    .description(
      '运行一个服务,直到收到 SIGTERM:不再接新请求,做完手上的再停。设置取自选项,或同名环境变量(YIZHENG_…);口令和数据库地址不作参数\n' +
        'Run one service until SIGTERM: no new requests, what is under way is finished. Settings come from options or from environment ' +
        'variables (YIZHENG_…); the pass-phrase and the database address are never arguments',
    );

  const issuer = service(serve, 'issuer', '签发服务', 'The issuing service of one host with its institutions').option(
    '--wallet-url <url>',
    `证书夹的网址,领取链接用 · web wallet that offers open, beside the standard links (${variableOf('walletUrl')})`,
  );
  withToken(withKeystore(withDatabase(withIdentityProvider(withHttp(withVerifier(withBase(issuer)))))), variableOf);
  run(issuer, 'issuer', context, serveIssuer);

  const worker = service(
    serve,
    'issuer-worker',
    '只做批量的进程,可在别的机器上',
    'Works on batches only, beside the issuer or on another machine',
  ).option('--threads <n>', `签名线程数 · signing threads (${variableOf('threads')})`);
  withToken(withKeystore(withDatabase(withLog(withVerifier(withBase(worker))))), variableOf);
  run(worker, 'issuer-worker', context, serveIssuerWorker);

  const registry = service(serve, 'registry', '主管部门的登记簿', 'The registry of one or several authorities');
  withToken(withKeystore(withDatabase(withIdentityProvider(withHttp(withBase(registry))))), variableOf);
  run(registry, 'registry', context, serveRegistry);

  const verifier = service(serve, 'verifier', '核验服务和网页', 'The verifier and its web page')
    .option(
      '--anchors <file>',
      `信任哪些主管部门 · JSON file with the authorities relied on (${variableOf('anchors')})`,
    )
    .option('--data <folder>', `已接受的信任数据 · folder for accepted trust data (${variableOf('data')})`)
    .option('--refresh-minutes <n>', `多久重读一次,默认 10 · how often the data are read again, 10 unless given`)
    .option('--asking <who>', '谁可以请人出示证书 · who may ask for certificates: guests (unless given), keys, off')
    .option('--wallet-url <url>', `自己的证书夹 · our own wallet, for links that open it (${variableOf('walletUrl')})`)
    .option('--name <text>', `对方看到的单位名称 · what holders see as the name (${variableOf('name')})`)
    .option('--request-certificate <file>', '签请求的 X.509 证书链 · PEM chain for x509_san_dns, own certificate first')
    .option('--request-key <file>', '它的私钥,PEM,权限 0600 · its private key, PEM, mode 0600');
  withKeystore(withDatabase(withHttp(withBase(verifier))));
  run(verifier, 'verifier', context, serveVerifier);

  const wallet = service(serve, 'wallet', '工人的证书夹', "The workers' wallet: files only, it keeps nothing");
  withHttp(withVerifier(wallet));
  run(wallet, 'wallet', context, serveWallet);

  const adminKey = program
    .command('admin-key')
    .addArgument(new Argument('<service>', '哪个服务 · which service').choices(['issuer', 'registry', 'verifier']))
    .summary('第一个管理密钥 · first key of an administrator')
    .description(
      '直接在数据库里为 issuer、registry 或 verifier 建立管理员的 API 密钥,只写进文件(权限 0600)\n' +
        "Make an administrator's API key for issuer, registry or verifier directly in the database; its secret goes to a file (mode 0600) only",
    )
    .option('--out <file>', '写到哪个文件 · file to write')
    .option('--label <text>', '给谁用 · whose it is, "admin" unless given')
    .option('--days <n>', '有效天数,默认 90 · days it is valid, 90 unless given');
  withDatabase(adminKey);
  adminKey.action(context.act((call) => adminKeyOf(call, context)));
}

function service(serve: Command, name: ServiceName, chinese: string, english: string): Command {
  return serve.command(name).summary(`${chinese} · ${english}`).description(`${chinese}\n${english}`);
}

function withBase(command: Command): Command {
  return command.option('--base-url <url>', `对外的地址,决定 DID · public address, decides the DIDs (${variableOf('baseUrl')})`); // prettier-ignore
}

function withVerifier(command: Command): Command {
  return command.option(
    '--verifier-url <url>',
    `二维码指向的核验页面 · verifier that QR codes open (${variableOf('verifierUrl')})`,
  );
}

function withDatabase(command: Command): Command {
  return command
    .option(
      '--database-url-file <file>',
      '写有数据库地址的文件,权限 0600;或用环境变量 DATABASE_URL · file with the database address, mode 0600; or DATABASE_URL',
    )
    .addHelpText(
      'after',
      '\nDATABASE_URL: sqlite:/var/lib/yizheng/issuer.sqlite | postgres://user@host/database?sslmode=verify-full&schema=issuer',
    );
}

function withKeystore(command: Command): Command {
  return command
    .option('--keystore <file>', `密钥库文件 · keystore file (${variableOf('keystore')})`)
    .option(
      '--passphrase-file <file>',
      `口令文件,权限 0600 · file with the passphrase, mode 0600 (${variableOf('passphraseFile')})`,
    ) // prettier-ignore
    .option('--passphrase-fd <number>', '口令的文件描述符 · open file descriptor with the passphrase')
    .option('--init', '密钥库文件不存在时新建 · make the keystore file if there is none');
}

function withHttp(command: Command): Command {
  return withLog(command)
    .option('--port <number>', `端口 · port (${variableOf('port')})`)
    .option('--host <address>', `监听地址,默认 127.0.0.1 · address to listen on (${variableOf('host')})`)
    .option('--trusted-proxies <n>', `前面有几层自己的代理 · own proxies in front (${variableOf('trustedProxies')})`)
    .option(
      '--requests-per-minute <n>',
      `每个地址每分钟的请求数 · requests of one address in a minute, 600 unless given`,
    );
}

/** Sign-in by OpenID Connect: the secret is in a file, never an argument. */
function withIdentityProvider(command: Command): Command {
  const option = (setting: string, value: string, chinese: string, english: string): string[] => [
    `${flagOf(setting)} <${value}>`,
    `${chinese} · ${english} (${variableOf(setting)})`,
  ];
  const options = [
    option(
      'oidcIssuer',
      'url',
      '工作人员登录用的身份提供方',
      'OpenID Connect provider of the people who work in the console',
    ),
    option('oidcClientId', 'id', '本服务在那里的客户端号', 'id of this service there'),
    option('oidcClientSecretFile', 'file', '客户端密码文件,权限 0600', 'file with its secret, mode 0600'),
    option(
      'oidcClientKeyFile',
      'file',
      '或私钥文件(PEM,0600)',
      'or its private key for private_key_jwt, PEM, mode 0600',
    ),
    option('oidcClientKeyId', 'id', '私钥的 kid', 'kid of that key'),
    option('oidcName', 'text', '登录按钮上的中文名称', 'Chinese name on the button'),
    option('oidcNameEn', 'text', '登录按钮上的英文名称', 'English name on the button'),
    option(
      'oidcAlgorithms',
      'names',
      '允许的签名算法',
      'algorithms an ID token may have, ES256 PS256 EdDSA RS256 unless given',
    ),
    option('oidcAcr', 'values', '哪些 acr 表示用了第二重验证', 'values of acr that prove a second factor'),
    option('oidcAmr', 'values', '哪些 amr 表示用了第二重验证', 'values of amr that prove a second factor'),
  ];
  return options.reduce((so, [flag = '', text]) => so.option(flag, text), command);
}

function withLog(command: Command): Command {
  return command.option('--log-level <level>', `日志级别 · trace | debug | info | warn | error (${variableOf('logLevel')})`); // prettier-ignore
}

function run<N extends ServiceName>(
  command: Command,
  name: N,
  context: CliContext,
  serve: (settings: ReturnType<typeof readSettings<N>>, context: CliContext) => Promise<void>,
): void {
  command.action(
    context.act(async (call) => {
      await serve(readSettings(name, call, context), context);
      return { json: { stopped: name }, text: call.say('已停止。', 'Stopped.') };
    }),
  );
}

async function adminKeyOf(call: Call, context: CliContext): Promise<CommandResult> {
  const named = call.args[0];
  const service = named === 'registry' || named === 'verifier' ? named : 'issuer';
  const made = await makeAdminKey(service, readSettings('admin-key', call, context), context);
  return {
    json: made,
    text: [
      call.say(`✔ 管理密钥 ${made.id},有效到 ${made.expiresAt.slice(0, 10)}`, `✔ Key ${made.id}, valid until ${made.expiresAt.slice(0, 10)}`), // prettier-ignore
      `  ${made.file}`,
    ],
  };
}
