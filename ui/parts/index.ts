export { Button } from './Button.js';
export { Field, type ControlProps } from './Field.js';
export { FileButton } from './FileButton.js';
export { Icon, type IconName } from './Icon.js';
export { Notice } from './Notice.js';
export { QrPicture } from './QrPicture.js';
