/**
 * Characters without a shape of their own: marks that turn the direction of what follows, characters of no
 * width, fillers and blanks that count as letters, halves of surrogate pairs. In a post in our name they
 * could make one text look like another. https://unicode.org/reports/tr36/#Bidirectional_Text_Spoofing and
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const SHAPELESS = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\u2800]/gu;
/** Joins two pictures to one, as in a family, or gives a picture its colours. */
const JOINER = "\u200d";
const PICTURE_STYLE = "\ufe0f";
const PICTURE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const BEGINS_WITH_PICTURE = /^\p{Extended_Pictographic}/u;
/** Also digits, which with a style and a frame make a key. */
const MAY_HAVE_STYLE = /[\p{Emoji}]$/u;

/** Someone else's text without characters that have no shape; pictures stay whole. Lines stay as they are. */
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

/** Someone else's text on one line, however it was typed: no shapeless characters, single blanks. */
export function singleLine(text: string): string {
  return withoutShapeless(text)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/** The same over several lines: no control characters but line breaks, and no shapeless ones. */
export function severalLines(text: string): string {
  return withoutShapeless(text)
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/(?!\n)\p{Cc}/gu, " ")
    .trim();
}
