import { readTyped } from "../tools/cli/command-line.ts";
import { BENCHES, devCommand } from "../tools/cli/commands.ts";
import { benchAuction } from "./auction/index.ts";
import { benchLargeBodies } from "./bodies/index.ts";
import { benchBuyNow } from "./buy-now.ts";
import { printEvenings } from "./costs/evening-cost.ts";
import { benchInteractions } from "./interactions/index.ts";
import { benchRace } from "./race/index.ts";
import type { Print } from "./ratio.ts";
import { benchSale } from "./sale/index.ts";

const parts: Readonly<Record<(typeof BENCHES)[number], (print: Print) => Promise<void>>> = {
  interactions: benchInteractions,
  "buy-now": benchBuyNow,
  auction: benchAuction,
  race: benchRace,
  sale: benchSale,
  bodies: benchLargeBodies,
  costs: printEvenings,
};

const print = (line: string) => process.stdout.write(`${line}\n`);

const { words } = readTyped(devCommand("bench"), process.argv.slice(2));
for (const name of BENCHES) {
  if (words.length === 0 || words.includes(name)) await parts[name](print);
}
