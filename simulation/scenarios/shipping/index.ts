import { mustEqual } from "../../rules.ts";
import { checkAuctionStep } from "../auction/checks/step.ts";
import type { Scenario } from "../scenario.ts";
import { shopActions } from "../shop/actions.ts";
import { openShop, shop } from "../shop/index.ts";
import { fulfilmentActions } from "./actions.ts";
import { checkAttacks } from "./attacks/attacks.ts";
import { drawTerms } from "./buying/offering.ts";
import { checkActors } from "./checks/actor.ts";
import { checkNoAddresses, checkNoAddressesAtRest, watchAddresses } from "./checks/address.ts";
import { checkAuctionsAtRest, logAuctions } from "./checks/auction.ts";
import { checkParcelsAtRest } from "./checks/rest.ts";
import { addOthers } from "./others.ts";
import { foundOf } from "./sending/desk.ts";

/**
 * How likely actions of the shop are here. Where buyers are asked for a country, a plain press buys nothing; what is rare
 * in a shop would hardly happen among everything that parcels add.
 */
const WEIGHTS: Readonly<Record<string, number>> = {
  buy: 4,
  "press Notify me": 6,
  "cancel a refund in the dashboard": 3,
  "a bank sends a refund back": 3,
  "an appeal": 2,
  "discord refuses messages": 2,
};

const actions = [...shopActions, ...fulfilmentActions].map((action) => ({
  ...action,
  weight: WEIGHTS[action.name] ?? action.weight,
}));

const TAXES = ["none", "none", "stripe"];
/** What held money waits for. */
const RELEASES = ["proof", "proof", "proof-and-shipped"];

/** Mostly enough for parcels in all states; sometimes so few that they are sold out soon. */
const QUANTITIES = ["3", "8", "25", "25", "25"];

/** A shop that ships what it sells: all that happens there, and parcels. */
export const shipping: Scenario = {
  name: "shipping",
  actions,
  environment: (choices) => ({
    TAX: choices.oneOf("shipping: tax", TAXES) ?? "none",
    RELEASE_HELD_AFTER: choices.oneOf("shipping: release", RELEASES) ?? "proof",
  }),
  async checkStep(stage) {
    await shop.checkStep(stage);
    await checkAuctionStep(stage);
    await checkNoAddresses(stage);
    mustEqual("S12", "what others saw", foundOf(stage), []);
  },
  async checkRest(stage) {
    await shop.checkRest(stage);
    await checkParcelsAtRest(stage);
    await checkAuctionsAtRest(stage);
    checkAttacks(stage);
    checkActors(stage);
    await checkNoAddressesAtRest(stage);
  },
  async prepare(stage) {
    watchAddresses(stage);
    if (stage.cloud.settings["TAX"] === "stripe") stage.stripe.setUpTax();
    await openShop(stage, (builder) => drawTerms(stage, builder), QUANTITIES);
    await addOthers(stage);
    logAuctions(stage);
  },
};
