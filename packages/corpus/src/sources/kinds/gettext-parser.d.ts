/** The part of gettext-parser that is used here; the package comes without types. */
declare module 'gettext-parser' {
  export const mo: {
    parse(
      bytes: Uint8Array,
      charset?: string,
    ): { translations: Record<string, Record<string, { msgid: string; msgstr: string[] }>> };
  };
}
