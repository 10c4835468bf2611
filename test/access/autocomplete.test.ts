import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { commands } from "../../functions/ingress/commands.ts";
import { payoutCountries } from "../../functions/members/domain/payout-country.ts";
import { shippingCountries } from "../../functions/shipping/domain/countries.ts";
import { createMatrixWorld, type MatrixWorld, type Role, roles } from "./matrix-world.ts";

/** What each role must be offered; a role that is not listed must be offered nothing. */
type Offers = (world: MatrixWorld) => Partial<Record<Role, readonly string[]>>;

/** Ids of things that belong to another builder. */
const others = {
  order: "others-order",
  parcel: "others-parcel",
  drop: "555000000000000001",
  auction: "555000000000000002",
} as const;

const orders: Offers = ({ orderId }) => ({ builder: [orderId], "other-builder": [others.order] });
/** Staff manage everyone's auctions. */
const auctions: Offers = ({ auctionId, wonAuctionId, unsoldAuctionId }) => {
  const own = [auctionId, wonAuctionId, unsoldAuctionId];
  return {
    builder: own,
    "other-builder": [others.auction],
    staff: [...own, others.auction],
  };
};
const lobbies: Offers = ({ lobbyId }) => ({ host: [lobbyId] });
const everyone = (offered: readonly string[]): Offers => {
  const all = Object.fromEntries(roles.map((role) => [role, offered]));
  return () => all;
};

const countries = shippingCountries()
  .slice(0, 25)
  .map(({ code }) => code);

/** One row for each option with autocomplete, by its command's words and its name. */
const optionRows: Readonly<Record<string, Offers>> = {
  "c500 live orders": orders,
  "c500 payouts country": everyone(payoutCountries.slice(0, 25).map(({ code }) => code)),
  "payouts connect country": everyone(payoutCountries.slice(0, 25).map(({ code }) => code)),
  "c500 shipping from": everyone(countries),
  "c500 shipping countries": everyone(["EU", ...countries].slice(0, 25)),
  "c500 shipping drop": ({ dropId }) => ({ builder: [dropId], "other-builder": [others.drop] }),
  "c500 shipping auction": auctions,
  "c500 country country": everyone(countries),
  "c500 drops drop": ({ dropId }) => ({ builder: [dropId], "other-builder": [others.drop] }),
  "c500 refund order": orders,
  "c500 ship order": ({ orderId }) => ({ builder: [orderId], "other-builder": [others.parcel] }),
  "c500 cancel order": ({ orderId }) => ({ buyer: [others.order, orderId] }),
  "c500 problem order": () => ({}),
  "c500 case order": orders,
  "c500 wait order": ({ orderId }) => ({ buyer: [others.order, orderId] }),
  "c500 auction show auction": auctions,
  "c500 auction history auction": auctions,
  "c500 auction rerun auction": auctions,
  "c500 auction void auction": auctions,
  "c500 auction cancel auction": auctions,
  "c500 auction close auction": auctions,
  "c500 auction sell auction": auctions,
  "c500 auction extend auction": auctions,
  "c500 auction remove-bids auction": auctions,
  "race lobby series": () => ({}),
  "race report series": () => ({}),
  "race winner lobby": lobbies,
  "race kick lobby": lobbies,
  "race goal lobby": lobbies,
  "race report lobby": lobbies,
  "race again lobby": lobbies,
  "race overlay lobby": lobbies,
  "race cancel lobby": lobbies,
  "start lobby": lobbies,
  "finish lobby": lobbies,
};
const completed = commands.flatMap(({ words, options }) =>
  Object.entries(options)
    .filter(([, { suggest }]) => suggest !== undefined)
    .map(([option]) => ({ words, option })),
);

let world: MatrixWorld;

beforeAll(async () => {
  world = await createMatrixWorld();
  const { cloud, people, orderId, dropId, unsoldAuctionId } = world;
  const give = async (from: string, to: string) => {
    const owned = (await cloud.firestore.doc(from).get()).data();
    await cloud.firestore.doc(to).set({ ...owned, builder_id: people["other-builder"] });
  };
  await give(`orders/${orderId}`, `orders/${others.order}`);
  await give(`parcels/${orderId}`, `parcels/${others.parcel}`);
  await give(`inventory/${dropId}`, `inventory/${others.drop}`);
  await give(`auctions/${unsoldAuctionId}`, `auctions/${others.auction}`);
});
afterAll(() => world.cloud.stop());

test("every option with autocomplete has a row, and every row has an option", () => {
  const names = completed.map(({ words, option }) => `${words} ${option}`);
  expect(Object.keys(optionRows).sort()).toEqual(names.sort());
});

describe.each(completed)("/$words $option", ({ words, option }) => {
  test("offers everyone what is theirs, and nothing that belongs to others", async () => {
    const expected = optionRows[`${words} ${option}`]?.(world) ?? {};
    for (const role of roles) {
      const offered = [...(await world.offered(role, words, option))].sort();
      expect({ role, offered }).toEqual({ role, offered: [...(expected[role] ?? [])].sort() });
    }
  });
});
