import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { bookForgottenDebts } from "../../../shop/money/returning.ts";
import type { RosterRequest } from "../../domain/race.ts";
import { actText, elsewhereText, raceTexts } from "../../messages/race-control.ts";
import { joinButton, leaveButton } from "../buttons.ts";
import type { ControlDeps } from "../control-deps.ts";
import { fulfil, isRosterChanged, overText } from "./change-roster.ts";

/** Join: gives someone a seat, or a place in the queue. A repeat says the same. */
export const joining = /* @__PURE__ */ action(joinButton, {
  run: async (use, { lobbyId }, deps: ControlDeps) => {
    await bookForgottenDebts(use.userId, use.id, deps);
    return comeOrGo("join", use, lobbyId, deps);
  },
  isBegun: (use, { lobbyId }, deps: Pick<ControlDeps, "lobbies">) =>
    isRosterChanged(use, use.userId, lobbyId, deps),
});

/** Leave: gives the seat up. A repeat says the same. */
export const leaving = /* @__PURE__ */ action(leaveButton, {
  run: (use, { lobbyId }, deps: ControlDeps) => comeOrGo("leave", use, lobbyId, deps),
  isBegun: (use, { lobbyId }, deps: Pick<ControlDeps, "lobbies">) =>
    isRosterChanged(use, use.userId, lobbyId, deps),
});

async function comeOrGo(
  what: RosterRequest["what"],
  { id, userId: racerId, userName: name }: CommandUse,
  lobbyId: string,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const known = await deps.lobbies.get(lobbyId);
  if (!known) return { content: raceTexts.unknown };
  const done = await fulfil(known.id, { id, racerId, what, name }, deps);
  if (!done) return { content: overText(known, deps) };
  const { act, lobby } = done;
  if (act === "superseded") return { content: raceTexts.outdated };
  if (act.outcome !== "elsewhere") return { content: actText(lobby, racerId, act) };
  const elsewhere = act.elsewhereId && (await deps.lobbies.get(act.elsewhereId));
  return { content: elsewhere ? elsewhereText(elsewhere) : actText(lobby, racerId, act) };
}
