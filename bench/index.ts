import { readTyped } from "../tools/cli/command-line.ts";
import { BENCHES, devCommand } from "../tools/cli/commands.ts";
import { benchAuction } from "./auction.ts";
import { benchBuyNow } from "./buy-now.ts";
import { sayEvenings } from "./evening-cost.ts";
import { benchInteractions } from "./interactions.ts";
import { benchLargeBodies } from "./large-bodies.ts";
import { benchRace } from "./race.ts";
import type { Say } from "./ratio.ts";

const parts: Readonly<Record<(typeof BENCHES)[number], (say: Say) => Promise<void>>> = {
  interactions: benchInteractions,
  "buy-now": benchBuyNow,
  auction: benchAuction,
  race: benchRace,
  bodies: benchLargeBodies,
  costs: sayEvenings,
};

const say = (line: string) => process.stdout.write(`${line}\n`);

const { words } = readTyped(devCommand("bench"), process.argv.slice(2));
for (const name of BENCHES) {
  if (words.length === 0 || words.includes(name)) await parts[name](say);
}
