import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { shopButtons } from "../../shared/commands/c500-shop.ts";
import { DROP_FORM } from "../../shared/commands/drop-form.ts";
import {
  type DiscordCommand,
  discordCommandReceived,
} from "../../shared/events/discord-command.ts";
import { answerInteraction } from "../../shared/messages/answer-interaction.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import { buyNow, cancelReservation, showDetails } from "./buy.ts";
import { changeDrops } from "./drops.ts";
import { askToForget, beginToForget } from "./forget.ts";
import { openDrop } from "./open-drop.ts";
import { payouts } from "./payouts.ts";
import { showProfile } from "./profile.ts";
import { refund } from "./refund.ts";
import { register } from "./register.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** What each command, button and form does; what it gives is the answer. */
const desks: Readonly<
  Record<string, (command: DiscordCommand, deps: ShopDeps) => Promise<OutgoingMessage>>
> = {
  "c500 register": register,
  "c500 payouts": payouts,
  "c500 profile": showProfile,
  "c500 drops": changeDrops,
  "c500 refund": refund,
  "c500 forget me": askToForget,
  [DROP_FORM]: openDrop,
  [shopButtons.buy.name]: buyNow,
  [shopButtons.details.name]: showDetails,
  [shopButtons.cancel.name]: cancelReservation,
  [shopButtons.forget.name]: beginToForget,
};

/**
 * Everything the shop is asked for in Discord. A second delivery does each thing once, by the
 * interaction's id, and says the same again; so does one after a crash. The answer goes out last,
 * when what it says is stored.
 */
export const handler = subscriber(discordCommandReceived, async (command, deps: ShopDeps) => {
  const desk = desks[command.command];
  if (!desk) return;
  const answer = await desk(command, deps);
  await answerInteraction(
    { id: command.id, userId: command.userId, token: command.token },
    answer,
    deps,
  );
});
