/**
 * English: what is wrong with a sheet, one sentence per code: what is wrong, what stands there, what to write. `{{header}}` is the
 * column's header, `{{value}}` the text of the cell (document numbers masked), `{{format}}` how the column is written.
 */
export const en: Readonly<Record<string, string>> = {
  SHEET_EMPTY: 'The file is empty; choose the right file and upload it again.',
  SHEET_TOO_LARGE: 'The file goes beyond a limit ({{limit}}: at most {{most}}); split it and upload the parts.',
  SHEET_TOO_WIDE: 'There are too many columns, up to {{letter}}; delete those that are not needed and upload again.',
  SHEET_TOO_MANY_MERGED: 'More than {{most}} cells are merged; unmerge them and upload again.',
  SHEET_TOO_MANY_PROBLEMS:
    'More than {{most}} cells are wrong, so nothing of the sheet was stored; compare it with the template, correct it and upload again.',
  SHEET_ENCRYPTED: 'The sheet has a password and cannot be read; remove it, save as .xlsx and upload again.',
  SHEET_OLD_EXCEL: 'This is an old Excel file (.xls); save it as .xlsx or CSV and upload again.',
  SHEET_IS_HTML: 'This is a web page named like a sheet; open it in Excel or WPS, save as .xlsx and upload again.',
  SHEET_IS_PDF: 'This is a PDF, not a sheet; upload an .xlsx or CSV file.',
  SHEET_IS_ODS: 'This is an ODS sheet; save it as .xlsx or CSV and upload again.',
  SHEET_IS_XLSB: 'This is a binary workbook (.xlsb); save it as .xlsx or CSV and upload again.',
  SHEET_HAS_MACROS: 'The sheet holds macros; save it as .xlsx without them and upload again.',
  SHEET_FORMAT_UNKNOWN: 'This is not a sheet that can be read; upload an .xlsx or CSV file.',
  SHEET_DAMAGED: 'The file is damaged or incomplete; open it in Excel or WPS, save it as a new .xlsx and upload that.',
  SHEET_XML_FORBIDDEN:
    'The file holds what no sheet needs (a document type declaration) and was not read; save it anew as .xlsx and upload that.',
  SHEET_ENCODING_UNKNOWN: 'The text is neither UTF-8 nor GBK; save it as .xlsx or "CSV UTF-8" and upload again.',
  SHEET_WITHOUT_ROWS: 'There is nothing below the header; fill it in and upload again.',
  CSV_QUOTE_NOT_CLOSED: 'From row {{row}} on a quotation mark has no partner; add or delete it and upload again.',
  CELL_TOO_LONG: 'Row {{row}}, column {{letter}} holds too much text; shorten it and upload again.',

  HEADER_NOT_FOUND: 'No header was found; use the template, or let the first row name the columns, e.g. "{{wanted}}".',
  HEADER_UNKNOWN: 'Column {{letter}} "{{header}}" is not known; name it as the template does, or delete it.',
  HEADER_DOUBLED: 'Column "{{header}}" stands there twice ({{first}} and {{letter}}); keep one.',
  HEADER_MISSING: 'Column "{{wanted}}" is missing; add it as in the template.',
  HEADER_MERGED: 'Header "{{header}}" is a merged cell ({{area}}); unmerge it, one name for each column.',
  COLUMNS_SWAPPED:
    'Columns {{letter}} "{{header}}" and {{otherLetter}} "{{other}}" look swapped: what stands in one looks like the other; exchange them and upload again.',

  CELL_MISSING: '"{{header}}" is empty; write {{format}}.',
  CELL_MISSING_FOR_KIND: '"{{header}}" is empty; a certificate of kind {{kind}} needs it, written as {{format}}.',
  CELL_NOT_FOR_KIND: '"{{header}}" holds "{{value}}", but kind {{kind}} has no such thing; empty it or check the kind.',
  CELL_NOT_IN_LIST: '"{{header}}" holds "{{value}}", which is not in the list; write one of: {{allowed}}.',
  CELL_FORM: '"{{header}}" holds "{{value}}", which has a wrong form; write {{format}}.',
  CELL_INVALID: '"{{header}}" holds "{{value}}", which cannot be used; write {{format}}.',
  CELL_TEXT_TOO_LONG: '"{{header}}" is longer than {{most}} characters; shorten it.',
  CELL_INVISIBLE_CHARACTER:
    'Character {{position}} of "{{header}}" cannot be seen ({{character}}); empty the cell and type its text by hand.',
  CELL_MERGED:
    '"{{header}}" is part of the merged cells {{area}}, so it is not known to which row it belongs; unmerge them and fill in each row.',
  CELL_FORMULA: '"{{header}}" is a formula; copy it, paste it as a value and upload again.',
  CELL_ERROR: '"{{header}}" shows the error {{value}}; write what should stand there.',
  CELL_BOOLEAN: '"{{header}}" is the logical value {{value}}; write {{format}}.',
  CELL_NOT_A_NUMBER: '"{{header}}" is the number {{value}}; write {{format}}.',

  DATE_UNREADABLE: '"{{header}}" holds "{{value}}", which is no date; write it like 2026-05-01.',
  DATE_AMBIGUOUS:
    '"{{header}}" holds "{{value}}", which can mean several days; write year, month and day like 2026-05-01.',
  DATE_NOT_A_DAY: '"{{header}}" holds "{{value}}", a day that does not exist; check it and write it like 2026-05-01.',
  DATE_IS_SERIAL_NUMBER:
    '"{{header}}" holds "{{value}}", which looks like a day counted by a spreadsheet program (perhaps {{perhaps}}); write a date like 2026-05-01.',
  ISSUED_IN_FUTURE: '"{{header}}" is {{value}}, in the future (today is {{today}} in Beijing); write today or earlier.',
  ASSESSED_AFTER_ISSUE: '"{{header}}" is {{value}}, after the date of issue {{issuedOn}}; check both dates.',
  EXPIRES_BEFORE_ISSUE: '"{{header}}" is {{value}}, before the date of issue {{issuedOn}}; check both dates.',

  ID_NUMBER_INVALID: '"{{header}}" has a wrong form or check character ({{value}}); compare it with the document.',
  ID_NUMBER_15_DIGITS: '"{{header}}" is an old number of 15 digits ({{value}}); write the present one of 18.',
  ID_NUMBER_LOST_DIGITS:
    '"{{header}}" was stored as a number and lost its last digits ({{value}}); format the column as text and type it again from the document.',
  ID_NUMBER_ON_CERTIFICATE:
    '"{{header}}" holds the number of an identity document ({{value}}), which must not stand on a certificate; delete it there.',

  OCCUPATION_CODE_FORM: '"{{header}}" holds "{{value}}", which is no occupation code; write one like 6-18-02-04.',
  OCCUPATION_NAME_MISMATCH:
    '"{{header}}" holds "{{value}}", but {{code}} is {{expected}}; correct the name or the code.',
  OCCUPATION_NAME_MISSING:
    '{{code}} is not in the table of occupations; write its name in "{{header}}" as the catalogue does.',
  LEVEL_UNKNOWN: '"{{header}}" holds "{{value}}", which is no level; write it {{format}}.',
  LEVEL_NOT_OF_KIND: '"{{header}}" holds "{{value}}", a level that {{kind}} does not have; write one of: {{allowed}}.',
  SCORE_FORM: '"{{header}}" holds "{{value}}", which is no score; write {{format}}.',
  SCORE_BELOW_PASS:
    '"{{header}}" is {{value}}, below 60, so no certificate can be issued; check it or delete this row.',
  ADVANCEMENT_BASIS_MISSING:
    'Exceptional advancement names what it rests on: write 破格晋升 in "晋升方式" and the document in "晋升依据".',
  PERMIT_END_MISSING: '"{{header}}" is empty; a special operation permit needs its last day and its review date.',

  NUMBER_MISSING: '"{{header}}" is empty; this kind has no numbering rule, write the number the authority assigned.',
  NUMBER_FORMAT: '"{{header}}" holds "{{value}}", which is no number of 22 characters; check it or leave it empty.',
  NUMBER_INSTITUTION_MISMATCH:
    '"{{header}}" holds "{{value}}", which does not begin with the code of this institution, {{expected}}; check it or leave it empty.',
  NUMBER_YEAR_MISMATCH:
    '"{{header}}" holds "{{value}}", whose year is not that of the date of issue; check it or leave it empty.',
  NUMBER_LEVEL_MISMATCH:
    '"{{header}}" holds "{{value}}", whose level is not that of this row; check it or leave it empty.',
  NUMBER_LEVEL_CODE_UNKNOWN:
    'No numbering rule is confirmed for this level; write the number the authority assigned in "{{header}}".',
  NUMBER_TAKEN: 'The certificate number "{{value}}" is used already; check it or leave it empty.',
  NUMBER_SERIAL_EXHAUSTED: 'The six-digit serial of this year and level is used up; ask the authority.',

  KIND_OUT_OF_SCOPE: '"{{value}}" is not covered by the accreditation of this institution; it covers: {{allowed}}.',
  OCCUPATION_OUT_OF_SCOPE:
    'Occupation "{{value}}" is not covered by the accreditation of this institution; it covers: {{allowed}}.',
  LEVEL_OUT_OF_SCOPE: 'This institution may not assess "{{value}}" in this occupation; it may assess: {{allowed}}.',
  REGION_OUT_OF_SCOPE:
    'Region "{{value}}" is not covered by the accreditation of this institution; it covers: {{allowed}}.',
  STANDARD_OUT_OF_SCOPE:
    'Standard "{{value}}" is not covered by the accreditation of this institution; it covers: {{allowed}}.',
  CANDIDATE_EMPLOYER_UNKNOWN:
    '"{{header}}" is empty; this institution may assess people of certain employers only, write the employer and its code.',
  CANDIDATE_NOT_OWN_EMPLOYEE: '"{{value}}" is another employer; this institution may assess its own employees only.',
  CANDIDATE_NOT_IN_SUPPLY_CHAIN:
    '"{{value}}" is not a published member of the supply chain; check the employer and the agreement.',
  ACCREDITATION_NOT_IN_FORCE_AT_ISSUE:
    'The date of issue "{{value}}" lies outside the accreditation (in force: {{allowed}}); check the date.',
  ISSUER_NOT_ACCREDITED: 'This institution is not accredited now; ask the authority, or import its newest bundle.',
  BUNDLE_STALE: 'What the authority says is too old to decide; import its newest bundle and upload again.',
  AUTHORITY_UNKNOWN: 'No bundle of the authority was imported yet; import it and upload again.',
  NOT_COVERED: 'The accreditation does not allow this certificate ({{reason}}); ask the authority.',

  DUPLICATE_IN_SHEET: 'This is the same result as in row {{row}}; keep one of them.',
  CERTIFICATE_TWICE_IN_SHEET: 'This is the same certificate as in row {{row}}; keep one row.',
  DUPLICATE_IN_BATCH:
    'This is the same result as in row {{row}} of batch {{batch}}, which was confirmed and is being issued; delete it in one of them.',
  CERTIFICATE_DUPLICATE: 'This result was certified already{{certificate}}; it is not issued again.',
  CERTIFICATE_NOT_FOUND: 'This institution issued no certificate "{{value}}"; check the number.',
  CERTIFICATE_REVOKED: 'Certificate "{{value}}" is revoked and cannot be corrected; issue a new one.',
  CERTIFICATE_SUSPENDED: 'Certificate "{{value}}" is suspended and cannot be corrected; decide about it first.',
  CERTIFICATE_SUPERSEDED: 'Certificate "{{value}}" was corrected already; correct the newest one.',
  REVOCATION_IS_FINAL: 'Certificate "{{value}}" is revoked and stays so; issue a new one where needed.',
  STATUS_UNCHANGED: 'Certificate "{{value}}" has this status already.',
  STATUS_UNCHANGED_REVOKED: 'Certificate "{{value}}" is revoked already; delete this row.',
  STATUS_UNCHANGED_SUSPENDED: 'Certificate "{{value}}" is suspended already; delete this row.',
  STATUS_UNCHANGED_ACTIVE: 'Certificate "{{value}}" is not suspended; delete this row.',
  STATUS_REASON_UNFIT: 'The reason is no ground for this, so nothing was done; use one that is.',
  CORRECTION_OTHER_KIND: 'A correction keeps the kind; revoke the old certificate and issue anew.',
  CORRECTION_OTHER_OCCUPATION: 'A correction keeps the occupation; revoke the old certificate and issue anew.',
  CORRECTION_OTHER_HOLDER: 'The correction is for another document; an approver or officer must ask for it.',
  SIGNER_FAILED: 'The signature was not made; run this batch again later.',
  SIGNATURE_REJECTED: 'The signature did not pass its check, so nothing was issued; ask the operator.',
  REASON_MISSING: '"原因" is empty and no reason was given with the upload; write one of: {{allowed}}.',

  CSV_ENCODING: 'The file was read as {{encoding}}; where names look wrong, save it as "CSV UTF-8" and upload again.',
  OTHER_SHEETS_NOT_READ: 'Only the first sheet was read, not: {{names}}.',
  HIDDEN_ROWS: '{{rows}} rows are hidden or filtered out, from row {{row}} on; they were read too.',
  TITLE_ROWS_SKIPPED: 'The header is in row {{row}}; what stands above it was not read.',
  COLUMN_IGNORED: 'Column {{letter}} "{{header}}" was not read.',
  EXAMPLE_ROW_IGNORED: 'Row {{row}} is the example and was not read.',
  SAME_PERSON_AGAIN:
    'Row {{row}} is the same person, occupation and level from another assessment; make sure it is not a repetition.',
  SAME_PERSON_AGAIN_MORE: 'There are {{count}} more rows like these, not listed one by one.',
  ROW_CANNOT_BE_SIGNED:
    'Signing this row failed again and again, so no certificate was issued; ask the operator, then bring the row again.',

  EXAM_CANDIDATE_EXISTS: 'This person is on the list already (no. {{candidate}}); remove this row.',
  EXAM_CANDIDATE_TWICE: '"{{header}}" is the same as in row {{row}}; keep one row.',
  EXAM_TICKET_TAKEN: 'Candidate no. {{candidate}} has this ticket; compare them.',
  EXAM_SEAT_TAKEN: 'Candidate no. {{candidate}} has this seat; compare them.',
  EXAM_CANDIDATE_NOT_FOUND:
    'The session has no candidate no. "{{value}}"; compare the number, or download the sheet of results again.',
  EXAM_RESULT_MISMATCH:
    '"{{header}}" is "{{value}}", which is not candidate no. {{candidate}}; compare them, and do not move rows.',
  EXAM_PART_NOT_HELD: '"{{header}}" is filled in, but the session does not hold this part; empty the cell.',
  EXAM_VERDICT_UNFIT: 'Scores decide who passes this session; empty "{{header}}" and give the scores only.',
  EXAM_ATTENDANCE_MISSING: 'There is a result, but "{{header}}" is empty; write Present, Absent or Withheld.',
};
