import { drawQrSymbol, qrToSvg } from '../shared/carrier/qr-symbol.js';

/** What stands on a slip. */
export interface SlipFacts {
  certificate: string;
  uri: string;
  walletLink?: string | undefined;
  txCode?: string | undefined;
  /** A second person tells the code. */
  codeWithheld?: boolean | undefined;
  expiresAt: string;
}

/**
 * A slip to print and hand to the holder, as one HTML file: a QR code that any camera opens our web wallet with, one for other wallets,
 * and the transaction code below a fold.
 */
export function offerSlip({ certificate, uri, walletLink, txCode, codeWithheld, expiresAt }: SlipFacts): string {
  const until = new Date(Date.parse(expiresAt) + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' ');
  const codes = [
    ...(walletLink === undefined ? [] : [symbol(walletLink, '用手机相机扫', 'Scan with the camera of a phone')]),
    symbol(uri, walletLink === undefined ? '用证书夹扫' : '或用别的钱包扫', 'Scan with any wallet'),
  ];
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(certificate)}</title>
<style>
@page { size: A5; margin: 10mm }
body { font: 10.5pt/1.5 system-ui, 'Noto Sans SC', sans-serif; max-width: 128mm; margin: 0 auto }
h1 { font-size: 15pt; margin: 0 }
h1 small { display: block; font-weight: 400; font-size: 10.5pt }
.codes { display: flex; justify-content: space-around; margin: 5mm 0 }
figure { margin: 0; text-align: center }
svg { width: 58mm; height: 58mm; display: block; margin: 0 auto }
.fold { border-top: 0.3mm dashed; padding-top: 5mm; text-align: center }
.code { font: 700 24pt/1.2 ui-monospace, monospace; letter-spacing: 0.2em; margin: 3mm 0 }
small { color: #444 }
</style>
</head>
<body>
<h1>把证书收进手机 <small>Take your certificate into your phone</small></h1>
<p>证书编号 ${escaped(certificate)}<br>有效到 ${until}(北京时间),只能领取一次。<br>
<small>Valid until ${until} China Standard Time; it can be taken once.</small></p>
<div class="codes">
${codes.join('\n')}
</div>
${txCode === undefined ? '' : fold(txCode)}${codeWithheld ? WITHHELD : ''}</body>
</html>
`;
}

/** Room for the code, which whoever checked the holder's document writes or says. */
const WITHHELD = `<div class="fold">领取码由另一位工作人员核对您的身份证件后告知:<br><small>Told by a second member of staff who has checked your identity document:</small>
<p class="code">_ _ _ _ _ _</p></div>
`;

function symbol(text: string, chinese: string, english: string): string {
  const svg = qrToSvg(drawQrSymbol([{ mode: 'byte', data: text }]));
  return `<figure>${svg}<figcaption>${chinese}<br><small>${english}</small></figcaption></figure>`;
}

function fold(txCode: string): string {
  return `<div class="fold">沿虚线裁下,分开保管。领取时输入:<br><small>Cut along the line and keep apart. Asked for when taken:</small>
<p class="code">${escaped(txCode)}</p>
不要告诉别人,机构也不会问您要。<br><small>Tell nobody; the institution never asks for it.</small></div>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
