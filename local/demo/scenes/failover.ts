import type { AuctionRoom } from "../actors/auction-room.ts";
import { people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";

const BIDS_A_SECOND = 5;
const WAR_SECONDS = 6;
/** The board may be this far behind. */
const AIM_MS = 2000;
/** Recovery takes longer than a second, so the board reports that bidding is paused. */
const SLOW_RECORD_MS = 15_000;
const LOOKED_EVERY_MS = 20;

/** Bids arrive faster than Discord accepts edits, and the board keeps up. */
export async function playWar(
  { cloud: { clock, settle } }: Stage,
  timeline: Timeline,
  { bid, advance, shownBids }: AuctionRoom,
  audience: readonly string[],
): Promise<void> {
  timeline.scene(
    `A bidding war: ${BIDS_A_SECOND} bids a second, and Discord takes one edit a second`,
  );
  const before = shownBids();
  const acceptedAtMs: number[] = [];
  let oldestMs = 0;
  /** How long the first accepted bid that the board does not show has existed. */
  const behindMs = () => clock.nowMs() - (acceptedAtMs[shownBids() - before] ?? clock.nowMs());
  for (let index = 0; index < BIDS_A_SECOND * WAR_SECONDS; index += 1) {
    const text = await bid(audience[index] ?? "", 401 + index);
    if (text.startsWith("You lead")) acceptedAtMs.push(clock.nowMs());
    await clock.advance(1000 / BIDS_A_SECOND);
    await settle();
    oldestMs = Math.max(oldestMs, behindMs());
    if ((index + 1) % (2 * BIDS_A_SECOND) > 0) continue;
    const counted = before + acceptedAtMs.length;
    timeline.does("the board", `shows ${shownBids()} bids; ${counted} count`);
  }
  const count = BIDS_A_SECOND * WAR_SECONDS;
  timeline.expect(`all ${count} bids count`, acceptedAtMs.length === count);
  timeline.expect(
    `what the board showed was never more than two seconds old (${(oldestMs / 1000).toFixed(1)} s at the most)`,
    oldestMs <= AIM_MS,
  );
  await advance(3);
  timeline.expect("three seconds after the last bid it shows that", shownBids() === before + count);
  await timeline.skipEvents();
}

/** The machine with the newest bids fails; its replacement lacks the last two. */
export async function playFailover(
  { cloud, discord }: Stage,
  timeline: Timeline,
  { bids, advance, shows, reads, shownBids, auctionId }: AuctionRoom,
): Promise<void> {
  timeline.scene("Redis fails over and loses the last two bids");
  const kept = shownBids();
  await bids("dev", 450);
  await bids("eve", 460);
  timeline.does("Redis", "fails over to a machine without these two bids");
  await loseLastBids(cloud, auctionId, 2);
  const paused = await bids("finn", 470);
  timeline.expect("the next bidder reads that bidding pauses", paused.includes("pauses"));
  await timeline.skipEvents();
  // Every query is slow, so that recovery takes long enough for the board to report it, whatever else runs.
  const slow = { kind: "delay", ms: SLOW_RECORD_MS } as const;
  cloud.faults.add({ target: "firestore", operation: /RunQuery/, fault: slow });
  await cloud.clock.advance(1000);
  const isShown = await comesTrue(cloud.clock, () => shows("Bidding is paused"));
  if (isShown) timeline.does("the board", "shows: ⏸️ Bidding is paused for a moment.");
  timeline.expect("the board shows that bidding is paused", isShown);
  cloud.faults.clear();
  await advance(SLOW_RECORD_MS / 1000);
  await timeline.printEvents();
  timeline.expect(
    "a message says that bidding continues, and from which bid",
    reads("continues now") && reads(`Went back to bid ${kept}.`),
  );
  timeline.expect(`the board also shows: back to bid ${kept}`, shows(`Went back to bid ${kept}`));
  for (const who of ["dev", "eve"] as const) {
    const dm = discord.dms(people[who]).at(-1)?.content ?? "";
    timeline.expect(`${who} is notified that their bid is lost`, dm.includes("was lost"));
  }
  const isFinnNotified = discord
    .dms(people.finn)
    .some(({ content }) => content.includes("was lost"));
  timeline.expect("finn, whose bid never counted, is not", !isFinnNotified);
  await bids("finn", 470);
  await advance(2);
  await timeline.skipEvents();
  timeline.expect("bidding continues: finn leads", shows("$470.00") && shows(people.finn));
}

/**
 * Each key has its own leader: the leader of the list of bids fails, and its replica lags behind.
 */
async function loseLastBids({ upstash }: Stage["cloud"], auctionId: string, count: number) {
  const bids = `auction-bids:${auctionId}`;
  const newest = await upstash?.run("XREVRANGE", bids, "+", "-", "COUNT", String(count));
  const ids = (newest as readonly [string, unknown][]).map(([id]) => id);
  await upstash?.run("XDEL", bids, ...ids);
}

/** Checks repeatedly whether a condition is true, for as long as the record is slow. Time is not advanced meanwhile. */
async function comesTrue(clock: Stage["cloud"]["clock"], check: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < SLOW_RECORD_MS; waitedMs += LOOKED_EVERY_MS) {
    if (check()) return true;
    await clock.drive(clock.sleep(LOOKED_EVERY_MS));
  }
  return false;
}
