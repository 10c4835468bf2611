import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { text } from "../../../../shared/discord/definitions/options.ts";
import { parseAmount } from "../../../../shared/money/money.ts";
import { progressOf, type RaceGoal } from "../../domain/race-goal.ts";
import {
  badGoalText,
  goalOutdatedText,
  goalText,
  goalTooLowText,
  wrongStateText,
} from "../../messages/race-control.ts";
import { raceTotals } from "../../service/race-totals.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import type { ControlDeps } from "../control-deps.ts";
import { lobbyOption, MAX_AMOUNT_LENGTH } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";

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

/** `/race goal`. */
export const goalCommand = defineCommand({
  words: "race goal",
  description: "Set what the pot is to reach; viewers see how far it has come",
  options: {
    amount: text("Such as 500 or 1,250.00; 0 takes the goal away", {
      required: true,
      maxLength: MAX_AMOUNT_LENGTH,
    }),
    lobby: lobbyOption,
  },
  who: "owner",
  answeredBy: "race-control",
});

/**
 * Sets what the pot is to reach, also while the race is on; zero takes the goal away. Idempotency: of two
 * commands the newer one counts, and a repeat says the same. One that the pot has reached already is refused, so that
 * nobody celebrates without a sale. Crash safety: the repeat has the board shown.
 */
export const settingGoal = /* @__PURE__ */ action(goalCommand, {
  run: setGoal,
  isBegun: async (
    { id },
    _values,
    { lobbies, raceCommands }: Pick<ControlDeps, "lobbies" | "raceCommands">,
  ) => {
    const lobbyId = await raceCommands.lobbyOf(id);
    return lobbyId !== undefined && (await lobbies.get(lobbyId))?.goalCauseId === id;
  },
});

async function setGoal(
  use: CommandUse,
  { amount, lobby: named }: ValuesOf<typeof goalCommand>,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const goal = readGoal(amount, deps);
  if (goal === undefined) return { content: badGoalText(deps.config.SHOP_CURRENCY) };
  const rule = { obeys: "host-or-staff", states: ["open", "racing"] } as const;
  const found = await findTargetLobby(use, named, rule, deps);
  if (typeof found === "string") return { content: found };
  const causeId = use.id;
  const wanted = goal === "none" ? undefined : goal;
  if (found.goalCauseId !== causeId) {
    const { pot } = await raceTotals(found, deps);
    const progress = progressOf({ goal: wanted }, pot);
    if (progress?.isReached) return { content: goalTooLowText(found, progress) };
  }
  const lobby = await deps.lobbies.setGoal(found.id, wanted, causeId, deps.clock.now());
  if (lobby?.goalCauseId !== causeId) {
    const isOver = !lobby || (lobby.state !== "open" && lobby.state !== "racing");
    return { content: isOver ? wrongStateText(lobby ?? found) : goalOutdatedText(lobby) };
  }
  await scheduleRaceBoard(lobby.id, deps);
  return { content: goalText(lobby) };
}
