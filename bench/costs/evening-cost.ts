import { manifest } from "../../functions/manifest.ts";
import type { Print } from "../ratio.ts";
import { BILLING_STEP_MS, BOARD, COMMANDS_A_BID, PRICE } from "./prices.ts";

/** An evening of three hours of auctions. */
interface Evening {
  readonly bids: number;
  readonly auctions: number;
  /** Auctions whose page is open at the same time. */
  readonly atOnce: number;
  /** Bids recorded by one run of the board's task, which runs at most once a second. */
  readonly bidsABoard: number;
  /** People who have a page open all evening. */
  readonly viewers: number;
}

const EVENINGS: readonly Evening[] = [
  { bids: 10, auctions: 1, atOnce: 1, bidsABoard: 1, viewers: 5 },
  { bids: 1_000, auctions: 10, atOnce: 2, bidsABoard: 2, viewers: 50 },
  { bids: 100_000, auctions: 100, atOnce: 10, bidsABoard: 10, viewers: 500 },
];
const EVENING_SECONDS = 3 * 3600;
const MONTH_SECONDS = 30 * 24 * 3600;
const GIBIBYTE = 1024 ** 3;

/**
 * Assumed, not measured: opening, hammer, winner's Checkout Session, payment and release, including
 * retries.
 */
const AUCTION = {
  commands: 40,
  taskOperations: 24,
  reads: 60,
  writes: 30,
  ms: 10_000,
  messages: 8,
};
/** Half of all bids notify the outbid bidder: a DM, its record, and the finished notice. */
const OUTBID_NOTICE = { share: 0.5, reads: 2, writes: 3 };
/** Each accepted bid is checked against the record, by its own task unless bids arrive together. */
const LOOK = { taskOperations: 2, reads: 2 };
/** The CDN fetches a page from the function once a second, however many people view it. */
const PAGE = { reads: 2, bytes: 1024 };
const LOG_BYTES_A_CALL = 2048;
/** Pub/Sub bills at least one kilobyte, both on publishing and on delivery. */
const MESSAGE_BYTES = 2 * 2048;
/** Including its indexes. */
const STORED_BYTES_A_BID = 3072;
/** Seven daily and fourteen weekly backups. */
const BACKUPS = 7 + 14;

/** Prints the cost of evenings, and of a month without activity. */
export async function printEvenings(print: Print): Promise<void> {
  print("An evening of bids at list prices without free tiers, in dollars:\n");
  for (const line of eveningTable()) print(line);
  print(`\nA month of the minimum instance: $${minInstanceCost().toFixed(2)}.`);
}

/** The lines of the table in `docs/costs.md`. */
export function eveningTable(): string[] {
  const columns = EVENINGS.map(linesOf);
  const names = columns[0]?.map(([name]) => name) ?? [];
  const rows = names.map((name, row) => [
    name,
    ...columns.map((column) => dollars(column[row]?.[1] ?? 0)),
  ]);
  const totals = columns.map((column) => dollars(column.reduce((sum, [, each]) => sum + each, 0)));
  const heading = ["", ...EVENINGS.map(({ bids }) => `${count(bids)} bids`)];
  return markdown([heading, ...rows, ["**together**", ...totals.map((each) => `**${each}**`)]]);
}

/** The monthly cost of the idle minimum instance that answers Discord. */
export function minInstanceCost(): number {
  const { cpu, memoryMiB, minInstances } = manifest["discord-interactions"];
  const memory = (memoryMiB / 1024) * PRICE.gibibyteSecond;
  return minInstances * MONTH_SECONDS * (cpu * PRICE.idleVcpuSecond + memory);
}

function linesOf(evening: Evening): [name: string, dollars: number][] {
  const { bids, auctions, atOnce, bidsABoard, viewers } = evening;
  const boards = bids / bidsABoard;
  const pages = atOnce * EVENING_SECONDS;
  const notified = bids * OUTBID_NOTICE.share;
  const { cpu, memoryMiB } = manifest["discord-interactions"];
  const perSecond = cpu * PRICE.vcpuSecond + (memoryMiB / 1024) * PRICE.gibibyteSecond;
  const ms = (2 * bids + pages) * BILLING_STEP_MS + boards * BOARD.ms + auctions * AUCTION.ms;
  const calls = 2 * bids + pages + boards + auctions * (AUCTION.taskOperations + AUCTION.messages);
  const commands = bids * COMMANDS_A_BID + boards * BOARD.commands + auctions * AUCTION.commands;
  const operations =
    bids * LOOK.taskOperations + boards * BOARD.taskOperations + auctions * AUCTION.taskOperations;
  const writes =
    bids + boards * BOARD.writes + notified * OUTBID_NOTICE.writes + auctions * AUCTION.writes;
  const reads =
    bids * LOOK.reads +
    boards * BOARD.reads +
    notified * OUTBID_NOTICE.reads +
    pages * PAGE.reads +
    auctions * AUCTION.reads;
  const stored = (bids * STORED_BYTES_A_BID) / GIBIBYTE;
  const perGibibyte = 2 * PRICE.firestoreGibibyte + BACKUPS * PRICE.firestoreBackupGibibyte;
  const sent = (viewers * EVENING_SECONDS * PAGE.bytes) / GIBIBYTE;
  const messages = (auctions * AUCTION.messages * MESSAGE_BYTES) / GIBIBYTE;
  return [
    ["Redis commands", commands * PRICE.redisCommand],
    ["functions' time", (ms / 1000) * perSecond],
    ["functions' requests", calls * PRICE.request],
    ["Cloud Tasks", operations * PRICE.taskOperation],
    ["Firestore, writes", writes * PRICE.firestoreWrite],
    ["Firestore, reads", reads * PRICE.firestoreRead],
    ["Firestore, a month of storage, recovery and backups", stored * perGibibyte],
    ["Pub/Sub", messages * PRICE.pubsubGibibyte],
    ["Hosting, what viewers are sent", sent * PRICE.hostingGibibyte],
    ["logs", ((calls * LOG_BYTES_A_CALL) / GIBIBYTE) * PRICE.logGibibyte],
  ];
}

function markdown(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const [heading = "", ...rest] = rows.map(
    (row) => `| ${row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(" | ")} |`,
  );
  const rule = widths.map((width, column) => `${"-".repeat(width - 1)}${column > 0 ? ":" : "-"}`);
  return [heading, `| ${rule.join(" | ")} |`, ...rest];
}

function pad(cell: string, width: number, column: number): string {
  return column > 0 ? cell.padStart(width) : cell.padEnd(width);
}

function dollars(value: number): string {
  return value > 0 && value < 0.0005 ? "<0.001" : value.toFixed(3);
}

function count(value: number): string {
  return new Intl.NumberFormat("en-GB").format(value);
}
