import { community } from "../../../local/cloud/community.ts";
import { addBuilder, addPerson, registerCommands, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Scenario } from "../scenario.ts";
import { afterRaceActions } from "./after-race.ts";
import { attacks } from "./attacks.ts";
import { checkRaceRest } from "./checks/rest.ts";
import { checkRaceStep } from "./checks/step.ts";
import { commandOn, hostingActions, pressOn } from "./hosting.ts";
import { storedLobbies } from "./lobby-watch.ts";
import { outageActions, watchSweeper } from "./outages.ts";
import { payingActions } from "./paying.ts";
import { rushActions } from "./rush.ts";
import { sellingActions } from "./selling.ts";
import { sellAtKofi, sellAtStripe } from "./shops.ts";
import { type Track, trackOf } from "./track.ts";

const MANAGE_SERVER = "32";
const SECOND_MS = 1_000;
/** The first of them are builders, whom Stripe can pay. */
const BUILDERS = 2;
const OTHERS = 2;
/** Sales before the simulation: more to pay out than there is at Stripe to pay it from. */
const FIRST_SALES = { kofi: [60_000, 19_998], stripe: [12_345] };

/**
 * Hosts with races, racers who join and leave, shops that sell merch meanwhile, and staff who pay
 * out. Shares can be paid out as soon as they are booked, because a simulation is shorter than the
 * shortest hold.
 */
export const race: Scenario = {
  name: "race",
  environment: () => ({ SHARE_HOLD_DAYS: "0", RACE_RATE_BPS: "5000" }),
  actions: [
    ...hostingActions,
    ...afterRaceActions,
    ...sellingActions,
    ...rushActions,
    ...payingActions,
    ...outageActions,
    ...attacks,
  ],
  checkStep: checkRaceStep,
  checkRest: checkRaceRest,
  async prepare(stage) {
    await registerCommands(stage);
    stage.memory.set("track", await gather(stage));
    watchSweeper(stage);
    await openRaces(stage);
    // Shops use whole seconds: a sale in the second in which a race began counts as before it.
    await stage.cloud.clock.advance(SECOND_MS);
    for (const price of FIRST_SALES.kofi) sellAtKofi(stage, { items: [price] });
    for (const price of FIRST_SALES.stripe) sellAtStripe(stage, { items: [price] });
    await stage.settle();
  },
};

async function gather(stage: Stage): Promise<Track> {
  const { discord } = stage;
  const builders: string[] = [];
  for (let number = 1; number <= BUILDERS; number += 1) {
    builders.push(await addBuilder(stage, number, `builder_${number}`));
  }
  const accounts = new Map<string, string>();
  for (const id of builders) {
    const builder = await stage.database.collection("builders").doc(id).get();
    accounts.set(id, String(builder.get("stripe_account_id")));
  }
  const others = Array.from({ length: OTHERS }, (_, index) =>
    addPerson(stage, 10 + index, `racer_${index}`),
  );
  const shy = "300000000000000020";
  discord.addUser({ id: shy, username: "shy_racer", dmsClosed: true });
  const staff = ["300000000000000030", "300000000000000031"];
  for (const id of staff) {
    discord.addUser({ id, username: `staff_${id.slice(-2)}`, permissions: MANAGE_SERVER });
  }
  const host = addPerson(stage, 40, "host");
  await useCommand(stage, staff[0] ?? "", "c500 hosts approve", { host });
  const track = "600000000000000001";
  discord.addChannel({ id: track, guildId: community.guildId, name: "track" });
  await stage.settle();
  return {
    staff,
    hosts: [...staff, host],
    crowd: [...builders, ...others, shy],
    stranger: addPerson(stage, 50, "stranger"),
    accounts,
    channels: [community.racesChannelId, track],
    sold: [],
    typed: [],
    kicks: [],
    uses: new Map(),
    altered: [],
    rushes: [],
    sweptAtMs: [],
    overruns: [],
    allowed: new Set(),
    breaches: [],
    ledger: { postings: new Map(), wallets: new Map() },
    lobbies: new Map(),
  };
}

/** One race is running; another waits for its start. */
async function openRaces(stage: Stage): Promise<void> {
  const { hosts, crowd, channels, allowed } = trackOf(stage);
  const [first = "", , approved = ""] = hosts;
  for (const [index, user] of [first, approved].entries()) {
    const options = { name: `Race ${index}`, seats: 3 };
    const channelId = channels[index] ?? "";
    const use = { user, channelId, name: "race lobby", options };
    await stage.discord.client.command(stage.endpoint, use);
  }
  await stage.settle();
  const lobbies = await storedLobbies(stage);
  const [one, other] = lobbies;
  if (!one || !other) throw new Error("A lobby was refused.");
  for (const [index, user] of crowd.entries()) {
    await pressOn(stage, index < 3 ? one : other, { button: "join", user });
  }
  await stage.settle();
  allowed.add(`start ${one.id}`);
  await commandOn(stage, one, { name: "start", user: one.hostId });
  await stage.settle();
  const [started] = await storedLobbies(stage);
  if (started?.state !== "racing") throw new Error("The race did not start.");
}
