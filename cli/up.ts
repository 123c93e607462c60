import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { drawQrSymbol, qrToTerminal } from '../shared/carrier/qr-symbol.js';
import type { Call, CliContext, CommandResult } from './context.js';
import { demoInvitations, type DemoInvitation } from './demo/demo-invitations.js';
import { demoKeys, type DemoKey } from './demo/demo-keys.js';
import { issueSample, type SampleCertificate } from './demo/issue-sample.js';
import { judgeSample, type SampleVerdict } from './demo/judge-sample.js';
import { offerSample, type SampleOffer } from './demo/offer-sample.js';
import { openAlliance, type OpenAlliance } from './demo/open-alliance.js';
import { writeSampleSheet } from './demo/sample-sheet.js';
import { publishAlliance, seedAlliance, type SeededAuthority } from './demo/seed-alliance.js';
import { startVerifier } from './demo/start-verifier.js';
import { startWallet } from './demo/start-wallet.js';
import { untilStopped } from './demo/until-stopped.js';
import { writeBundles, type BundleFile } from './demo/write-bundles.js';
import { writeVerifierFile } from './demo/write-verifier-file.js';

const upOptions = z.object({
  data: z.string(),
  port: z.coerce.number().int().min(1024).max(65_532),
  exit: z.boolean().optional(),
  json: z.boolean().optional(),
});

/** `yizheng up`: the demo alliance, from nothing to three verdicts; then it keeps serving until it is stopped. */
export function registerUp(program: Command, context: CliContext): void {
  program
    .command('up')
    .summary('运行示例联盟 · run the demo alliance')
    .description(
      '运行示例联盟:两省互认,一省不认\n' +
        'Run the demo alliance: two authorities that recognise each other, one that recognises nobody',
    )
    .option('--data <folder>', '数据放在哪里 · where its data lies', 'data/demo')
    .option('--port <number>', '四个连续端口中的第一个 · first of four ports in a row', '8701')
    .option('--exit', '核验后退出,不继续服务 · stop after the verdicts')
    .action(context.act((call) => up(call, context)));
}

async function up(call: Call, context: CliContext): Promise<CommandResult> {
  const { data, port, exit, json } = call.options(upOptions);
  const directory = resolve(data);
  const step = (chinese: string, english: string): void => context.err(`→ ${chinese} · ${english}…\n`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  step('启动登记与签发服务', 'starting registry and issuer');
  const alliance = await openAlliance({ directory, port }, context);
  try {
    const authorities = await seedAlliance(alliance, step);
    step(
      '签发(或沿用)一张证书并打印,放行前读回二维码',
      'issuing (or reusing) a certificate and printing it, reading its own QR back',
    );
    const sample = await issueSample(alliance, join(directory, 'certificates'));
    step('发布信任数据', 'publishing trust data');
    await publishAlliance(alliance);
    const bundles = await writeBundles(alliance, authorities, join(directory, 'bundles'));
    const verifier = await startVerifier(alliance, authorities, { directory, port: port + 2 }, context);
    await startWallet(alliance, port + 3);
    const verifierFile = await writeVerifierFile(bundles, alliance, directory, context.now());
    const verdicts = await judgeSample(sample, authorities, verifier, { language: call.language, now: context.now() });
    const keys = await demoKeys(alliance, directory, context.now());
    const sampleSheet = await writeSampleSheet(directory);
    const offer = await offerSample(alliance, sample);
    const invitations = await demoInvitations(alliance);
    const demo = {
      alliance,
      authorities,
      sample,
      offer,
      invitations,
      bundles,
      keys,
      verdicts,
      verifierFile,
      sampleSheet,
    };
    if (json !== true) {
      // Drawn by us from our own certificate, with terminal colours, so it does not pass the guard for foreign text.
      process.stdout.write(`\n${qrToTerminal(drawQrSymbol(sample.qr.segments))}\n`);
      context.out(`${report(call, demo).join('\n')}\n`);
    }
    if (exit !== true) {
      context.err(`\n${call.say('服务运行中,按 Ctrl-C 停止。', 'Serving. Stop with Ctrl-C.')}\n`);
      await untilStopped(async () => {
        await publishAlliance(alliance);
        await writeBundles(alliance, authorities, join(directory, 'bundles'));
        await verifier.refresh();
      }, alliance.logger);
    }
    return { json: summary(demo), text: [] };
  } finally {
    await alliance.close();
  }
}

interface Demo {
  alliance: OpenAlliance;
  authorities: readonly SeededAuthority[];
  sample: SampleCertificate;
  /** The same certificate for a wallet. */
  offer: SampleOffer;
  /** To the console; none once somebody has come in. */
  invitations: readonly DemoInvitation[];
  bundles: readonly BundleFile[];
  keys: readonly DemoKey[];
  verdicts: readonly SampleVerdict[];
  /** The verifier as one HTML file with a bundle in it. */
  verifierFile: string;
  /** Twenty people to try a batch with, some with mistakes. */
  sampleSheet: string;
}

function report(
  call: Call,
  { alliance, sample, offer, invitations, bundles, keys, verdicts, verifierFile, sampleSheet }: Demo,
): string[] {
  const { issuer, registry, verifier, wallet } = alliance.addresses;
  const { say } = call;
  const partner = bundles.find(({ slug }) => slug === 'chongqing');
  const [key] = keys;
  const officer = keys.find(({ tenant }) => tenant === 'sichuan');
  return [
    say(
      `证书 ${sample.certificate.certificateNumber}(二维码版本 ${sample.qr.version})`,
      `Certificate ${sample.certificate.certificateNumber} (QR version ${sample.qr.version})`,
    ),
    `  ${join(sample.folder, 'certificate.pdf')}`,
    '',
    say('同一张证书,三个地方:', 'The same certificate in three places:'),
    ...verdicts.flatMap(({ lines }) => lines.map((line) => `  ${line}`)),
    '',
    say(
      '把这张证书收进证件夹(只能领取一次,七天内):',
      'Take this certificate into the wallet (once, within seven days):',
    ),
    `  ${offer.walletLink ?? offer.uri}`,
    `  ${say('领取码', 'code')}  ${offer.txCode ?? ''}`,
    `  ${say('二维码,任何钱包都可以扫', 'QR code for any wallet')}  ${offer.slip}`,
    '',
    ...(invitations.length > 0
      ? [
          say(
            '进入评价机构和主管部门的工作台(每个邀请只能用一次,请在不同的浏览器窗口分别打开,体验经办和审批):',
            'Into the consoles of an institution and of an authority (each invitation is good once; open them in separate browser windows to be clerk and approver):',
          ),
          ...invitations.map(({ name, address }) => `  ${name}  ${address}`),
          '',
        ]
      : []),
    say(
      '示例没有开启两人审批,一个人就能试完;真实机构默认开启,只有平台管理员可以关闭。',
      'The demo asks for no second person, so that one can try it alone; a real institution does unless the host says otherwise.',
    ),
    '',
    say('地址:', 'Addresses:'),
    `  ${say('核验', 'verifier')}  ${verifier}/`,
    `  ${say('证书夹', 'wallet')}  ${wallet}/`,
    `  ${say('机构工作台', 'console of the institutions')}  ${issuer}/`,
    `  ${say('主管部门工作台', 'console of the authorities')}  ${registry}/`,
    `  ${say('签发', 'issuer')}  ${issuer}/openapi.json`,
    `  ${say('登记', 'registry')}  ${registry}/openapi.json`,
    '',
    say(
      '手机或电脑浏览器打开核验地址,选好主管部门后断网也能用;或直接打开这个文件,从不联网:',
      'Open the verifier address on a phone or computer; once an authority is chosen it works without a network. Or open this file, which never connects:',
    ),
    `  ${verifierFile}`,
    '',
    say('断网核验:', 'Verify without network:'),
    `  node dist/cli/main.js verify ${join(sample.folder, 'certificate.pdf')} --bundle ${partner?.file ?? ''} --anchor ${partner?.anchor ?? ''} --anchor-root ${partner?.root ?? ''}`,
    say('暂停这张证书(一分钟内进入下一个数据包):', 'Suspend this certificate (in the next bundle within a minute):'),
    `  node dist/cli/main.js status suspend ${sample.certificate.certificateNumber} --reason investigation --issuer ${key?.address ?? ''} --key-file ${key?.file ?? ''}`,
    say(
      '批量签发试试(20 人,其中 4 行故意填错;另开一个终端):',
      'Try a batch (20 people, 4 rows wrong on purpose; in another terminal):',
    ),
    `  node dist/cli/main.js batch run ${sampleSheet} --out ${join(dirname(sampleSheet), 'batches')} --issuer ${key?.address ?? ''} --key-file ${key?.file ?? ''}`,
    say('主管部门说了什么(备案、互认、事件):', 'What an authority says (accreditations, recognitions, events):'),
    `  node dist/cli/main.js registry --help    # --registry ${officer?.address ?? ''} --key-file ${officer?.file ?? ''}`,
  ];
}

function summary({
  sample,
  offer,
  invitations,
  bundles,
  verdicts,
  keys,
  alliance,
  verifierFile,
  sampleSheet,
}: Demo): object {
  return {
    certificate: { id: sample.certificate.id, number: sample.certificate.certificateNumber, folder: sample.folder },
    qrVersion: sample.qr.version,
    offer: { uri: offer.uri, walletLink: offer.walletLink, txCode: offer.txCode, slip: offer.slip },
    invitations,
    verdicts: verdicts.map(({ anchor, verdict }) => ({ anchor, headline: verdict.headline })),
    bundles,
    verifierFile,
    sampleSheet,
    keys: keys.map(({ tenant, file, address }) => ({ tenant, file, address })),
    addresses: alliance.addresses,
  };
}
