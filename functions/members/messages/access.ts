import { plain } from "../../../shared/discord/theme.ts";
import { type AnyStanding, MAX_REASON_LENGTH } from "../domain/standing.ts";

/** Why someone may not use a command at all. */
export const accessRefusalTexts = {
  staff: "That's for the team: it needs **Manage Server** in our own server.",
} as const;

/** What a role is called, and how someone gets it. */
export interface RoleWords {
  /** As in "a C500 builder". */
  readonly name: string;
  /** What someone should do who has never asked for this role. */
  readonly begin: string;
  /** What someone should do who has not met the role's requirement. */
  readonly prove: string;
}

/** Builders: they sign in at Twitch, and staff approve them. */
export const builderWords: RoleWords = {
  name: "C500 builder",
  begin: "Become one with `/c500 register`: sign in at Twitch, then the team approves you.",
  prove:
    "First show that your Twitch channel is yours: run `/c500 register` and sign in at Twitch. Then the team approves you.",
};

/** Hosts of races: staff approve them. */
export const hostWords: RoleWords = {
  name: "race host",
  begin: "Press **Ask to host**, and the team decides. You can join anyone's lobby without it.",
  prove: "Ask the team to approve you.",
};

/** Why someone may not act in a role, and what is missing; undefined if they may. */
export function standingRefusal(
  { state, reason }: AnyStanding,
  { name, begin, prove }: RoleWords,
): string | undefined {
  const quoted = reason && plain(reason.replace(/[.\s]+$/, ""), MAX_REASON_LENGTH);
  const why = quoted ? ` They wrote: “${quoted}”.` : "";
  const appeal = "If you think that's a mistake, write to someone on the team in our server.";
  switch (state) {
    case "approved":
      return undefined;
    case "unregistered":
      return `That's for ${name}s. ${begin}`;
    case "unproved":
      return `You can't act as a ${name} yet. ${prove}`;
    case "awaiting":
      return `The team has yet to approve you as a ${name}. You don't need to do anything: I'll send you a message once they have decided.`;
    case "declined":
      return `The team didn't approve you as a ${name}.${why} ${appeal}`;
    case "suspended":
      return `The team has suspended you as a ${name}, so this doesn't work for now.${why} ${appeal}`;
    case "removed":
      return `You are no longer a ${name}: the team has removed you.${why} ${appeal}`;
  }
}

/** The answer to someone who asks for a post in a channel where they may not post themselves. */
export function notYourChannelText(channelId: string): string {
  return `You can't post in <#${channelId}> yourself, so I won't post there for you. Use a channel or thread where you can write, or ask its server's team for permission.`;
}

/** The answer to a command that arrived too late. `command` is its words, or the name of a button or form. */
export function tooOldText(command: string, isTyped: boolean): string {
  const what = isTyped ? `\`/${command}\`` : "That press";
  return `${what} took too long to reach me, so I didn't act on it. Nothing has changed: please try again.`;
}
