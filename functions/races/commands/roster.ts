import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { notify } from "../../../shared/discord/notify.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import {
  type Act,
  asOf,
  grant,
  isOver,
  type Lobby,
  type RosterRequest,
  racersOf,
  stateAt,
} from "../domain/race.ts";
import {
  actText,
  elsewhereText,
  kickOutdatedText,
  kickText,
  raceTexts,
  wrongStateText,
} from "../messages/race-control.ts";
import { kickedNotice, movedUpNotice } from "../messages/races.ts";
import { scheduleRaceBoard } from "../service/schedule-race-board.ts";
import type { ControlDeps } from "./control-deps.ts";
import { lobbyMeant } from "./lobby-meant.ts";

/** Join. */
export function join(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  return comeOrGo("join", command, deps);
}

/** Leave. */
export function leave(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  return comeOrGo("leave", command, deps);
}

/**
 * `/race kick`: takes someone out for good, and has them notified. Dying after that, the repeat finds it done, asks
 * for the same notices, each of which is sent once, and says the same.
 */
export async function kick(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  const racerId = readSnowflake(command.options["racer"]);
  if (!racerId) return { content: raceTexts.nobody };
  const rule = { obeys: "host-or-staff", states: ["open", "racing"] } as const;
  const lobby = await lobbyMeant(command, rule, deps);
  if (typeof lobby === "string") return { content: lobby };
  const done = await fulfil(lobby.id, { id: command.id, racerId, what: "kick" }, deps);
  if (!done) return { content: overText(lobby, deps) };
  if (done.act === "superseded") return { content: kickOutdatedText(lobby, racerId) };
  if (done.act.outcome !== "not-here") {
    await notify(`race-kick:${command.id}`, racerId, kickedNotice(done.lobby, command), deps);
  }
  return { content: kickText(done.lobby, racerId, done.act) };
}

async function comeOrGo(
  what: RosterRequest["what"],
  { id, userId: racerId, userName: name, options }: DiscordCommand,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const lobbyId = readSnowflake(options["target"]);
  const known = lobbyId === undefined ? undefined : await deps.lobbies.get(lobbyId);
  if (!known) return { content: raceTexts.unknown };
  const done = await fulfil(known.id, { id, racerId, what, name }, deps);
  if (!done) return { content: overText(known, deps) };
  const { act, lobby } = done;
  if (act === "superseded") return { content: raceTexts.outdated };
  if (act.outcome !== "elsewhere") return { content: actText(lobby, racerId, act) };
  const elsewhere = act.elsewhereId && (await deps.lobbies.get(act.elsewhereId));
  return { content: elsewhere ? elsewhereText(elsewhere) : actText(lobby, racerId, act) };
}

/** Else its time is over since it was read. */
function overText(read: Lobby, { clock }: ControlDeps): string {
  const lobby = asOf(read, clock.now());
  return wrongStateText({ ...lobby, state: isOver(lobby) ? lobby.state : "finished" });
}

/**
 * Lets someone come or go, once for each interaction, and has whoever got the seat notified, once: the answer does
 * not wait for that. Crash safety: a run that died before it could is made up for by its repeat, and where the same
 * person has asked for something else meanwhile, by that. Gives undefined when the lobby is over and it was not done
 * before.
 */
async function fulfil(
  lobbyId: string,
  wish: RosterRequest,
  deps: ControlDeps,
): Promise<{ act: Act | "superseded"; lobby: Lobby } | undefined> {
  let granted:
    | { act: Act | "superseded"; wasOver: boolean; isRepeat: boolean; last: Act | undefined }
    | undefined;
  const now = deps.clock.now();
  const decide = (before: Lobby, at: Date, elsewhereId: string | undefined) => {
    const { act, roster } = grant(before, wish, at, { elsewhereId });
    const last = before.acts[wish.racerId];
    const isRepeat = last?.id === wish.id;
    granted = { act, isRepeat, last, wasOver: isOver({ state: stateAt(before, now) }) };
    return act === "superseded"
      ? roster
      : { ...roster, acts: { ...before.acts, [wish.racerId]: act } };
  };
  const lobby = await deps.lobbies.changeRoster(lobbyId, now, decide, wish.racerId);
  if (!lobby || !granted || (granted.wasOver && !granted.isRepeat)) return undefined;
  const { act, last } = granted;
  if (act !== "superseded") await notifyMovedUp(lobby, act, deps);
  if (last && last.id !== wish.id) await notifyMovedUp(lobby, last, deps);
  await scheduleRaceBoard(lobbyId, deps);
  return { act, lobby };
}

/** Has whoever got the seat that someone gave up notified, once, if they still have it. */
async function notifyMovedUp(
  lobby: Lobby,
  { id, movedUp }: Act,
  deps: Pick<ControlDeps, "publisher">,
): Promise<void> {
  if (movedUp === undefined || !racersOf(lobby).includes(movedUp)) return;
  await notify(`race-moved-up:${id}`, movedUp, movedUpNotice(lobby), deps);
}

/** Whether an earlier delivery of the command has changed who races, or recorded that it may not. */
export async function isRosterChanged(
  { id, userId, command, options }: DiscordCommand,
  { lobbies, raceCommands }: ControlDeps,
): Promise<boolean> {
  const lobbyId = readSnowflake(options["target"]) ?? (await raceCommands.lobbyOf(id));
  const lobby = lobbyId === undefined ? undefined : await lobbies.get(lobbyId);
  const racerId = command === "race kick" ? readSnowflake(options["racer"]) : userId;
  return racerId !== undefined && lobby?.acts[racerId]?.id === id;
}
