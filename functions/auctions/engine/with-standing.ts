import standing from "./standing.lua";

/** A script with what it shares with others, behind its first line, which Redis takes the flags from. */
export function withStanding(script: string): string {
  const head = script.indexOf("\n") + 1;
  return script.slice(0, head) + standing + script.slice(head);
}
