import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { integer, text } from "../../../../shared/discord/definitions/options.ts";
import { MAX_SEATS, MIN_SEATS } from "../../domain/race.ts";
import { MAX_SERIES_LENGTH } from "../../domain/series.ts";
import { readShopAddress } from "../../domain/shop-link.ts";
import { hostRefusal } from "../../messages/hosts.ts";
import { badGoalText, lobbyOpenText, raceTexts } from "../../messages/race-control.ts";
import type { ControlDeps } from "../control-deps.ts";
import { MAX_AMOUNT_LENGTH } from "../options.ts";
import { readGoal } from "./goal.ts";
import { MAX_NAME_LENGTH, newLobby, placeLobby } from "./place-lobby.ts";

/** `/race lobby`. */
export const lobbyCommand = defineCommand({
  words: "race lobby",
  description: "Open a lobby in this channel, where racers join",
  options: {
    name: text("What it is called", { maxLength: MAX_NAME_LENGTH }),
    seats: integer(`How many can race; ${MAX_SEATS} by default`, {
      min: MIN_SEATS,
      max: MAX_SEATS,
    }),
    shop: text("Where viewers buy: a Payment Link, a shop or a Ko-fi page", {
      maxLength: 400,
    }),
    goal: text("What the pot is to reach, such as 500; /race goal changes it", {
      maxLength: MAX_AMOUNT_LENGTH,
    }),
    series: text(
      "The series it belongs to; a new name begins one, and its standings count several races",
      { maxLength: MAX_SERIES_LENGTH, suggest: "series" },
    ),
  },
  who: "host",
  postsHere: true,
  limit: "lobbies",
  answeredBy: "race-control",
});

/**
 * Opens a lobby under the command's id, with its message in the channel. Approved hosts and
 * staff may, one at a time: a window takes its part of sales that name none. Idempotency: a repeat finds it and says
 * the same. Crash safety: the repeat posts it. Where we may not post none is left behind.
 */
export const openingLobby = /* @__PURE__ */ action(lobbyCommand, {
  run: openLobby,
  isBegun: async ({ id }, _values, { lobbies }: Pick<ControlDeps, "lobbies">) =>
    (await lobbies.get(id)) !== undefined,
  refused: hostRefusal,
});

async function openLobby(
  use: CommandUse,
  options: ValuesOf<typeof lobbyCommand>,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const { id, channelId } = use;
  if (!channelId) return { content: raceTexts.noChannel };
  const { shop, goal } = options;
  if (shop !== undefined && !readShopAddress(shop.trim())) {
    return { content: raceTexts.badShop };
  }
  if (goal !== undefined && readGoal(goal, deps) === undefined) {
    return { content: badGoalText(deps.config.SHOP_CURRENCY) };
  }
  const opened = await placeLobby(newLobby(use, options, channelId, deps), id, deps);
  return { content: typeof opened === "string" ? opened : lobbyOpenText(opened) };
}
