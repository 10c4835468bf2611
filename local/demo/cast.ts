import { Firestore as GoogleFirestore } from "@google-cloud/firestore";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import type { Firestore } from "../../shared/ports/database.ts";
import type { Cloud } from "../cloud/cloud.ts";
import type { DiscordSimulator } from "../discord/index.ts";
import type { BuyerEntry } from "../stripe/actions/buyers.ts";
import type { StripeSimulator } from "../stripe/index.ts";
import { recipientIn } from "../stripe/objects/addresses.ts";
import type { TwitchSimulator } from "../twitch/index.ts";

/** The running cloud with the simulators that the demo needs. */
export interface Stage {
  readonly cloud: Cloud;
  readonly discord: DiscordSimulator;
  readonly stripe: StripeSimulator;
  readonly twitch: TwitchSimulator;
  readonly firestore: Firestore;
  /** The functions' log lines. */
  readonly logLines: readonly string[];
}

/** The community's own settings. */
export const SETTINGS = { BUILDER_APPROVAL: "staff", TAX: "stripe" } as const;

/** The people of the demo: Discord user ids by name. */
export const people = {
  mina: "600000000000000001",
  otto: "600000000000000002",
  nora: "600000000000000003",
  ruth: "600000000000000011",
  sam: "600000000000000012",
  ada: "600000000000000021",
  ben: "600000000000000022",
  cleo: "600000000000000023",
  dev: "600000000000000024",
  eve: "600000000000000025",
  finn: "600000000000000026",
  gus: "600000000000000027",
  hana: "600000000000000028",
  ivo: "600000000000000029",
  june: "600000000000000030",
  pia: "600000000000000031",
  kai: "600000000000000032",
  lena: "600000000000000033",
  max: "600000000000000034",
  vera: "600000000000000041",
  lee: "600000000000000098",
  stranger: "600000000000000099",
} as const;

/** A channel in which only the team can post. */
export const NEWS_CHANNEL_ID = "500000000000000015";

/** Pia's channel, which Lee claimed before proof was required. */
export const PIAS_LOGIN = "pia_paints";

/** The stranger's own Twitch account. */
export const STRANGERS_LOGIN = "totally_real_shop";

export type Person = keyof typeof people;

/** Discord's permission by which Vera belongs to the team. */
const MANAGE_SERVER = "32";

/**
 * Ten people who press at the same moment. Who of them is fastest differs from run to run, so none of them pays for
 * anything else that could ship together with it.
 */
export const crowd = [
  "ada",
  "ben",
  "cleo",
  "dev",
  "eve",
  "gus",
  "june",
  "kai",
  "lena",
  "max",
] as const satisfies readonly Person[];

/** Adds people who watch the stream and bid. */
export function addAudience({ discord }: Stage, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${VIEWERS}${String(index + 1).padStart(5, "0")}`;
    discord.addUser({ id, username: viewerName(id) ?? id });
    return id;
  });
}

/** A viewer's name; undefined for anyone else. */
export function viewerName(userId: string): string | undefined {
  return userId.startsWith(VIEWERS) ? `viewer_${Number(userId.slice(VIEWERS.length))}` : undefined;
}

/** Prefix of the viewers' ids. */
const VIEWERS = "6100000000000";

/** Stored orders by id. */
export const orders = {
  cs_test_123: { builder_id: people.mina, buyer_id: people.ruth, title: "Cozy 65 in lavender" },
  cs_test_456: { builder_id: people.mina, buyer_id: people.sam, title: "Tofu 60, tape mod" },
  cs_test_789: { builder_id: people.otto, buyer_id: people.ruth, title: "Otto's split board" },
} as const;

/** What someone types at Checkout who lives in a country where the platform owes no tax. */
export function abroad(who: Person): BuyerEntry {
  return { shipping: recipientIn("NO", who) };
}

/** The people's Twitch accounts: ids by login. */
const twitchAccounts = {
  mina_makes: "9001",
  otto_builds: "9002",
  [PIAS_LOGIN]: "9003",
  [STRANGERS_LOGIN]: "9099",
} as const;

/**
 * Adds the people to Discord and their accounts to Twitch, and sets up taxes at Stripe. Everyone
 * who is there already only gets back their name, roles and settings.
 */
export function bringCast({
  discord,
  stripe,
  twitch,
}: Pick<Stage, "discord" | "stripe" | "twitch">): void {
  stripe.setUpTax();
  for (const [username, id] of Object.entries(people)) {
    const isStaff = username === "vera";
    discord.addUser({
      id,
      username,
      dmsClosed: username === "sam",
      ...(isStaff && { permissions: MANAGE_SERVER }),
    });
  }
  for (const [login, id] of Object.entries(twitchAccounts)) {
    twitch.addUser({ id, login, displayName: login });
  }
}

/** Brings the cast, and the stored data of earlier days. Mina registers during the demo. */
export async function seed(stage: Stage): Promise<void> {
  const { firestore } = stage;
  bringCast(stage);
  const batch = firestore.batch();
  batch.set(firestore.doc(`builders/${people.otto}`), {
    twitch_username: "otto_builds",
    standing: "approved",
  });
  batch.set(firestore.doc(`builders/${people.nora}`), {
    order_channel_id: null,
    standing: "approved",
  });
  batch.set(firestore.doc(`builders/${people.lee}`), { twitch_username: PIAS_LOGIN });
  for (const [id, order] of Object.entries(orders)) {
    const stored = { ...order, amount: 18500, plan: "held", fulfillment_status: "paid" };
    batch.set(firestore.doc(`orders/${id}`), stored);
  }
  await batch.commit();
}

/** A client of the functions' Firestore, over gRPC. */
export function openFirestore(cloud: Cloud): {
  readonly firestore: Firestore;
  readonly close: () => Promise<void>;
} {
  const google = new GoogleFirestore({ projectId: cloud.settings.GOOGLE_CLOUD_PROJECT ?? "" });
  return { firestore: adaptFirestore(google), close: () => google.terminate() };
}
