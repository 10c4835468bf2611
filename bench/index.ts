import { benchAuction } from "./auction.ts";
import { benchBuyNow } from "./buy-now.ts";
import { sayEvenings } from "./evening-cost.ts";
import { benchInteractions } from "./interactions.ts";
import { benchLargeBodies } from "./large-bodies.ts";
import { benchRace } from "./race.ts";

const parts = {
  interactions: benchInteractions,
  "buy-now": benchBuyNow,
  auction: benchAuction,
  race: benchRace,
  bodies: benchLargeBodies,
  costs: sayEvenings,
};

const say = (line: string) => process.stdout.write(`${line}\n`);

const [asked] = process.argv.slice(2);
const chosen = Object.entries(parts).filter(([name]) => asked === undefined || name === asked);
if (chosen.length === 0) {
  say(`There is no bench "${asked}": ${Object.keys(parts).join(", ")}, or none for all.`);
  process.exitCode = 1;
}
for (const [, bench] of chosen) await bench(say);
