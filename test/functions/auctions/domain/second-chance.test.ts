import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { inOfferOrder } from "../../../../functions/auctions/domain/second-chance.ts";

const scene = fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 20 }).chain((ids) =>
  fc.tuple(
    fc.constant(ids.map((id, index) => ({ bidderId: String(id), amount: 10_000 - index }))),
    fc.subarray(ids).map((payers) => new Set(payers.map(String))),
  ),
);

test("at most one account that never paid is offered a chance ahead of one that did; otherwise bids decide", () => {
  fc.assert(
    fc.property(scene, ([runnersUp, payers]) => {
      const order = inOfferOrder(runnersUp, payers);
      const isPayer = ({ bidderId }: { bidderId: string }) => payers.has(bidderId);
      expect(order.toSorted((a, b) => b.amount - a.amount)).toEqual(runnersUp);
      const lastPayer = order.findLastIndex(isPayer);
      const ahead = order.slice(0, Math.max(0, lastPayer)).filter((each) => !isPayer(each));
      expect(ahead.length).toBeLessThanOrEqual(1);
      expect(order.filter(isPayer)).toEqual(runnersUp.filter(isPayer));
      const others = (each: { bidderId: string }) => !isPayer(each);
      expect(order.filter(others)).toEqual(runnersUp.filter(others));
      // The highest bidder of all keeps their place.
      expect(order[0]).toEqual(runnersUp[0]);
    }),
  );
});
