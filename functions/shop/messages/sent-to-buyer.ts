import type { SentMessages } from "../../../shared/documents/sent-messages.ts";
import type { Parcels } from "../../shipping/store/parcels.ts";
import type { Order } from "../domain/order.ts";

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
  { id, parcel }: Pick<Order, "id" | "parcel">,
  { sentMessages, parcels }: SentToBuyerDeps,
): Promise<readonly SentToBuyer[]> {
  const earlierId = parcel && (await parcels.earlierIdOf(id, parcel.id));
  const again = earlierId === undefined ? "" : ", sent again,";
  const keys = [
    [`receipt:${id}`, "the receipt"],
    [`on-the-workbench:${id}`, "that it is on the workbench"],
    [`on-the-workbench-in-channel:${id}`, "the same, in a channel"],
    [`hold-warning-3d:${id}:buyer`, "a warning three days before the end"],
    [`hold-warning-1d:${id}:buyer`, "a warning one day before the end"],
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
