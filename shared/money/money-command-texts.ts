import { relativeTime } from "../discord/theme.ts";

/** The answer to a command that did nothing because the same one was typed again. */
export function supersededText(newerAt: Date | undefined): string {
  const when = newerAt ? ` ${relativeTime(newerAt)}` : "";
  return `The same command was typed again${when}. Only the newer command counts, so this one did nothing: read the answer to that one.`;
}
