/** Discord's ids are numbers, so no person's id begins like this. */
const PREFIX = "forgotten-";
const MENTION = new RegExp(`<@${PREFIX}[0-9a-f]+>`, "g");
/** What people read where someone was named. */
const SOMEONE = "someone who has left";

/** The name under which what must be kept of someone is kept; `random` is drawn for them alone. */
export function pseudonymOf(random: Buffer): string {
  return `${PREFIX}${random.toString("hex")}`;
}

/** Whether an id is that of nobody any more: there is no one to write to. */
export function isPseudonym(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** A text with words where it mentions people who were forgotten. */
export function withoutForgotten(text: string): string {
  return text.replaceAll(MENTION, SOMEONE);
}
