import { type Options, useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { marketOf } from "../../shop/market.ts";
import { buyOf } from "./ordering.ts";

/** The login of the shop's builder at Twitch. */
export const LOGIN = "builder_one";

/** Terms with one price, with several, with free shipping, with a phone number, and for pickup. */
const TERMS: readonly Options[] = [
  { from: "US", home: "8.00", world: "25.00", further: "2.00", "dispatch-days": 5 },
  {
    from: "US",
    home: "5",
    countries: "Germany, Canada",
    "countries-price": "9",
    world: "15.55",
    "free-from": "30",
    pickup: true,
    "bundle-hours": 2,
  },
  { from: "DE", home: "4.50", countries: "EU, UK", "countries-price": "4.50", further: "1.01" },
  { from: "US", home: "3.33", phone: true, "bundle-hours": 0, "dispatch-days": 1 },
  { from: "US", pickup: true },
];
/** What builders change of their terms later; some of it cannot be. */
const CHANGES: readonly Options[] = [
  ...TERMS,
  { home: "6.66" },
  { world: "no" },
  { "free-from": "10" },
  { pickup: false },
  { "bundle-hours": 168 },
  { countries: "Atlantis" },
];

/** Draws the builder's first terms, and whether they are live. */
export async function drawTerms(stage: Stage, builder: string): Promise<void> {
  const { choices, twitch, settle } = stage;
  const terms = choices.oneOf("shipping: first terms", [...TERMS, ...TERMS.slice(0, 2)]) ?? {};
  await useCommand(stage, builder, "c500 shipping", terms);
  await settle();
  // Twitch reports streams that begin after the registration.
  twitch.endStream(LOGIN);
  await settle();
  twitch.goLive(LOGIN, { title: "At the bench" });
  await settle();
}

/** The builder changes their terms, which what is offered already does not follow. */
export async function changeTerms(stage: Stage, pick: Pick): Promise<void> {
  await useCommand(stage, marketOf(stage).builder, "c500 shipping", pick(CHANGES));
}

/** The builder changes how one drop or one auction ships, or only looks at it. */
export function changeTermsOf(stage: Stage, pick: Pick, what: Options) {
  const options = { ...what, ...pick([...CHANGES, {}]) };
  return useCommand(stage, marketOf(stage).builder, "c500 shipping", options);
}

/** The builder changes how one drop ships, mostly while somebody is about to buy of it. */
export async function changeDropTerms(stage: Stage, pick: Pick): Promise<void> {
  const { drops, drafts, buyers } = marketOf(stage);
  const drop = pick([...drops, ...drops, ...drafts]);
  const changing = changeTermsOf(stage, pick, { drop });
  if (pick([true, true, false])) {
    await stage.cloud.clock.sleep(pick([0, 300, 1_000, 2_500]));
    await buyOf(stage, pick, { buyer: pick(buyers), dropId: drop });
  }
  await changing;
}

/** The builder's stream ends, or another begins. */
export function changeStream({ twitch }: Stage, pick: Pick): void {
  if (pick([true, false])) twitch.endStream(LOGIN);
  else twitch.goLive(LOGIN, { title: "At the bench" });
}
