import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { user } from "../../../../shared/discord/definitions/options.ts";
import { notify } from "../../../../shared/discord/sending/notify.ts";
import { kickOutdatedText, kickText } from "../../messages/race-control.ts";
import { kickedNotice } from "../../messages/race-notices.ts";
import type { ControlDeps } from "../control-deps.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";
import { fulfil, isRosterChanged, overText } from "./change-roster.ts";

/** `/race kick`. */
export const kickCommand = defineCommand({
  words: "race kick",
  description: "Take a racer out of your lobby",
  options: { racer: user("Who has to leave", { required: true }), lobby: lobbyOption },
  who: "owner",
  answeredBy: "race-control",
});

/**
 * Takes someone out for good, and has them notified. Crash safety: the repeat finds it done, asks
 * for the same notices, each of which is sent once, and says the same.
 */
export const kicking = /* @__PURE__ */ action(kickCommand, {
  run: kick,
  isBegun: async (use, { racer }, deps: Pick<ControlDeps, "lobbies" | "raceCommands">) =>
    isRosterChanged(use, racer, await deps.raceCommands.lobbyOf(use.id), deps),
});

async function kick(
  use: CommandUse,
  { racer: racerId, lobby: named }: ValuesOf<typeof kickCommand>,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const rule = { obeys: "host-or-staff", states: ["open", "racing"] } as const;
  const lobby = await findTargetLobby(use, named, rule, deps);
  if (typeof lobby === "string") return { content: lobby };
  const done = await fulfil(lobby.id, { id: use.id, racerId, what: "kick" }, deps);
  if (!done) return { content: overText(lobby, deps) };
  if (done.act === "superseded") return { content: kickOutdatedText(lobby, racerId) };
  if (done.act.outcome !== "not-here") {
    await notify(`race-kick:${use.id}`, racerId, kickedNotice(done.lobby, use), deps);
  }
  return { content: kickText(done.lobby, racerId, done.act) };
}
