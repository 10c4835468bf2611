import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { raceButtons } from "../../shared/commands/race.ts";
import {
  type DiscordCommand,
  discordCommandReceived,
} from "../../shared/events/discord-command.ts";
import { answerInteraction } from "../../shared/messages/answer-interaction.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import type { ControlDeps } from "./control-deps.ts";
import { overlay, report } from "./look.ts";
import { openLobby } from "./open-lobby.ts";
import { join, kick, leave } from "./roster.ts";
import { cancel, finish, goOn, start } from "./window.ts";

/** What each command and button does; what it gives is the answer. */
const controls: Readonly<
  Record<string, (command: DiscordCommand, deps: ControlDeps) => Promise<OutgoingMessage>>
> = {
  "race lobby": openLobby,
  "race kick": kick,
  "race cancel": cancel,
  "race report": report,
  "race overlay": overlay,
  start,
  finish,
  [raceButtons.join.name]: join,
  [raceButtons.leave.name]: leave,
  [raceButtons.start.name]: start,
  [raceButtons.finish.name]: finish,
  [raceButtons.goOn.name]: goOn,
};

/**
 * Everything that is asked of races. A second delivery does each thing once, by the interaction's id,
 * and says the same again; so does one after a crash.
 */
export const handler = subscriber(discordCommandReceived, async (command, deps: ControlDeps) => {
  const control = controls[command.command];
  if (!control) return;
  const answer = await control(command, deps);
  const { id, userId, token } = command;
  await answerInteraction({ id, userId, token }, answer, deps);
});
