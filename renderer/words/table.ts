/** What every table says of itself. */
export const TABLE = {
  found: (found: number, of: number) => `${found.toLocaleString('en-GB')} of ${of.toLocaleString('en-GB')}`,
  more: (rest: number) => `And ${rest.toLocaleString('en-GB')} more.`,
} as const;
