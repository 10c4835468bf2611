import shared from "./shared.lua";
import { decision, entry, state, terms } from "./state.ts";

/** A script with what all of them share, after its first line, from which Redis takes the flags. */
export function withShared(script: string): string {
  const head = script.indexOf("\n") + 1;
  const packed = [terms, state, entry, decision].map(({ lua }) => lua).join("");
  return script.slice(0, head) + packed + shared + script.slice(head);
}
