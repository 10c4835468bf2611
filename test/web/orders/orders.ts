import type { TestCloud } from "../../support/cloud.ts";
import { choosers } from "../../support/shipping/choosers.ts";
import { shoppers } from "../../support/shop/shop.ts";

/** A number that only UPS uses. */
export const TRACKING = "1Z999AA10123456784";

/** People who buy things that are shipped, and their pages. */
export function orderBuyers(cloud: TestCloud) {
  const people = shoppers(cloud);
  const list = choosers(cloud);

  /** A builder who ships to the United States for $8, and a further item for $2. */
  const shippingBuilder = ({ isLive = false } = {}) =>
    people.builder({
      isLive,
      terms: { from: "US", home: "8.00", further: "2.00", "dispatch-days": 5 },
    });

  /** Buys a unit that ships to the United States, and pays for it. */
  const buy = async (dropId: string, buyer = people.person()) => {
    const asked = await people.buyNow(buyer, dropId);
    const answer = asked.text.startsWith("Where should it go?")
      ? await list.choose(buyer, list.answerOf(asked), "US")
      : asked;
    cloud.stripe.pay(people.sessionOf(answer));
    await cloud.settle();
    return { orderId: answer.interactionId, buyer };
  };

  return {
    people,
    shippingBuilder,
    buy,

    /** Two orders that ship together: the first is built on stream, both are sent, a part of the first is refunded. */
    async sentTogether() {
      const builder = await shippingBuilder({ isLive: true });
      const dropId = await people.drop(builder.id, { title: "Cozy65", price: "240.00", limit: 3 });
      const weightId = await people.drop(builder.id, { title: "Brass weight", price: "35.00" });
      const { orderId, buyer } = await buy(dropId);
      const other = await buy(weightId, buyer);
      await people.proveOnStream(builder.id, orderId);
      await people.command(builder.id, "c500 ship", {
        order: orderId,
        tracking: TRACKING,
        anyway: true,
      });
      await people.command(builder.id, "c500 refund", { order: orderId, amount: "3.00" });
      return { builder, buyer, orderId, otherId: other.orderId };
    },
  };
}
