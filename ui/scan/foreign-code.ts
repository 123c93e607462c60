/** What a QR code is that is not a certificate. */
export type ForeignCode =
  'payment' | 'wechat' | 'health' | 'contact' | 'wifi' | 'link' | 'certificate-number' | 'number' | 'other';

const KINDS: readonly (readonly [ForeignCode, RegExp])[] = [
  [
    'payment',
    /^(?:wxp:\/\/|https?:\/\/(?:qr\.alipay\.com|qr\.95516\.com|qr\.chinaums\.com|wx\.tenpay\.com)\b|alipay|00020[12])/i,
  ],
  ['wechat', /^(?:https?:\/\/(?:u\.wechat\.com|weixin\.qq\.com|open\.weixin\.qq\.com|w\.url\.cn)\b|weixin:\/\/)/i],
  ['health', /^https?:\/\/[^/]*(?:jkm|health|healthcode|skm|ykm|suishenma)[^/]*\/|健康码/i],
  ['contact', /^(?:BEGIN:VCARD|MECARD:|mailto:|tel:|smsto:)/i],
  ['wifi', /^WIFI:/i],
  ['link', /^[a-z][a-z0-9+.-]{1,20}:\S/i],
  ['certificate-number', /(?<![A-Z0-9])[A-Z]\d{21}(?!\d)/i],
  ['number', /^\d+$/],
];

/** Names a foreign code by how its text begins; nothing in it is opened. */
export function foreignCode(text: string): ForeignCode {
  return KINDS.find(([, form]) => form.test(text))?.[0] ?? 'other';
}
