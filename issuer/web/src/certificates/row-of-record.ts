import { findLevel } from '../../../../shared/certificate/level.js';
import { certificateKind } from '../../../../shared/certificate/kind.js';
import { OCCUPATIONS } from '../../../../shared/certificate/occupation-data.js';
import type { CertificateRecord } from '../../../../shared/certificate/record.js';
import {
  ADVANCEMENT_WORDS,
  DOCUMENT_WORDS,
  METHOD_WORDS,
  STANDARD_WORDS,
  wordFor,
} from '../../../../shared/sheet/words.js';
import type { SheetRow } from '../batches/hand-in-row.js';

/**
 * What a certificate holds, as the row of a sheet that would issue it again, by header; the number of the identity document, which is kept
 * nowhere, is not in it. For the kinds the single form fits.
 */
export function rowOfRecord(record: CertificateRecord): SheetRow {
  const { holder, occupation, level, assessment, candidateEmployer, advancement } = record;
  const named = OCCUPATIONS.find(
    ({ code, edition }) => code === occupation?.code && edition === occupation.catalogueEdition,
  );
  return {
    姓名: holder.name,
    证件类型: wordFor(DOCUMENT_WORDS, holder.identityDocumentType),
    证书类别: certificateKind(record.kind).nameZh,
    职业编码: occupation?.code ?? '',
    职业名称: occupation === undefined || named?.name === occupation.name ? '' : occupation.name,
    工种: occupation?.trade ?? '',
    大典版本: occupation?.catalogueEdition ?? '',
    等级: (level && findLevel(level)?.nameZh) ?? '',
    考核计划编号: assessment.id,
    考核方式: wordFor(METHOD_WORDS, assessment.method),
    考核标准: assessment.standard,
    标准类型: wordFor(STANDARD_WORDS, assessment.standardType),
    考核日期: assessment.date,
    批次备案号: assessment.batch ?? '',
    考核地区代码: assessment.region ?? '',
    理论成绩: assessment.theoryScore ?? '',
    实操成绩: assessment.practicalScore ?? '',
    综合评审成绩: assessment.comprehensiveScore ?? '',
    发证日期: record.issuedOn,
    有效期至: record.expiresOn ?? '',
    所在单位统一社会信用代码: candidateEmployer?.uscc ?? '',
    所在单位名称: candidateEmployer?.name ?? '',
    产业链协议编号: candidateEmployer?.supplyChainAgreement ?? '',
    晋升方式: advancement ? wordFor(ADVANCEMENT_WORDS, advancement.path) : '',
    晋升依据: advancement?.basis ?? '',
  };
}
