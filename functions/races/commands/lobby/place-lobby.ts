import { randomBytes, randomInt } from "node:crypto";
import { DiscordError } from "../../../../shared/clients/discord/errors.ts";
import type { CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { oneLine } from "../../../../shared/discord/theme.ts";
import { type Lobby, MAX_SEATS } from "../../domain/race.ts";
import { MAX_SERIES_LENGTH } from "../../domain/series.ts";
import { newShopWord, readShopAddress } from "../../domain/shop-link.ts";
import { hasLobbyText, mayNotPostText } from "../../messages/race-control.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import { postRaceBoard } from "../../service/show-race-board.ts";
import type { NewLobby } from "../../store/lobbies/new-lobbies.ts";
import type { CommandTarget } from "../../store/race-commands.ts";
import type { ControlDeps } from "../control-deps.ts";
import { readGoal } from "./goal.ts";

/** A lobby's name has at most this many characters. */
export const MAX_NAME_LENGTH = 60;

const UNNAMED = "C500 race";
/** 128 bits: nobody guesses it. */
const POT_KEY_BYTES = 16;

/** What a host says of a lobby; what they leave out has a default. */
interface LobbyOptions {
  readonly name?: string | undefined;
  readonly seats?: number | undefined;
  readonly shop?: string | undefined;
  readonly goal?: string | undefined;
  readonly series?: string | undefined;
}

/**
 * Puts a lobby in, once, and posts its message, once; what came of it is recorded under `commandId`. Gives why there
 * is none otherwise.
 */
export async function placeLobby(
  lobby: NewLobby,
  commandId: string,
  deps: ControlDeps,
): Promise<Lobby | string> {
  const { id, channelId } = lobby;
  const create = async (): Promise<CommandTarget> => {
    const problem = await deps.lobbies.create(lobby);
    return problem ? { refusal: hasLobbyText(problem) } : { lobbyId: id };
  };
  const target = await deps.raceCommands.target(commandId, deps.clock.now(), create);
  if ("refusal" in target) return target.refusal;
  const created = await deps.lobbies.get(id);
  if (!created) return mayNotPostText(channelId);
  try {
    if (created.messageId === undefined) await postRaceBoard(created, deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    if (await deps.lobbies.takeBack(id)) return mayNotPostText(channelId);
  }
  await scheduleRaceBoard(id, deps);
  return created;
}

/** What a lobby of these options is to be. */
export function newLobby(
  { id, userId: hostId }: CommandUse,
  options: LobbyOptions,
  channelId: string,
  { config, clock }: ControlDeps,
): NewLobby {
  const goal = readGoal(options.goal ?? "0", { config });
  const name = oneLine(options.name ?? "", MAX_NAME_LENGTH) || UNNAMED;
  const seats = options.seats ?? MAX_SEATS;
  const times = { rateBps: config.RACE_RATE_BPS, createdAt: clock.now() };
  const shopUrl = readShopAddress((options.shop ?? config.SHOP_URL ?? "").trim());
  const shop = shopUrl === undefined ? {} : { shopUrl, shopWord: newShopWord(randomInt) };
  const wanted = goal === undefined || goal === "none" ? {} : { goal };
  const named = oneLine(options.series ?? "", MAX_SERIES_LENGTH);
  const kept = { ...shop, ...wanted, ...(named !== "" && { series: named }) };
  return { id, name, hostId, channelId, seats, ...times, ...kept, potKey: newPotKey() };
}

/** A key for an overlay's link that nobody guesses. */
export function newPotKey(): string {
  return randomBytes(POT_KEY_BYTES).toString("base64url");
}
