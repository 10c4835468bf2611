import { writeFile } from "node:fs/promises";
import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import { auditCsv, showsCeilings } from "../../../../functions/auctions/messages/audit-csv.ts";
import type { RecordedBid } from "../../../../functions/auctions/store/bids/recorded-bid.ts";
import { decimalOf } from "../../../../shared/money/money.ts";
import { table, utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, NeedsYouError, onlyId } from "../../command.ts";
import { auctionNamed } from "./with-redis.ts";

/** Prints the record of an auction's bids, and checks it. Reads only. */
export const auditAuction = defineCommand({
  name: "auction audit",
  usage: "ID [--csv FILE]",
  does: `prints every accepted bid of an auction and checks the record; --csv writes it to a file as well. The
           ceilings of a running auction stay secret`,
  options: { csv: { type: "string" } },

  async run({ values, positionals }, context, say) {
    const id = onlyId(positionals);
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const auction = await auctionNamed(id, deps);
    const bids = await deps.bids.all(id);
    if (values.csv !== undefined) {
      await writeNew(values.csv, auditCsv(auction, bids));
      say(`Wrote ${bids.length} bids to ${values.csv}; amounts are in the smallest unit.`);
    } else {
      for (const line of tableOf(auction, bids)) say(line);
    }
    const flaws = flawsOf(auction, bids);
    for (const flaw of flaws) say(`WRONG  ${flaw}`);
    say(flaws.length === 0 ? "The record is complete." : `${flaws.length} problems found.`);
    return flaws.length === 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});

/** Never overwrites an existing file. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const reason = (error as { code?: unknown }).code;
    throw new NeedsYouError(`${path} cannot be written as a new file (${reason}).`);
  }
}

function tableOf(auction: Auction, bids: readonly RecordedBid[]): string[] {
  const money = (amount: number) => decimalOf(amount, auction.currency);
  const isOpen = showsCeilings(auction);
  const rows = bids.map(({ sequence, at, kind, bidderId, amount, max, price, leaderId }) => [
    String(sequence),
    utc(at),
    kind,
    bidderId,
    isOpen || kind === "bid" ? money(amount) : "",
    isOpen && max !== undefined ? money(max) : "",
    money(price),
    leaderId,
  ]);
  const headings = [
    "number",
    "at",
    "kind",
    "bidder",
    "amount",
    "max",
    "price after",
    "leader after",
  ];
  return [`Amounts are in ${auction.currency}.`, ...table(headings, rows), ""];
}

/** What cannot occur in a record that was written as bids were decided. */
function flawsOf({ state, standing }: Auction, bids: readonly RecordedBid[]): string[] {
  const flaws = bids.flatMap((bid, index) => {
    const before = bids[index - 1];
    const problems: string[] = [];
    if (bid.sequence !== index + 1) problems.push(`is in position ${index + 1}`);
    if (before && bid.price < before.price) problems.push("lowers the price");
    if (before && bid.at < before.at) problems.push("was decided before the one before it");
    return problems.map((what) => `Bid ${bid.sequence} ${what}.`);
  });
  const last = bids.at(-1);
  if (last?.bidId !== standing?.bidId)
    flaws.push("The auction's standing is not from its last bid.");
  // A sale at the reserve may be above the last bid's price.
  if (last && standing && state === "live" && last.price !== standing.price) {
    flaws.push(`The auction's price is ${standing.price}, its last bid's ${last.price}.`);
  }
  return flaws;
}
