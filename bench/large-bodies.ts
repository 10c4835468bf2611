import { fork } from "node:child_process";
import { once } from "node:events";
import { buildFunction } from "../tools/build/build-function.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../tools/build/function-process.ts";
import { functionSettings } from "./function-settings.ts";
import { inTurn, median, type Say } from "./ratio.ts";
import { ping } from "./signed-requests.ts";

const ROUNDS = 5;
const PINGS = 100;

/** Measures what an honest request waits beside large bodies that a stranger sends without a pause. */
export async function benchLargeBodies(say: Say): Promise<void> {
  say("Bundling…");
  await buildFunction("discord-interactions");
  const server = await spawnFunction("discord-interactions", functionSettings);
  try {
    await firstAnswer(server, ping);
    say(`${PINGS} PINGs one after the other, alone and beside 20 large bodies at once, in turn…`);
    const { ours, theirs, ratio } = await inTurn(
      ROUNDS,
      () => besideLargeBodies(server),
      () => answerMs(server),
    );
    say(`  alone               ${median(theirs).toFixed(2)} ms`);
    say(`  beside large bodies ${median(ours).toFixed(2)} ms`);
    say(`  ratio ${ratio.toFixed(2)}; most memory ever ${server.peakMemoryMiB()?.toFixed(0)} MiB`);
  } finally {
    await server.stop();
  }
}

async function besideLargeBodies(server: FunctionProcess): Promise<number> {
  const stranger = fork(new URL("./large-bodies-process.ts", import.meta.url), [server.url]);
  try {
    await once(stranger, "message");
    return await answerMs(server);
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
