import { describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { CodePool } from "../../../../local/functions/bundle.ts";
import { openFunctions } from "../../../../local/functions/index.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { Network } from "../../../../local/kit/http/network.ts";
import { useCloud } from "../../../support/cloud.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** How far the functions' clocks are behind the clock of Cloud Tasks. */
const BEHIND_MS = 200;

/** The clock of a machine that is behind. */
class ClockBehind extends LocalClock {
  readonly #right: LocalClock;

  constructor(right: LocalClock) {
    super();
    this.#right = right;
  }

  override nowMs(): number {
    return this.#right.nowMs() - BEHIND_MS;
  }

  override at(...[atMs, ...rest]: Parameters<LocalClock["at"]>): () => void {
    return this.#right.at(atMs + BEHIND_MS, ...rest);
  }
}

const network = new Network();
const right = new LocalClock({ frozenAtMs: Date.UTC(2026, 5, 1, 12) });
const behind = new ClockBehind(right);
const world = { clock: behind, fetch: network.fetch, random: Math.random };
const cloud = await useCloud({
  rateLimits: false,
  network,
  clock: right,
  openFunctions: (options) =>
    openFunctions({ ...options, clock: behind, code: new CodePool().take(world) }),
});
const lobbies = createLobbies(async () => cloud.firestore);
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();

/** Lets the clock run until it is this far into a second. */
const passTo = (msInSecond: number) =>
  cloud.pass((SECOND_MS + msInSecond - (right.nowMs() % SECOND_MS)) % SECOND_MS);

describe("a window that ends in a second in which its message was updated already", () => {
  test("is announced at once, even by an instance whose clock is behind", async () => {
    // The sweeper, which makes up for missed updates, does not run soon after the end.
    await cloud.pass(2 * MINUTE_MS);
    await passTo(700);
    const lobby = await track.racing();
    await track.pass(3);
    const fault = { kind: "delay", ms: 50 } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch window-close/, fault });
    const closesAtMs = (await lobbies.get(lobby.id))?.closesAt?.getTime() ?? 0;
    await cloud.pass(closesAtMs - right.nowMs() - 100);
    await track.sell(lobby, 10_000);
    await track.pass(5);
    expect(track.announced(lobby).at(-1)?.content).toContain("is over");
    expect(await track.stored(lobby)).toMatchObject({ state: "finished", is_board_due: false });
  });
});
