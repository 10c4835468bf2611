import { manifest } from "../functions/manifest.ts";
import type { Throughput } from "./auction-throughput.ts";
import type { Say } from "./ratio.ts";

const BIDS = 1_000_000;

/** Dollars at list price, without free tiers, in us-central1. */
const PRICE = {
  // https://upstash.com/pricing/redis
  redisCommand: 0.2 / 100_000,
  // https://cloud.google.com/run/pricing (request-based billing, tier 1)
  vcpuSecond: 0.000024,
  gibibyteSecond: 0.0000025,
  request: 0.4 / 1_000_000,
  // https://cloud.google.com/tasks/docs/pricing
  taskOperation: 0.4 / 1_000_000,
  // https://cloud.google.com/firestore/pricing
  firestoreWrite: 0.09 / 100_000,
  firestoreRead: 0.03 / 100_000,
} as const;
/** Prices that were not read on the provider's own page but in what others say of it. */
const SECOND_HAND = "memory and requests of Cloud Run, reads and writes of Firestore";

/** An instance is billed in steps of this. https://cloud.google.com/run/pricing */
const BILLING_STEP_MS = 100;
/** One bid is one EVALSHA. Upstash does not say that commands inside a script cost anything. */
const COMMANDS_A_BID = 1;
/** Of `showBoards`: its lock, the mark, twice how far bidding is, the bids, and what is shown. */
const COMMANDS_A_BOARD = 3 + 1 + 4 + 1 + 2;
/** Creating it and dispatching it. */
const TASK_OPERATIONS_A_BOARD = 2;
/** The auction, three times; the auction as it stands. The bids themselves are counted alone. */
const FIRESTORE_READS_A_BOARD = 3;
const FIRESTORE_WRITES_A_BOARD = 1;
/** Taken, not measured: Discord's edit is most of it. */
const BOARD_MS = 500;

/** Bids that one run of the board's task records, and how long the function is billed for each. */
interface Pace {
  readonly title: string;
  readonly bidsABoard: number;
  readonly functionMs: number;
}

/** What a million accepted bids come to at list prices, in a storm and one by one. */
export function sayCost(say: Say, { bidsPerSecond, processorMs }: Throughput): void {
  say("A million accepted bids on paper, at list prices without free tiers:");
  const busyMs = Math.max(1000 / bidsPerSecond, processorMs ?? 0);
  sayPace(say, { title: "in storms, 100 bids a second", bidsABoard: 100, functionMs: busyMs });
  const alone = { bidsABoard: 1, functionMs: BILLING_STEP_MS };
  sayPace(say, { title: "each alone, more than a second apart", ...alone });
  say(`  second-hand: ${SECOND_HAND}. Taken: ${BOARD_MS} ms for a board.`);
}

function sayPace(say: Say, { title, bidsABoard, functionMs }: Pace): void {
  const { memoryMiB, cpu } = manifest["discord-interactions"];
  const boards = BIDS / bidsABoard;
  const commands = BIDS * COMMANDS_A_BID + boards * COMMANDS_A_BOARD;
  const seconds = (BIDS * functionMs + boards * BOARD_MS) / 1000;
  const requests = BIDS + boards;
  const operations = boards * TASK_OPERATIONS_A_BOARD;
  const writes = BIDS + boards * FIRESTORE_WRITES_A_BOARD;
  const reads = boards * FIRESTORE_READS_A_BOARD;
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
  say(`  ${title}: $${total.toFixed(2)}`);
  for (const [what, dollars] of lines) {
    say(`    ${what.padEnd(56)}${`$${dollars.toFixed(2)}`.padStart(9)}`);
  }
}

function count(value: number): string {
  return new Intl.NumberFormat("en-GB").format(Math.round(value));
}
