/**
 * Invisible characters: marks that change the direction of the following text, zero-width characters, fillers and
 * blanks that count as letters, halves of surrogate pairs. In a post in our name they could make one text look like
 * another. https://unicode.org/reports/tr36/#Bidirectional_Text_Spoofing and
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const SHAPELESS = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\u2800]/gu;
/** Joins emoji into one, as in a family, or selects an emoji's colourful style. */
const JOINER = "\u200d";
const PICTURE_STYLE = "\ufe0f";
const PICTURE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const BEGINS_WITH_PICTURE = /^\p{Extended_Pictographic}/u;
/** Includes digits, which form keycap emoji. */
const MAY_HAVE_STYLE = /[\p{Emoji}]$/u;

/** Someone else's text without invisible characters. Emoji and line breaks stay. */
export function withoutShapeless(text: string): string {
  return text.replace(SHAPELESS, (character, offset: number) => {
    const before = text.slice(0, offset);
    if (character === PICTURE_STYLE) return MAY_HAVE_STYLE.test(before) ? character : "";
    const isJoining =
      character === JOINER &&
      PICTURE.test(before) &&
      BEGINS_WITH_PICTURE.test(text.slice(offset + 1));
    return isJoining ? character : "";
  });
}

/** Someone else's text on one line, without invisible characters and with single spaces. */
export function singleLine(text: string): string {
  return withoutShapeless(text)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/** The same for several lines: no invisible characters, and no control characters except line breaks. */
export function severalLines(text: string): string {
  return withoutShapeless(text)
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/(?!\n)\p{Cc}/gu, " ")
    .trim();
}
