import { community } from "../../../local/cloud/community.ts";
import { addBuilder, addPerson, registerCommands, shipForNothing } from "../../people.ts";
import type { Scenario } from "../scenario.ts";
import { auctionActions } from "./actions.ts";
import type { AuctionLog } from "./auction-log.ts";
import { checkAuctionRest } from "./checks/rest.ts";
import { checkAuctionStep } from "./checks/step.ts";
import { watchRecord } from "./record-lags.ts";

const MANAGE_SERVER = "32";
const BIDDERS = 7;
/** Enough for twenty bids a second at one bid a second per person. */
const CROWD = 30;
const CHANNELS = 3;
const MINUTE_MS = 60_000;
const SHORT_GAPS_MS = [0, 5, 300, 1_000, 2_000, 5_000, 8_000, 20_000, 45_000, 90_000];

/** A builder who auctions one thing after another, and bidders. */
export const auction: Scenario = {
  name: "auction",
  actions: auctionActions,
  gapsMs: [...SHORT_GAPS_MS, ...SHORT_GAPS_MS, 10 * MINUTE_MS, 45 * MINUTE_MS],
  checkStep: checkAuctionStep,
  checkRest: checkAuctionRest,
  async prepare(stage) {
    const { cloud, discord, database, swarm } = stage;
    if (swarm.kinds.has("redis fails over")) cloud.upstash?.replica?.follow();
    if (swarm.kinds.has("clocks far off")) stage.faults.letClocksDrift();
    const builder = await addBuilder(stage, 1, "builder_one");
    await shipForNothing(stage, builder);
    const stored = await database.collection("builders").doc(builder).get();
    const channels = Array.from({ length: CHANNELS }, (_, index) => {
      const id = `60000000000000000${index}`;
      discord.addChannel({ id, guildId: community.guildId, name: `stage-${index}` });
      return id;
    });
    const silent = "300000000000000099";
    discord.addUser({ id: silent, username: "bidder_silent", dmsClosed: true });
    const staff = "300000000000000098";
    discord.addUser({ id: staff, username: "staff_one", permissions: MANAGE_SERVER });
    const log: AuctionLog = {
      builder,
      staff,
      channels,
      bids: [],
      losses: [],
      silences: [],
      controlUses: [],
      shown: [],
      claimPresses: [],
      seen: new Map(),
      replayed: new Map(),
      recordedAtMs: new Map(),
      watchedUntilMs: 0,
      looks: 0,
      crowd: Array.from({ length: CROWD }, (_, index) =>
        addPerson(stage, 100 + index, `crowd_${index}`),
      ),
      account: String(stored.get("stripe_account_id")),
      silent,
      bidders: [
        silent,
        ...Array.from({ length: BIDDERS }, (_, index) =>
          addPerson(stage, 10 + index, `bidder_${index}`),
        ),
      ],
    };
    stage.memory.set("auction log", log);
    watchRecord(stage, log.recordedAtMs);
    if (swarm.kinds.has("sellers and staff step in")) await registerCommands(stage);
    await discord.client.command(stage.endpoint, {
      user: builder,
      channelId: channels[0] ?? "",
      name: "c500 auction start",
      options: { title: "Brass C500", price: "20", duration: "1h" },
    });
    await stage.settle();
  },
};
