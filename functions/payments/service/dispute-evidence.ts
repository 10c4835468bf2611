import type { Order } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";
import type { Evidence } from "../messages/operators.ts";

/** The messages a buyer is sent about an order, by the beginning of their record's key. */
const MESSAGES = [
  ["receipt", "the receipt"],
  ["on-the-workbench", "that it is on the workbench"],
  ["on-the-workbench-in-channel", "the same, in a channel"],
  ["hold-warning-3d", "a warning three days before the end"],
  ["hold-warning-1d", "a warning one day before the end"],
] as const;

/** Collects the evidence for an order's dispute. */
export async function collectEvidence(
  order: Order,
  { sentMessages }: Pick<Deps, "sentMessages">,
): Promise<Evidence> {
  const found = await Promise.all(
    MESSAGES.map(async ([prefix, about]) => {
      const suffix = prefix.startsWith("hold-") ? ":buyer" : "";
      const sent = await sentMessages.get(`${prefix}:${order.id}${suffix}`);
      return sent ? [{ about, ...sent }] : [];
    }),
  );
  return {
    watchUrl: order.twitchVodLink,
    provedAt: order.proof && new Date(order.proof.verifiedAtMs),
    paidAt: order.payment?.paidAt,
    messages: found.flat(),
  };
}
