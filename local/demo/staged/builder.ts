import { bringCast, people } from "../cast.ts";
import type { SceneSet } from "./set.ts";

/** The builders of the scenes: their Twitch channels and the countries of their companies. */
const BUILDERS = {
  mina: { login: "mina_makes", country: "CA" },
  otto: { login: "otto_builds", country: "US" },
} as const;

/** What shipping costs, by countries. */
const TERMS = {
  from: "Canada",
  home: "8",
  countries: "United States",
  "countries-price": "14",
  world: "25",
  further: "3",
  "dispatch-days": 3,
} as const;

export type SceneBuilder = keyof typeof BUILDERS;

/**
 * Makes someone a builder with a Stripe account and shipping terms, as far as they are none yet.
 */
export async function becomesBuilder(set: SceneSet, who: SceneBuilder): Promise<void> {
  const { stage, act, narrator } = set;
  const { login, country } = BUILDERS[who];
  const stored = () => stage.firestore.doc(`builders/${people[who]}`).get();
  bringCast(stage);
  if ((await stored()).get("twitch_user_id") === undefined) {
    const link = await act.types(who, "c500 register");
    const { code } = await act.signsIn(who, link, login);
    set.requires((await act.types(who, "c500 register", { code })).text, "is your channel");
  }
  if ((await stored()).get("standing") !== "approved") {
    const { text } = await act.types("vera", "c500 builders approve", { builder: people[who] });
    set.requires(text, "C500 builder");
  }
  set.requires((await act.types(who, "c500 shipping", TERMS)).text, "terms are set");
  if ((await stored()).get("stripe_account_state") === "ACTIVE") return;
  await act.types(who, "c500 payouts", { country });
  const account = String((await stored()).get("stripe_account_id"));
  narrator.does(who, "gives Stripe the details it requires");
  stage.stripe.completeOnboarding(account);
  await stage.cloud.settle();
}

/** Starts a builder's stream unless it is on. */
export async function goesLive(set: SceneSet, who: SceneBuilder, title: string): Promise<void> {
  const builder = await set.stage.firestore.doc(`builders/${people[who]}`).get();
  if (builder.get("is_live") === true) return;
  set.narrator.does(who, `goes live on Twitch: ${title}`);
  set.stage.twitch.goLive(BUILDERS[who].login, { title, gameName: "Makers & Crafting" });
  await set.stage.cloud.settle();
}

/** Ends a builder's stream if it is on. */
export async function endsStream(set: SceneSet, who: SceneBuilder): Promise<void> {
  const builder = await set.stage.firestore.doc(`builders/${people[who]}`).get();
  if (builder.get("is_live") !== true) return;
  set.narrator.does(who, "ends the stream");
  set.stage.twitch.endStream(BUILDERS[who].login);
  await set.stage.cloud.settle();
}
