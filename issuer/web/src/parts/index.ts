export { CheckField } from './CheckField.js';
export type { Column } from './Column.js';
export { DataTable } from './DataTable.js';
export { Dialog } from './Dialog.js';
export { SelectField, type Choice } from './SelectField.js';
export { useDraft, type Draft } from './use-draft.js';
export { TextField, type TextFieldProps } from './TextField.js';
