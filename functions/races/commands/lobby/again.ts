import { DiscordError } from "../../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { isPseudonym } from "../../../../shared/discord/pseudonym.ts";
import { type Lobby, nameIn, racersOf } from "../../domain/race.ts";
import { hostRefusal } from "../../messages/hosts.ts";
import { againText, type LeftOut, mayNotPostText, raceTexts } from "../../messages/race-control.ts";
import { againPost } from "../../messages/race-posts.ts";
import { postOnce } from "../../service/announce-race.ts";
import { againButton } from "../buttons.ts";
import type { ControlDeps } from "../control-deps.ts";
import { hostingRefusal } from "../hosts.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";
import { newLobby, placeLobby } from "./place-lobby.ts";

/** `/race again`. */
export const againCommand = defineCommand({
  words: "race again",
  description: "Race again: the same racers, name and shop, in this channel",
  options: { lobby: lobbyOption },
  who: "owner",
  postsHere: true,
  limit: "lobbies",
  answeredBy: "race-control",
});

/**
 * Opens a lobby like one that is over, under the command's id and in the channel where it is
 * asked for. Those who raced to its end have their seats, but who has left the server, or is in another race; they
 * are pinged once, and leave by the button. Idempotency: a repeat finds the race that was found and the lobby that
 * was opened, and says the same. Crash safety: the repeat posts what is missing.
 */
export const racingAgain = /* @__PURE__ */ action(againCommand, {
  run: (use, { lobby }, deps: ControlDeps) => raceAgain(use, lobby, deps),
  isBegun: isOpened,
});

/** The same by the button. */
export const racingAgainByButton = /* @__PURE__ */ action(againButton, {
  run: (use, { lobbyId }, deps: ControlDeps) => raceAgain(use, lobbyId, deps),
  isBegun: isOpened,
});

async function isOpened(
  { id }: CommandUse,
  _values: unknown,
  { lobbies }: Pick<ControlDeps, "lobbies">,
): Promise<boolean> {
  return (await lobbies.get(id)) !== undefined;
}

async function raceAgain(
  use: CommandUse,
  named: string | undefined,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const { id, channelId } = use;
  if (!channelId) return { content: raceTexts.noChannel };
  const rule = { obeys: "host", states: ["finished"], newest: true } as const;
  const before = await findTargetLobby(use, named, rule, deps);
  if (typeof before === "string") return { content: before };
  const isRepeat = (await deps.lobbies.get(id)) !== undefined;
  const refusal = isRepeat ? undefined : await hostingRefusal(use, deps);
  if (refusal) return hostRefusal(refusal);
  const racerIds = racersOf(before).filter((racerId) => !isPseudonym(racerId));
  const gone = await findGone(racerIds, channelId, deps);
  if (gone === "closed") return { content: mayNotPostText(channelId) };
  const seated = racerIds
    .filter((racerId) => !gone.includes(racerId))
    .map((racerId) => ({ racerId, name: before.names[racerId] && nameIn(before, racerId) }));
  const options = { name: before.name, seats: before.seats, ...keptOf(before) };
  const lobby = {
    ...newLobby(use, options, channelId, deps),
    ...(before.goal && { goal: before.goal }),
    againOf: before.id,
    seated,
  };
  const opened = await placeLobby(lobby, `${id}.again`, deps);
  if (typeof opened === "string") return { content: opened };
  if (racersOf(opened).length > 0) {
    await postOnce(`race-again:${id}`, opened, againPost(opened), deps);
  }
  return { content: againText(opened, await findLeftOut(racerIds, { gone, opened }, deps)) };
}

/** Options that stay as they were. */
function keptOf({ shopUrl, series }: Lobby) {
  return { ...(shopUrl && { shop: shopUrl }), ...(series && { series }) };
}

/** Who of them is no longer in the channel's server; `closed` where the channel is closed to us. */
async function findGone(
  racerIds: readonly string[],
  channelId: string,
  { discord }: Pick<ControlDeps, "discord">,
): Promise<readonly string[] | "closed"> {
  try {
    const guildId = await discord.guildOf(channelId);
    if (guildId === undefined) return [];
    const gone: string[] = [];
    for (const racerId of racerIds) {
      if (!(await discord.isMember(guildId, racerId))) gone.push(racerId);
    }
    return gone;
  } catch (error) {
    if (error instanceof DiscordError && error.isUnusableChannel) return "closed";
    throw error;
  }
}

/** Whom the new lobby is without, and why; those who have pressed a button in it know where they stand. */
async function findLeftOut(
  racerIds: readonly string[],
  { gone, opened }: { readonly gone: readonly string[]; readonly opened: Lobby },
  { lobbies, clock }: ControlDeps,
): Promise<LeftOut[]> {
  const isSeated = (racerId: string) => racersOf(opened).includes(racerId);
  const missing = racerIds.filter((racerId) => !isSeated(racerId) && !opened.acts[racerId]);
  return Promise.all(
    missing.map(async (racerId) => {
      if (gone.includes(racerId)) return { racerId, isGone: true };
      const [elsewhere] = await lobbies.withMember(racerId, clock.now());
      return { racerId, isGone: false, elsewhere };
    }),
  );
}
