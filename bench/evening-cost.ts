import { manifest } from "../functions/manifest.ts";
import { BILLING_STEP_MS, BOARD, COMMANDS_A_BID, PRICE } from "./prices.ts";
import type { Say } from "./ratio.ts";

/** Three hours of auctions. */
interface Evening {
  readonly bids: number;
  readonly auctions: number;
  /** Auctions whose page is open at any time. */
  readonly atOnce: number;
  /** Bids that one run of the board's task records: it runs once a second at the most. */
  readonly bidsABoard: number;
  /** People who have a page open all the time. */
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

/** Taken, not measured: opening, the hammer, the winner's page, payment and release, with all retries. */
const AUCTION = {
  commands: 40,
  taskOperations: 24,
  reads: 60,
  writes: 30,
  ms: 10_000,
  messages: 8,
};
/** Half of all bids are told to whom they outbid: a DM, its record, the notice that is done. */
const TOLD = { share: 0.5, reads: 2, writes: 3 };
/** Each accepted bid is looked for in the record, by a task of its own where bids do not come together. */
const LOOK = { taskOperations: 2, reads: 2 };
/** A page is asked for once a second; the CDN asks us as often, however many look at it. */
const PAGE = { reads: 2, bytes: 1024 };
const LOG_BYTES_A_CALL = 2048;
/** Pub/Sub counts a kilobyte at the least, when a message comes in and when it goes out. */
const MESSAGE_BYTES = 2 * 2048;
/** With its indexes. */
const STORED_BYTES_A_BID = 3072;
/** Seven daily and fourteen weekly ones. */
const BACKUPS = 7 + 14;

/** What an evening comes to, and a month in which nothing happens. */
export async function sayEvenings(say: Say): Promise<void> {
  say("An evening of bids at list prices without free tiers, in dollars:\n");
  for (const line of eveningTable()) say(line);
  say(`\nA month of the one instance that is kept: $${keptInstance().toFixed(2)}.`);
}

/** The table of `docs/costs.md`, line by line. */
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

/** What the instance that answers Discord costs in a month while it waits. */
export function keptInstance(): number {
  const { cpu, memoryMiB, minInstances } = manifest["discord-interactions"];
  const memory = (memoryMiB / 1024) * PRICE.gibibyteSecond;
  return minInstances * MONTH_SECONDS * (cpu * PRICE.idleVcpuSecond + memory);
}

function linesOf(evening: Evening): [name: string, dollars: number][] {
  const { bids, auctions, atOnce, bidsABoard, viewers } = evening;
  const boards = bids / bidsABoard;
  const pages = atOnce * EVENING_SECONDS;
  const told = bids * TOLD.share;
  const { cpu, memoryMiB } = manifest["discord-interactions"];
  const perSecond = cpu * PRICE.vcpuSecond + (memoryMiB / 1024) * PRICE.gibibyteSecond;
  const ms = (2 * bids + pages) * BILLING_STEP_MS + boards * BOARD.ms + auctions * AUCTION.ms;
  const calls = 2 * bids + pages + boards + auctions * (AUCTION.taskOperations + AUCTION.messages);
  const commands = bids * COMMANDS_A_BID + boards * BOARD.commands + auctions * AUCTION.commands;
  const operations =
    bids * LOOK.taskOperations + boards * BOARD.taskOperations + auctions * AUCTION.taskOperations;
  const writes = bids + boards * BOARD.writes + told * TOLD.writes + auctions * AUCTION.writes;
  const reads =
    bids * LOOK.reads +
    boards * BOARD.reads +
    told * TOLD.reads +
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
