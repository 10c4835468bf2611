import { fork } from "node:child_process";
import { once } from "node:events";
import { buildFunction } from "../../tools/build/build-function.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../../tools/build/function-process.ts";
import { functionSettings } from "../function-settings.ts";
import { inRounds, median, type Print, ratioOf } from "../ratio.ts";
import { ping } from "../signed-requests.ts";

const ROUNDS = 5;
const PINGS = 200;

/**
 * Measures how long a legitimate request waits while a stranger sends large bodies continuously.
 * Unlike in production, the stranger's process uses processor time of this machine, so large bodies
 * are compared with small ones sent at the same rate.
 */
export async function benchLargeBodies(print: Print): Promise<void> {
  print("Bundling…");
  await buildFunction("discord-interactions");
  const server = await spawnFunction("discord-interactions", functionSettings);
  try {
    await firstAnswer(server, ping);
    print(
      `${PINGS} PINGs one after the other: alone, with 20 concurrent small bodies, with 20 large ones…`,
    );
    const used: Record<"small" | "large", number[]> = { small: [], large: [] };
    const times = await inRounds(ROUNDS, {
      alone: () => answerMs(server),
      small: () => beside(server, "small", used.small),
      large: () => beside(server, "large", used.large),
    });
    print(`  alone               ${median(times.alone).toFixed(2)} ms`);
    print(`  with small bodies ${median(times.small).toFixed(2)} ms`);
    print(`  with large bodies ${median(times.large).toFixed(2)} ms`);
    print(`  large / small ${ratioOf(times.large, times.small).toFixed(2)}`);
    print(
      `  the function's own processor time, large / small ${ratioOf(used.large, used.small).toFixed(2)}`,
    );
    print(`  peak memory ${server.peakMemoryMiB()?.toFixed(0)} MiB`);
  } finally {
    await server.stop();
  }
}

/** Records in `used` the share of the elapsed time during which the function used the processor. */
async function beside(
  server: FunctionProcess,
  size: "small" | "large",
  used: number[],
): Promise<number> {
  const stranger = fork(new URL("./process.ts", import.meta.url), [server.url, size]);
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

/** The median time to an answer. */
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
