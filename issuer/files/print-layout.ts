import type { QrSegment } from '../../shared/carrier/qr-symbol.js';
import type { KindId } from '../../shared/certificate/kind.js';
import type { CertificateFace } from './certificate-face.js';

/** What an institution chooses about its paper; everything DOMAIN §3 demands stands on it whatever is chosen. */
export interface PrintLayout {
  /** Colour of title and frame, `#rrggbb`. */
  accent: string;
  /** Colour of the ornaments, `#rrggbb`. */
  ornament: string;
  /** Query site for certificates; for skill levels the ministry's unless told. */
  certificateQueryUrl?: string;
  /** Query site for institutions; for skill levels the ministry's unless told. */
  institutionQueryUrl?: string;
  /** Picture of the institution's seal, PNG. It proves nothing: what counts is the signature. */
  seal?: Uint8Array;
}

/** The layout of whoever has chosen nothing. */
export const DEFAULT_LAYOUT: PrintLayout = { accent: '#8e1f23', ornament: '#b08a3e' };

/** One page as it is drawn. */
export interface CertificatePage {
  face: CertificateFace;
  kind: KindId;
  layout: PrintLayout;
  /** Address of the verifier printed beside the QR, without fragment. */
  verifierUrl: string;
  /** `segments` of `encodeQr`; without them the page is a preview and says so. */
  qr?: readonly QrSegment[];
  /** Photo of the holder, JPEG of 25 × 35 mm. It is printed, never stored or signed. */
  photo?: Uint8Array;
  /** Serial of the sheet (印制流水码). */
  serial?: string;
}
