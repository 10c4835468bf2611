/** Discord's ids are numbers, so no person's id begins with this. */
const PREFIX = "forgotten-";
const MENTION = new RegExp(`<@${PREFIX}[0-9a-f]+>`, "g");
/** The text that replaces a mention of someone who was forgotten. */
const SOMEONE = "someone who has left";

/** The id under which a forgotten person's remaining data is stored; `random` is drawn for them. */
export function pseudonymOf(random: Buffer): string {
  return `${PREFIX}${random.toString("hex")}`;
}

/** Whether an id belongs to a forgotten person, who cannot be messaged. */
export function isPseudonym(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** Replaces mentions of forgotten people in a text. */
export function withoutForgotten(text: string): string {
  return text.replaceAll(MENTION, SOMEONE);
}
