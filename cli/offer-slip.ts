import { drawQrSymbol, qrToSvg } from '../shared/carrier/qr-symbol.js';

/** What stands on a slip. */
export interface SlipFacts {
  certificate: string;
  uri: string;
  walletLink?: string | undefined;
  txCode?: string | undefined;
  expiresAt: string;
}

/** A slip to print and hand to the holder: a QR code for any wallet, the code on the other side of a fold, as one HTML file. */
export function offerSlip({ certificate, uri, walletLink, txCode, expiresAt }: SlipFacts): string {
  const until = new Date(Date.parse(expiresAt) + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' ');
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>${escaped(certificate)}</title>
<style>
@page { size: A5; margin: 12mm }
body { font: 11pt/1.6 system-ui, 'Noto Sans SC', sans-serif; max-width: 124mm; margin: 0 auto }
h1 { font-size: 15pt; margin: 0 }
svg { width: 62mm; height: 62mm; display: block; margin: 6mm auto }
a { word-break: break-all; color: inherit }
.fold { border-top: 0.3mm dashed; margin-top: 8mm; padding-top: 6mm; text-align: center }
.code { font: 700 24pt/1.2 ui-monospace, monospace; letter-spacing: 0.2em }
small { color: #444 }
</style>
</head>
<body>
<h1>把证书收进手机 <small>Take your certificate into your phone</small></h1>
<p>证书编号 ${escaped(certificate)}<br>有效到 ${until}(北京时间),只能领取一次。<br>
<small>Valid until ${until} China Standard Time; it can be taken once.</small></p>
${qrToSvg(drawQrSymbol([{ mode: 'byte', data: uri }]))}
<p>用证书夹扫码。${walletLink === undefined ? '' : `没有证书夹?在手机上打开:<br><a href="${escaped(walletLink)}">${escaped(walletLink)}</a><br>`}
<small>Scan it with a wallet${walletLink === undefined ? '' : ', or open the address above on a phone'}.</small></p>
${
  txCode === undefined
    ? ''
    : `<div class="fold"><p>沿虚线裁下,分开保管。领取时输入:<br><small>Cut along the line and keep apart. Asked for when taken:</small></p>
<p class="code">${escaped(txCode)}</p><p>不要告诉别人,机构也不会问您要。<br><small>Tell nobody; the institution never asks for it.</small></p></div>`
}
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
