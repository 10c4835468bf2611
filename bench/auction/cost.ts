import { manifest } from "../../functions/manifest.ts";
import { BILLING_STEP_MS, BOARD, COMMANDS_A_BID, PRICE } from "../costs/prices.ts";
import type { Print } from "../ratio.ts";
import type { Throughput } from "./throughput.ts";

const BIDS = 1_000_000;

/** Prices that come from third parties instead of the provider's own page. */
const THIRD_PARTY_PRICES = "memory and requests of Cloud Run, reads and writes of Firestore";

/** How many bids one run of the board's task records, and the billed function time per bid. */
interface Pace {
  readonly title: string;
  readonly bidsABoard: number;
  readonly functionMs: number;
}

/** Prints the cost of a million accepted bids at list prices, in storms and one by one. */
export function printCost(print: Print, { bidsPerSecond, processorMs }: Throughput): void {
  print("A million accepted bids on paper, at list prices without free tiers:");
  const busyMs = Math.max(1000 / bidsPerSecond, processorMs ?? 0);
  printPace(print, { title: "in storms, 100 bids a second", bidsABoard: 100, functionMs: busyMs });
  const alone = { bidsABoard: 1, functionMs: BILLING_STEP_MS };
  printPace(print, { title: "each alone, more than a second apart", ...alone });
  print(`  From third parties: ${THIRD_PARTY_PRICES}. Assumed: ${BOARD.ms} ms for a board.`);
}

function printPace(print: Print, { title, bidsABoard, functionMs }: Pace): void {
  const { memoryMiB, cpu } = manifest["discord-interactions"];
  const boards = BIDS / bidsABoard;
  const commands = BIDS * COMMANDS_A_BID + boards * BOARD.commands;
  const seconds = (BIDS * functionMs + boards * BOARD.ms) / 1000;
  const requests = BIDS + boards;
  const operations = boards * BOARD.taskOperations;
  const writes = BIDS + boards * BOARD.writes;
  const reads = boards * BOARD.reads;
  const perSecond = cpu * PRICE.vcpuSecond + (memoryMiB / 1024) * PRICE.gibibyteSecond;
  const lines: [what: string, dollars: number][] = [
    [`${count(commands)} Redis commands`, commands * PRICE.redisCommand],
    [
      `${functionMs.toFixed(2)} ms of a function for each bid, ${count(seconds)} s in all`,
      seconds * perSecond,
    ],
    [`${count(requests)} requests`, requests * PRICE.request],
    [`${count(operations)} operations of Cloud Tasks`, operations * PRICE.taskOperation],
    [
      `${count(writes)} writes and ${count(reads)} reads in Firestore`,
      writes * PRICE.firestoreWrite + reads * PRICE.firestoreRead,
    ],
  ];
  const total = lines.reduce((sum, [, dollars]) => sum + dollars, 0);
  print(`  ${title}: $${total.toFixed(2)}`);
  for (const [what, dollars] of lines) {
    print(`    ${what.padEnd(56)}${`$${dollars.toFixed(2)}`.padStart(9)}`);
  }
}

function count(value: number): string {
  return new Intl.NumberFormat("en-GB").format(Math.round(value));
}
