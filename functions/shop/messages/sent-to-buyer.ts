import type { SentMessages } from "../../../shared/documents/sent-messages.ts";
import type { Order } from "../domain/order.ts";

/** A message that a buyer was sent: what it was about, and its ids at Discord. */
export interface SentToBuyer {
  readonly about: string;
  readonly channelId: string;
  readonly messageId: string;
}

/** The messages that the buyer of an order was sent, by the keys that they were sent under. */
export async function sentToBuyer(
  { id, parcel }: Pick<Order, "id" | "parcel">,
  { sentMessages }: { readonly sentMessages: Pick<SentMessages, "get"> },
): Promise<readonly SentToBuyer[]> {
  const keys = [
    [`receipt:${id}`, "the receipt"],
    [`on-the-workbench:${id}`, "that it is on the workbench"],
    [`on-the-workbench-in-channel:${id}`, "the same, in a channel"],
    [`hold-warning-3d:${id}:buyer`, "a warning three days before the end"],
    [`hold-warning-1d:${id}:buyer`, "a warning one day before the end"],
    ...(parcel
      ? ([
          [`parcel-sent:${parcel.id}`, "that its parcel is on its way"],
          [`arrival-question.${parcel.id}`, "whether its parcel has arrived"],
        ] as const)
      : []),
  ] as const;
  const found = await Promise.all(
    keys.map(async ([key, about]) => {
      const sent = await sentMessages.get(key);
      return sent ? [{ about, ...sent }] : [];
    }),
  );
  return found.flat();
}
