import { manifest } from "../functions/manifest.ts";
import type { Throughput } from "./auction-throughput.ts";
import { BILLING_STEP_MS, BOARD, COMMANDS_A_BID, PRICE } from "./prices.ts";
import type { Say } from "./ratio.ts";

const BIDS = 1_000_000;

/** Prices that were not read on the provider's own page but in what others say of it. */
const SECOND_HAND = "memory and requests of Cloud Run, reads and writes of Firestore";

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
  say(`  second-hand: ${SECOND_HAND}. Taken: ${BOARD.ms} ms for a board.`);
}

function sayPace(say: Say, { title, bidsABoard, functionMs }: Pace): void {
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
  say(`  ${title}: $${total.toFixed(2)}`);
  for (const [what, dollars] of lines) {
    say(`    ${what.padEnd(56)}${`$${dollars.toFixed(2)}`.padStart(9)}`);
  }
}

function count(value: number): string {
  return new Intl.NumberFormat("en-GB").format(Math.round(value));
}
