import { afterAll, beforeEach } from "@jest/globals";
import { operator } from "../../support/cli/ops.ts";
import { hastenStripe } from "../../support/clients/hasten-stripe.ts";
import { useCloud } from "../../support/cloud.ts";
import { type Sale, sales } from "../../support/races/sales.ts";
import { shoppers } from "../../support/shop/shop.ts";

const REFUNDS = /^POST \/v1\/refunds/;
/** Staff's permission to manage the server. */
export const MANAGE_SERVER = String(1n << 5n);

/** A cloud, its people and its books, and an operator who looks after stuck money. */
export async function useMoneyDesk() {
  const cloud = await useCloud({ rateLimits: false });
  cloud.stripe.topUp(100_000);
  const people = shoppers(cloud);
  const context = operator(cloud);
  afterAll(hastenStripe());
  beforeEach(async () => {
    context.answer = undefined;
    await cloud.clock.advance(5000);
  });
  const books = sales(cloud, people);
  const ops = (...words: readonly string[]) => context.ops("orders", ...words);
  const stripeFails = (operation: RegExp, code: number) =>
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code } });
  return {
    cloud,
    people,
    books,
    context,
    /** Runs `./dev ops orders`. */
    ops,
    /** What `./dev ops orders` lists of an order. */
    stuck: async (orderId: string) =>
      JSON.parse((await ops("--json")).out).filter(
        (each: { orderId: string }) => each.orderId === orderId,
      ),
    /** Has Stripe answer these requests with an error. */
    stripeFails,
    /** A refund that staff requested, and that Stripe does not answer. */
    unansweredRefund: async (options: Record<string, string> = {}): Promise<Sale> => {
      const sale = await books.sale("split");
      stripeFails(REFUNDS, 503);
      const staff = people.person({ permissions: MANAGE_SERVER });
      await people.command(staff, "c500 refund", { order: sale.orderId, ...options });
      return sale;
    },
  };
}
