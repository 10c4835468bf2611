import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { integer, text } from "../../../shared/discord/definitions/options.ts";
import { type NotifyDeps, notify } from "../../../shared/discord/sending/notify.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { DAY_MS, MAX_WAIT_DAYS } from "../../shipping/domain/parcel.ts";
import type { Deps } from "../deps.ts";
import { waitNotice, waitRefusalText, waitText } from "../messages/cancellations.ts";
import { parcelRefusalTexts } from "../messages/parcels.ts";

type WaitDeps = NotifyDeps & Pick<Deps, "orders" | "parcelMoves" | "clock">;

/** `/c500 wait`. */
export const waitCommand = defineCommand({
  words: "c500 wait",
  description: "Ask your builder to send a parcel later, such as while you're on vacation",
  options: {
    order: text("The order, or any order of its parcel", {
      required: true,
      maxLength: 100,
      suggest: "unsent-orders",
    }),
    days: integer("Not before this many days from now", {
      required: true,
      min: 1,
      max: MAX_WAIT_DAYS,
    }),
  },
  who: "owner",
  limit: "requests",
  answeredBy: "fulfilment",
});

/** Has a parcel wait. The time follows from the command's id, so a repeat finds it stored and says the same. */
export const waiting = /* @__PURE__ */ action(waitCommand, wait);

async function wait(
  { id, userId }: CommandUse,
  { order, days }: ValuesOf<typeof waitCommand>,
  deps: WaitDeps,
): Promise<OutgoingMessage> {
  const orderId = readId(order);
  const found = orderId === undefined ? undefined : await deps.orders.get(orderId);
  if (found?.buyerId !== userId) return { content: parcelRefusalTexts["not-yours"] };
  const parcelId = found.parcel?.id;
  if (parcelId === undefined) return { content: waitRefusalText };
  const askedAt = new Date(snowflakeTimeMs(id));
  const until = new Date(askedAt.getTime() + days * DAY_MS);
  const now = deps.clock.now();
  const packed = await deps.parcelMoves.wait({ parcelId, buyerId: userId, until, askedAt, now });
  if (!packed) return { content: waitRefusalText };
  await notify(`parcel-wait:${id}`, packed.parcel.builderId, waitNotice(packed), deps);
  return { content: waitText(packed) };
}
