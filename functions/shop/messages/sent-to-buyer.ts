import type { SentMessages } from "../../../shared/documents/sent-messages.ts";
import type { Parcels } from "../../shipping/store/parcels.ts";
import type { Order } from "../domain/order.ts";
import { type HoldStep, warningKeys } from "../money/hold-steps.ts";

/** A message that a buyer was sent: what it was about, and its ids at Discord. */
export interface SentToBuyer {
  readonly about: string;
  readonly channelId: string;
  readonly messageId: string;
}

/** What reading them needs. */
export interface SentToBuyerDeps {
  readonly sentMessages: Pick<SentMessages, "get">;
  readonly parcels: Pick<Parcels, "earlierIdOf">;
}

/**
 * The messages that the buyer of an order was sent, by the keys that they were sent under; of an order that was sent
 * again, those about both parcels.
 */
export async function sentToBuyer(
  order: Pick<Order, "id" | "parcel" | "payment">,
  { sentMessages, parcels }: SentToBuyerDeps,
): Promise<readonly SentToBuyer[]> {
  const { id, parcel } = order;
  const earlierId = parcel && (await parcels.earlierIdOf(id, parcel.id));
  const again = earlierId === undefined ? "" : ", sent again,";
  const keys = [
    [`receipt:${id}`, "the receipt"],
    [`on-the-workbench:${id}`, "that it is on the workbench"],
    [`on-the-workbench-in-channel:${id}`, "the same, in a channel"],
    ...warningsOf(order, "warning-3d", "a warning three days before the end"),
    ...warningsOf(order, "warning-1d", "a warning one day before the end"),
    ...(earlierId === undefined ? [] : parcelKeys(earlierId, "")),
    ...(parcel ? parcelKeys(parcel.id, again) : []),
  ] as const;
  const found = await Promise.all(
    keys.map(async ([key, about]) => {
      const sent = await sentMessages.get(key);
      return sent ? [{ about, ...sent }] : [];
    }),
  );
  return found.flat();
}

function parcelKeys(parcelId: string, again: string): readonly (readonly [string, string])[] {
  return [
    [`parcel-sent:${parcelId}`, `that its parcel${again} is on its way`],
    [`arrival-question.${parcelId}`, `whether its parcel${again} has arrived`],
  ];
}

function warningsOf(
  order: Pick<Order, "id" | "payment">,
  name: HoldStep["name"],
  about: string,
): (readonly [string, string])[] {
  return warningKeys(order, name).map((key) => [`${key}:buyer`, about]);
}
