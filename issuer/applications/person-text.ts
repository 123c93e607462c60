/** What was found when a certificate's holder was compared with the applicant, in plain words. */
export const PERSON_TEXT: Readonly<Record<string, Readonly<Record<'zh-CN' | 'en', string>>>> = {
  PERSON_SAME_DOCUMENT: {
    'zh-CN': '证件号码与申请人相同，姓名也相同。',
    en: 'The document number is the applicant’s, and so is the name.',
  },
  PERSON_NAME_AND_LAST_FOUR: {
    'zh-CN': '姓名和证件号码后四位与申请人相同；请再对照证件原件。',
    en: 'Name and last four characters are the applicant’s; compare with the original document as well.',
  },
  PERSON_OTHER_DOCUMENT: {
    'zh-CN': '这张证书发给了另一个证件号码的人，不是申请人的。',
    en: 'This certificate was issued for another document number; it is not the applicant’s.',
  },
  PERSON_OTHER: {
    'zh-CN': '证书上的人不是申请人：姓名或证件号码后四位不同。',
    en: 'The certificate is not the applicant’s: name or last four characters differ.',
  },
  PERSON_NAME_DIFFERS: {
    'zh-CN': '证件号码相符，但姓名不同，不能确定是同一人；如已改名，请先请发证机构更正证书。',
    en: 'The number fits but the name differs, so it is not known whether it is the same person; after a change of name have the certificate corrected first.',
  },
  PERSON_NOT_SHOWN: {
    'zh-CN': '持证人没有出示姓名或证件号码后四位，不能确定是同一人；请申请人重新出示。',
    en: 'Name or last four characters were not shown, so it is not known whether it is the same person; ask the applicant to show them.',
  },
  PERSON_OTHER_DOCUMENT_TYPE: {
    'zh-CN': '姓名相同，但证书写的是另一种证件，不能确定是同一人。',
    en: 'The name is the same but the certificate names another type of document, so it is not known whether it is the same person.',
  },
  PERSON_NOT_COMPARED: {
    'zh-CN': '证书没有读出，没有比对是不是本人。',
    en: 'The certificate could not be read, so the person was not compared.',
  },
};
