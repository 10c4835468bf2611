import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import type { UnreadableAuction } from "../../../../functions/auctions/store/auction-document.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { oneLine, table, utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, noIds } from "../../command.ts";
import { fromNow, phaseOf, priceOf } from "./facts.ts";
import { type Agreement, compareWithRedis, LOOKING } from "./with-redis.ts";

const TITLE_LENGTH = 30;
/** A task that is this late is still normal. */
const LATE_MS = 30_000;
const WELL: readonly Agreement["kind"][] = ["agrees", "ahead", "not-there"];

/** Lists every auction that is not over, and which of them need an operator. Reads only; works while Redis is down. */
export const listAuctions = defineCommand({
  name: "auction list",
  usage: "[--json]",
  does: `lists auctions that wait, run or are being settled, and whether Redis agrees with the record. Exit
           code 1 while one is past its end or lost`,
  options: { json: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    noIds(positionals);
    const { deps } = await context.open(LOOKING);
    const now = deps.clock.now();
    const found = [];
    for await (const auction of unended(deps)) {
      const agreement = await compareWithRedis(auction, deps);
      const isLate = auction.state === "live" && isPast(auction, now);
      found.push({ auction, agreement, needsYou: isLate || !WELL.includes(agreement.kind) });
    }
    const broken = await deps.auctions.unreadableOpen();
    if (values.json)
      say(
        JSON.stringify(
          [...found.map((each) => asJson(each, now)), ...broken.map(brokenAsJson)],
          null,
          2,
        ),
      );
    else {
      for (const { id, title = "Untitled" } of broken) {
        say(
          `${id} can't be read: ${oneLine(title, TITLE_LENGTH)}. ./dev ops auction cancel ends it.`,
        );
      }
      print(found, now, say);
    }
    const needsYou = broken.length > 0 || found.some((each) => each.needsYou);
    return needsYou ? exitCodes.needsYou : exitCodes.fine;
  },
});

interface Listed {
  readonly auction: Auction;
  readonly agreement: Agreement;
  readonly needsYou: boolean;
}

/** Running auctions first, the first to end before the others; then those in settlement; then those that have not begun. */
async function* unended({ auctions }: Pick<Deps, "auctions">): AsyncGenerator<Auction> {
  yield* auctions.byEnd();
  yield* auctions.unfinished("settling");
  yield* auctions.unfinished("planned");
}

function isPast({ endsAt }: Auction, now: Date): boolean {
  return endsAt !== undefined && endsAt.getTime() + LATE_MS <= now.getTime();
}

function print(found: readonly Listed[], now: Date, say: (line: string) => void): void {
  const rows = found.map(({ auction, agreement }) => {
    const { id, endsAt, standing, boards, title } = auction;
    const posted = boards.filter(({ messageId }) => messageId).length;
    return [
      id,
      phaseOf(auction, now),
      endsAt ? `${utc(endsAt)} (${fromNow(endsAt, now)})` : "-",
      priceOf(auction),
      standing?.leaderId ?? "-",
      String(standing?.bids ?? 0),
      `${posted}/${boards.length}`,
      agreement.summary,
      oneLine(title, TITLE_LENGTH),
    ];
  });
  const headings = ["id", "state", "ends", "price", "leader", "bids", "boards", "redis", "title"];
  if (rows.length > 0) {
    for (const line of table(headings, rows)) say(line);
    say("");
  }
  const open = found.filter(({ needsYou }) => needsYou).length;
  const all = found.length === 1 ? "1 auction" : `${found.length} auctions`;
  say(`${all}, ${open} ${open === 1 ? "needs" : "need"} you.`);
}

function asJson({ auction, agreement, needsYou }: Listed, now: Date) {
  const { id, title, builderId, currency, endsAt, standing, bidderCount, boards, claim } = auction;
  return {
    id,
    title,
    builderId,
    state: phaseOf(auction, now),
    endsAt,
    currency,
    price: standing?.price,
    leaderId: standing?.leaderId,
    bids: standing?.bids ?? 0,
    bidderCount,
    boards,
    claim,
    redis: agreement.kind,
    needsYou,
  };
}

function brokenAsJson({ id, title, builderId }: UnreadableAuction) {
  return { id, title, builderId, state: "unreadable", needsYou: true };
}
