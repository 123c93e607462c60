/// <reference types="vite/client" />

/** When the app was built, RFC 3339. */
declare const __BUILT_AT__: string;
/** Version in package.json. */
declare const __VERSION__: string;
/** True in the single HTML file, which has no server and no service worker. */
declare const __SINGLE_FILE__: boolean;
