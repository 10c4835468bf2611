import { recipientIn } from "../../../../local/stripe/objects/addresses.ts";
import { useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { chooseHowMany, pressBuyButton } from "../../shop/buying.ts";
import { chooseFrom, howManyUnder, listUnder, type ShownList } from "../../shop/choosing.ts";
import { marketOf } from "../../shop/market.ts";
import { storedParcels } from "../parcels.ts";

/** How long people hesitate over a list and before they pay. */
const HESITATIONS_MS = [2_000, 9_000, 30_000];
const READING_MS = 3_000;
/** The country of most; others are chosen from the list too. */
const HOMES = ["US", "US", "DE"];
const ELSEWHERE = "elsewhere";

/** Somebody presses Buy Now, says where it goes if they are asked, and pays. */
export async function buyShipped(stage: Stage, pick: Pick): Promise<void> {
  await buyFor(stage, pick, pick(marketOf(stage).buyers));
}

/** Somebody buys as many as they like of those that are offered. */
export async function buySeveralShipped(stage: Stage, pick: Pick): Promise<void> {
  await buyFor(stage, pick, pick(marketOf(stage).buyers), pick);
}

/** Somebody buys again who has an open parcel. */
export async function buyMore(stage: Stage, pick: Pick): Promise<void> {
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  await buyFor(stage, pick, pick(parcels.filter(({ state }) => state === "open")).buyer);
}

async function buyFor(
  stage: Stage,
  pick: Pick,
  buyer: string,
  pickQuantity?: (values: readonly string[]) => string,
): Promise<void> {
  await buyOf(stage, pick, { buyer, dropId: pick(marketOf(stage).drops) }, pickQuantity);
}

/** Somebody buys of one drop: one piece, unless they choose how many. */
export async function buyOf(
  stage: Stage,
  pick: Pick,
  { buyer, dropId }: { readonly buyer: string; readonly dropId: string },
  pickQuantity: (values: readonly string[]) => string = () => "1",
): Promise<void> {
  const { discord, cloud, stripe } = stage;
  const { id: first } = await pressBuyButton(stage, buyer, dropId);
  await cloud.clock.sleep(pick(HESITATIONS_MS));
  const howMany = howManyUnder(stage, first);
  const pressed = howMany ? await chooseQuantity(howMany) : first;
  const list = listUnder(stage, pressed);
  const id = list?.customId.startsWith("ship-country:") ? await chooseCountryIn(list) : pressed;
  const page = JSON.stringify(discord.interaction(id)?.original?.components ?? []);
  const session = /cs_[A-Za-z0-9_]+/.exec(page)?.[0];
  if (!session) return;
  const address = pick([undefined, undefined, undefined, "another"]);
  const country = pick(["US", "DE", "CA", "JP"]);
  const entry = address ? { shipping: recipientIn(country, pick(["one", "two"])) } : {};
  stripe.pay(session, pick(["card", "card", "card", "bank-debit"] as const), entry);

  async function chooseQuantity(asked: ShownList): Promise<string> {
    const value = pickQuantity(asked.values);
    const chosen = await chooseHowMany(stage, { buyer, dropId }, asked, value);
    await cloud.clock.sleep(READING_MS);
    return chosen;
  }

  async function chooseCountryIn(asked: ShownList): Promise<string> {
    const offered = asked.values;
    const home = pick(HOMES);
    const value = pick([home, home, home, pick(offered), ELSEWHERE]);
    const answer = offered.includes(value) ? value : ELSEWHERE;
    const chosen = await chooseFrom(stage, buyer, asked, answer);
    marketOf(stage).presses.push({ id: chosen.id, buyer, dropId, over: new Set() });
    await cloud.clock.sleep(pick(HESITATIONS_MS));
    return chosen.id;
  }
}

/** Somebody says where their parcels go, has it forgotten, or types what is no country. */
export async function chooseCountry(stage: Stage, pick: Pick): Promise<void> {
  const country = pick(["Germany", "United States", "US", "Japan", "Atlantis", undefined]);
  const options = country === undefined ? { remove: true } : { country };
  await useCommand(stage, pick(marketOf(stage).buyers), "c500 country", options);
}
