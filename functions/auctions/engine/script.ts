import shared from "./shared.lua";
import { commitment, decision, entry, state, terms } from "./state.ts";

/** Inserts the shared Lua code after a script's first line, which must stay first: Redis reads the flags from it. */
export function withShared(script: string): string {
  const head = script.indexOf("\n") + 1;
  const packed = [terms, state, commitment, entry, decision].map(({ lua }) => lua).join("");
  return script.slice(0, head) + packed + shared + script.slice(head);
}
