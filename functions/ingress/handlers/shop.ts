import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { type CommandAction, commandFunction } from "../../members/command-function.ts";
import {
  builderButtons,
  builderCommands,
  builderDecline,
} from "../../members/commands/definitions.ts";
import { decide, isDecided, listBuilders } from "../../operations/commands/builders.ts";
import { askToForget, beginToForget } from "../../privacy/commands/forget.ts";
import { isDataSent, sendMyData } from "../../privacy/commands/my-data.ts";
import { buyNow, cancelReservation, showDetails, targetOf } from "../../shop/commands/buy.ts";
import { shopButtons, shopCommands } from "../../shop/commands/definitions.ts";
import { DROP_FORM, dropForm } from "../../shop/commands/drop-form.ts";
import { changeDrops, dropIdIn } from "../../shop/commands/drops.ts";
import { formAgain, openDrop } from "../../shop/commands/open-drop.ts";
import { payouts } from "../../shop/commands/payouts.ts";
import { showProfile } from "../../shop/commands/profile.ts";
import { orderIdIn, refund } from "../../shop/commands/refund.ts";
import { isProved, register } from "../../shop/commands/register.ts";
import { returning } from "../../shop/money/returning.ts";
import type { Deps } from "../deps.ts";

/** The action of each command, button and form. */
const actions = {
  "c500 register": { run: returning(register), isBegun: isProved },
  "c500 builders list": listBuilders,
  "c500 builders approve": { run: decide("approve"), isBegun: isDecided },
  "c500 builders decline": { run: decide("decline"), isBegun: isDecided },
  "c500 builders suspend": { run: decide("suspend"), isBegun: isDecided },
  "c500 builders restore": { run: decide("restore"), isBegun: isDecided },
  "c500 builders remove": { run: decide("remove"), isBegun: isDecided },
  [builderButtons.approve.name]: { run: decide("approve"), isBegun: isDecided },
  [builderDecline.form.name]: { run: decide("decline"), isBegun: isDecided },
  "c500 payouts": returning(payouts),
  "c500 profile": showProfile,
  "c500 drops": {
    run: changeDrops,
    isBegun: async ({ id, options }, { drops }) => {
      const dropId = dropIdIn(options);
      return dropId !== undefined && drops.hasApplied(dropId, id);
    },
  },
  "c500 refund": {
    run: refund,
    isBegun: async ({ id, options }, { refunds }) => {
      const orderId = orderIdIn(options);
      return orderId !== undefined && (await refunds.get(orderId, id)) !== undefined;
    },
  },
  "c500 my-data": { run: sendMyData, isBegun: isDataSent },
  "c500 forget me": askToForget,
  [DROP_FORM]: {
    run: openDrop,
    isBegun: async ({ id }, { drops }) => (await drops.get(id)) !== undefined,
    refused: (refusal, { id }) => formAgain(refusal, id),
  },
  [shopButtons.buy.name]: {
    run: buyNow,
    isBegun: async ({ id }, { orders }) => (await orders.get(id)) !== undefined,
  },
  [shopButtons.details.name]: showDetails,
  [shopButtons.cancel.name]: { run: cancelReservation, isBegun: isGivenBack },
  [shopButtons.forget.name]: {
    run: beginToForget,
    isBegun: async ({ id, userId }, { forgettings }) =>
      (await forgettings.get(userId))?.interactionId === id,
  },
} satisfies Record<string, CommandAction<Deps>>;

async function isGivenBack(
  { userId, options }: DiscordCommand,
  { orders }: Deps,
): Promise<boolean> {
  const order = await orders.get(targetOf(options));
  return order?.buyerId === userId && order.fulfillmentStatus === "cancelled";
}

/** All commands, buttons and forms of the shop. */
export const handler = commandFunction(
  "shop",
  [
    ...shopCommands,
    ...builderCommands,
    ...Object.values(shopButtons),
    ...Object.values(builderButtons),
    dropForm,
    builderDecline.form,
  ],
  actions,
);
