import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { type AuctionFields, bidders } from "../../support/auctions/auctions.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

const MANAGE_SERVER = "32";

/** What `useAuctionHouse` gives a test file: a separate cloud, whose Discord has no rate limits. */
export let cloud: TestCloud;
export let people: ReturnType<typeof shoppers>;
export let room: ReturnType<typeof bidders>;
/** A builder who is live. */
export let builder: string;
/** A staff member. */
export let staff: string;
let usual: AuctionFields;

/**
 * Opens an auction house for a test file, and starts each test without faults. `fields` are the defaults of its
 * auctions; `isRegistered` makes Discord enforce the commands' options.
 */
export function useAuctionHouse({
  fields = {},
  isRegistered = false,
}: {
  readonly fields?: AuctionFields;
  readonly isRegistered?: boolean;
} = {}): void {
  beforeAll(async () => {
    usual = fields;
    cloud = await startTestCloud({ rateLimits: false });
    people = shoppers(cloud);
    room = bidders(cloud, people);
    if (isRegistered) await room.registerCommands();
    builder = (await people.builder({ isLive: true })).id;
    staff = people.person({ permissions: MANAGE_SERVER });
  });
  afterAll(() => cloud.stop());
  beforeEach(async () => {
    cloud.faults.clear();
    await cloud.settle();
  });
}

/** A running auction of the builder's, with its board, in a separate channel. */
export async function auction(fields: AuctionFields = {}) {
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder, channelId, { ...usual, ...fields });
  await room.pass(2);
  return { channelId, id };
}

/** An auction as it is recorded. */
export const stored = (id: string) => room.stored(id);

/** When an auction ends, in milliseconds; 0 when it is not recorded. */
export const endOf = async (id: string) =>
  ((await stored(id))?.["ends_at"] as { toMillis(): number } | undefined)?.toMillis() ?? 0;
