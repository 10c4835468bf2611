import { beforeEach } from "@jest/globals";
import { cloud } from "../auction-house.ts";

const QUARTER_MS = 15 * 60_000;
const LONGEST_TEST_MS = 6 * 60_000;

/** The sweeper runs every 15 minutes. */
const leftMs = () => QUARTER_MS - (cloud.clock.nowMs() % QUARTER_MS);

/**
 * Lets the sweeper run. Time is frozen while it works: a jump of the clock would exceed its five minutes.
 */
export async function nextSweep(): Promise<void> {
  await cloud.clock.advance(leftMs());
  await cloud.settle();
}

/** Keeps the sweeper from running during a test unless the test lets it: its own repairs are tested elsewhere. */
export function useTimeBeforeSweeps(): void {
  beforeEach(async () => {
    if (leftMs() < LONGEST_TEST_MS) await nextSweep();
  });
}
