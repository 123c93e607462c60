import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import { DEFAULT_LAYOUT, type PrintLayout } from '../files/print-layout.js';
import type { Institution } from '../institutions.js';
import { printLayoutSchema, type ChosenLayout } from './layout-schema.js';

interface StoredLayout {
  institution: string;
  /** JSON of a {@link ChosenLayout}. */
  layout: string;
  /** Base64 of a PNG. */
  seal: string | null;
}

/** What an institution chose, and whether it has a seal. */
export interface InstitutionLayout {
  layout: ChosenLayout;
  hasSeal: boolean;
}

/** What institutions chose about their paper. */
export class PrintLayouts {
  constructor(private readonly effects: Pick<IssuerEffects, 'database' | 'clock'>) {}

  /** What an institution chose; the defaults where it chose nothing. */
  async of(institution: string): Promise<InstitutionLayout> {
    const row = await this.effects.database.knex<StoredLayout>('print_layouts').where({ institution }).first();
    return { layout: printLayoutSchema.parse(JSON.parse(row?.layout ?? '{}')), hasSeal: (row?.seal ?? null) !== null };
  }

  /** The seal of an institution, PNG. */
  async seal(institution: string): Promise<Uint8Array | undefined> {
    const row = await this.effects.database.knex<StoredLayout>('print_layouts').where({ institution }).first('seal');
    return row?.seal == null ? undefined : new Uint8Array(Buffer.from(row.seal, 'base64'));
  }

  /** Everything a page of an institution is drawn with; `issuer` is its DID. */
  async toPrint(issuer: string): Promise<PrintLayout> {
    const row: Omit<StoredLayout, 'institution'> | undefined = await this.effects.database
      .knex('print_layouts')
      .join('institutions', 'institutions.code', 'print_layouts.institution')
      .where({ 'institutions.did': issuer })
      .first('print_layouts.layout', 'print_layouts.seal');
    if (!row) return DEFAULT_LAYOUT;
    const {
      serialPrefix: _,
      certificateQueryUrl,
      institutionQueryUrl,
      ...colours
    } = printLayoutSchema.parse(JSON.parse(row.layout));
    return {
      ...colours,
      ...(certificateQueryUrl !== undefined && { certificateQueryUrl }),
      ...(institutionQueryUrl !== undefined && { institutionQueryUrl }),
      ...(row.seal !== null && { seal: new Uint8Array(Buffer.from(row.seal, 'base64')) }),
    };
  }

  /** Changes what an institution chose; its seal stays. */
  async choose({ code, did }: Institution, layout: ChosenLayout, actor: string): Promise<void> {
    await this.change(code, { layout: JSON.stringify(layout) }, { subject: did, action: 'print.layout', actor });
  }

  /** Changes the seal, a PNG as `sealPicture` makes it; undefined takes it away. */
  async setSeal({ code, did }: Institution, seal: Uint8Array | undefined, actor: string): Promise<void> {
    const text = seal ? Buffer.from(seal).toString('base64') : null;
    await this.change(
      code,
      { seal: text },
      { subject: did, action: seal ? 'print.seal' : 'print.seal-removed', actor },
    );
  }

  private async change(
    institution: string,
    changes: Partial<StoredLayout>,
    entry: { subject: string; action: string; actor: string },
  ): Promise<void> {
    const { database, clock } = this.effects;
    await database.write(async (transaction: Knex.Transaction) => {
      await transaction<StoredLayout>('print_layouts')
        .insert({ institution, layout: '{}', seal: null, ...changes })
        .onConflict('institution')
        .merge(changes);
      await appendAudit(transaction, { tenant: institution, ...entry }, clock());
    });
  }
}
