/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const MAX_DESCRIPTION_LENGTH = 4096;
/** Enough for "and 999 more", and for a sentence before or after the lines. */
const OTHER_LENGTH = 200;

/** As many whole lines as fit an embed's description, at most `most`, then the number of those left out. */
export function fittingLines(all: readonly string[], most: number): string[] {
  let left = MAX_DESCRIPTION_LENGTH - OTHER_LENGTH;
  const end = all.slice(0, most).findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  const shown = all.slice(0, end === -1 ? most : end);
  const more = all.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])];
}
