/** Why someone may not use a command at all. */
export const accessRefusalTexts = {
  staff: "That's for the team: it needs **Manage Server** in our own server.",
  builder: "That's for C500 builders. Become one with `/c500 register`.",
  host: "Hosts and the team can open a race. Ask one of them to open it, then press Join.",
} as const;

/** The command waited longer than it stays valid. `command` is its words, or the name of a button or form. */
export function tooOldText(command: string, isTyped: boolean): string {
  const what = isTyped ? `\`/${command}\`` : "That press";
  return `${what} took too long to reach me, so I did not act on it. Nothing has changed: please try again if you still want it.`;
}
