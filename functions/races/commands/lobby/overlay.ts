import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { flag } from "../../../../shared/discord/definitions/options.ts";
import { overlayText } from "../../messages/race-control.ts";
import type { ControlDeps } from "../control-deps.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";
import { newPotKey } from "./place-lobby.ts";

/** `/race overlay`. */
export const overlayCommand = defineCommand({
  words: "race overlay",
  description: "The link of the Live Pot for OBS",
  options: {
    replace: flag("Make a new link; the old one shows nothing any more"),
    lobby: lobbyOption,
  },
  who: "owner",
  answeredBy: "race-control",
});

/**
 * Answers with the Live Pot's link for the host, another if they want; a repeat makes no third. There is one link
 * for all of a host's races, which is kept with the newest of them, whichever race is named.
 */
export const showingOverlay = /* @__PURE__ */ action(overlayCommand, overlay);

async function overlay(
  use: CommandUse,
  options: ValuesOf<typeof overlayCommand>,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const rule = { obeys: "host", states: ["open", "racing"], orNewest: true } as const;
  const found = await findTargetLobby(use, options.lobby, rule, deps);
  if (typeof found === "string") return { content: found };
  const [lobby = found] = await deps.lobbies.ofHost(found.hostId);
  const isNew = options.replace === true;
  const key = { potKey: newPotKey(), causeId: use.id };
  const shown = isNew ? await deps.lobbies.replacePotKey(lobby.hostId, key) : lobby;
  return { content: overlayText(shown ?? lobby, deps.config.PUBLIC_SITE_URL, { isNew }) };
}
