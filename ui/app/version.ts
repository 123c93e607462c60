/** Version of this program, which is the version of its rules. */
export const VERSION: string = __VERSION__;
