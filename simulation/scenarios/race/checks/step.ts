import type { Payout } from "../../../../functions/races/domain/payout.ts";
import { toPayout } from "../../../../functions/races/store/payouts/payout-document.ts";
import { snowflakeTimeMs } from "../../../../shared/discord/snowflake.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { checkPostings } from "../ledger-watch.ts";
import { checkLobbies } from "../lobby-watch.ts";
import { trackOf } from "../track.ts";

/** `MAX_MONEY_COMMAND_AGE_MS`, as in docs/invariants.md. */
const VALID_MS = 60_000;
const IDENTICAL_WITHIN_MS = 2 * 60_000;

/** L1, L2, L3, L4, L8, L12 and W4 of docs/invariants.md, and that attackers are granted nothing. */
export async function checkRaceStep(stage: Stage): Promise<void> {
  await checkPostings(stage);
  await checkLobbies(stage);
  await checkPayouts(stage);
  mustEqual("Liveness", "sweeps that did not end in time", trackOf(stage).overruns, []);
  mustEqual("G4", "what attackers were granted", trackOf(stage).breaches, []);
}

/** A payout, and when it was done or returned. */
export interface StoredPayout extends Payout {
  readonly finishedAtMs: number | undefined;
}

/** All stored payouts. */
export async function storedPayouts({ database }: Stage): Promise<StoredPayout[]> {
  const { docs } = await database.collection("payouts").get();
  return docs.map((each) => {
    const finishedAt = each.get("finished_at") as { toMillis(): number } | null | undefined;
    return { ...toPayout(each), finishedAtMs: finishedAt?.toMillis() };
  });
}

async function checkPayouts(stage: Stage): Promise<void> {
  const { staff, typed } = trackOf(stage);
  const payouts = await storedPayouts(stage);
  const paid = payouts.filter(({ state }) => state !== "returned");
  for (const { id, staffId, createdAt } of payouts) {
    mustHold("Access", staff.includes(staffId), () => `${staffId} made payout ${id}`);
    const lateMs = createdAt.getTime() - snowflakeTimeMs(id);
    mustHold("L12", lateMs <= VALID_MS, () => `payout ${id} was booked ${lateMs} ms late`);
  }
  for (const one of paid) {
    const what = whatOf(one.id);
    const twice = paid.find((other) => {
      const isSame = other.racerId === one.racerId && whatOf(other.id) === what;
      return (
        isSame && BigInt(other.id) > BigInt(one.id) && apartMs(one, other) < IDENTICAL_WITHIN_MS
      );
    });
    const found = () => `${what} was paid twice to ${one.racerId}, by ${one.id} and ${twice?.id}`;
    mustHold("L12", what === undefined || !twice, found);
  }

  function whatOf(payoutId: string): string | undefined {
    return typed.find(({ id }) => id === payoutId)?.what;
  }
}

function apartMs(one: Payout, other: Payout): number {
  return Math.abs(snowflakeTimeMs(one.id) - snowflakeTimeMs(other.id));
}
