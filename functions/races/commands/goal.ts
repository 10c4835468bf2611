import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { parseAmount } from "../../../shared/money/money.ts";
import { progressOf, type RaceGoal } from "../domain/race-goal.ts";
import {
  badGoalText,
  goalOutdatedText,
  goalText,
  goalTooLowText,
  wrongStateText,
} from "../messages/race-control.ts";
import { raceTotals } from "../service/race-totals.ts";
import { scheduleRaceBoard } from "../service/schedule-race-board.ts";
import type { ControlDeps } from "./control-deps.ts";
import { lobbyMeant } from "./lobby-meant.ts";

/** A goal as a host typed it: `none` for zero, undefined where it is no amount of the shop's currency. */
export function readGoal(
  text: string,
  { config }: Pick<ControlDeps, "config">,
): RaceGoal | "none" | undefined {
  const currency = config.SHOP_CURRENCY;
  const amount = parseAmount(text, currency);
  if (amount === undefined) return undefined;
  return amount === 0 ? "none" : { amount, currency };
}

/**
 * `/race goal`: what the pot is to reach, also while the race is on; zero takes the goal away. Idempotency: of two
 * commands the newer one counts, and a repeat says the same. One that the pot has reached already is refused, so that
 * nobody celebrates without a sale. Crash safety: the repeat has the board shown.
 */
export async function setGoal(
  command: DiscordCommand,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const goal = readGoal(String(command.options["amount"] ?? ""), deps);
  if (goal === undefined) return { content: badGoalText(deps.config.SHOP_CURRENCY) };
  const rule = { obeys: "host-or-staff", states: ["open", "racing"] } as const;
  const meant = await lobbyMeant(command, rule, deps);
  if (typeof meant === "string") return { content: meant };
  const causeId = command.id;
  const wanted = goal === "none" ? undefined : goal;
  if (meant.goalCauseId !== causeId) {
    const { pot } = await raceTotals(meant, deps);
    const progress = progressOf({ goal: wanted }, pot);
    if (progress?.isReached) return { content: goalTooLowText(meant, progress) };
  }
  const lobby = await deps.lobbies.setGoal(meant.id, wanted, causeId, deps.clock.now());
  if (lobby?.goalCauseId !== causeId) {
    const isOver = !lobby || (lobby.state !== "open" && lobby.state !== "racing");
    return { content: isOver ? wrongStateText(lobby ?? meant) : goalOutdatedText(lobby) };
  }
  await scheduleRaceBoard(lobby.id, deps);
  return { content: goalText(lobby) };
}

/** Whether an earlier delivery has set the goal. */
export async function isGoalSet(
  { id }: DiscordCommand,
  { lobbies, raceCommands }: ControlDeps,
): Promise<boolean> {
  const lobbyId = await raceCommands.lobbyOf(id);
  return lobbyId !== undefined && (await lobbies.get(lobbyId))?.goalCauseId === id;
}
