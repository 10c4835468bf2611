import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { isPseudonym } from "../../../shared/discord/pseudonym.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { type Lobby, nameIn, racersOf } from "../domain/race.ts";
import { againText, type LeftOut, mayNotPostText, raceTexts } from "../messages/race-control.ts";
import { againPost } from "../messages/races.ts";
import { postOnce } from "../service/announce-race.ts";
import type { ControlDeps } from "./control-deps.ts";
import { hostingRefusal } from "./hosts.ts";
import { lobbyMeant } from "./lobby-meant.ts";
import { newLobby, placeLobby } from "./open-lobby.ts";

/**
 * `/race again`, or the button: a lobby like one that is over, under the command's id and in the channel where it is
 * asked for. Those who raced to its end have their seats, but who has left the server, or is in another race; they
 * are pinged once, and leave by the button. Idempotency: a repeat finds the race that was meant and the lobby that
 * was opened, and says the same. Crash safety: the repeat posts what is missing.
 */
export async function raceAgain(
  command: DiscordCommand,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const { id, channelId } = command;
  if (!channelId) return { content: raceTexts.noChannel };
  const rule = { obeys: "host", states: ["finished"], newest: true } as const;
  const before = await lobbyMeant(command, rule, deps);
  if (typeof before === "string") return { content: before };
  const isOpened = (await deps.lobbies.get(id)) !== undefined;
  const refusal = isOpened ? undefined : await hostingRefusal(command, deps);
  if (refusal) return { content: refusal };
  const racerIds = racersOf(before).filter((racerId) => !isPseudonym(racerId));
  const gone = await findGone(racerIds, channelId, deps);
  if (gone === "closed") return { content: mayNotPostText(channelId) };
  const seated = racerIds
    .filter((racerId) => !gone.includes(racerId))
    .map((racerId) => ({ racerId, name: before.names[racerId] && nameIn(before, racerId) }));
  const options = { name: before.name, seats: before.seats, ...keptOf(before) };
  const lobby = {
    ...newLobby({ ...command, options }, channelId, deps),
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
