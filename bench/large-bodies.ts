import { fork } from "node:child_process";
import { once } from "node:events";
import { buildFunction } from "../tools/build/build-function.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../tools/build/function-process.ts";
import { functionSettings } from "./function-settings.ts";
import { inRounds, median, ratioOf, type Say } from "./ratio.ts";
import { ping } from "./signed-requests.ts";

const ROUNDS = 5;
const PINGS = 200;

/**
 * Measures how long a legitimate request waits beside large bodies that a stranger sends without a pause. The
 * stranger's process takes processor time of its own on this machine, as it never does in production: so the
 * large bodies are compared with as many small requests, sent as often.
 */
export async function benchLargeBodies(say: Say): Promise<void> {
  say("Bundling…");
  await buildFunction("discord-interactions");
  const server = await spawnFunction("discord-interactions", functionSettings);
  try {
    await firstAnswer(server, ping);
    say(`${PINGS} PINGs one after the other: alone, beside 20 small and beside 20 large bodies…`);
    const used: Record<"small" | "large", number[]> = { small: [], large: [] };
    const times = await inRounds(ROUNDS, {
      alone: () => answerMs(server),
      small: () => beside(server, "small", used.small),
      large: () => beside(server, "large", used.large),
    });
    say(`  alone               ${median(times.alone).toFixed(2)} ms`);
    say(`  beside small bodies ${median(times.small).toFixed(2)} ms`);
    say(`  beside large bodies ${median(times.large).toFixed(2)} ms`);
    say(`  large against small ${ratioOf(times.large, times.small).toFixed(2)}`);
    say(
      `  the function's own processor time, large against small ${ratioOf(used.large, used.small).toFixed(2)}`,
    );
    say(`  most memory ever ${server.peakMemoryMiB()?.toFixed(0)} MiB`);
  } finally {
    await server.stop();
  }
}

/** Notes in `used` what share of the elapsed time the function's processor was busy. */
async function beside(
  server: FunctionProcess,
  size: "small" | "large",
  used: number[],
): Promise<number> {
  const stranger = fork(new URL("./large-bodies-process.ts", import.meta.url), [server.url, size]);
  try {
    await once(stranger, "message");
    const startedMs = performance.now();
    const processorMs = server.processorMs() ?? Number.NaN;
    const answer = await answerMs(server);
    used.push(
      ((server.processorMs() ?? Number.NaN) - processorMs) / (performance.now() - startedMs),
    );
    return answer;
  } finally {
    stranger.kill();
  }
}

/** The middle time until an answer. */
async function answerMs(server: FunctionProcess): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < PINGS; count += 1) {
    const startedMs = performance.now();
    const response = await fetch(server.url, ping);
    await response.arrayBuffer();
    times.push(performance.now() - startedMs);
  }
  return median(times);
}
