import { fork } from "node:child_process";
import { once } from "node:events";
import autocannon from "autocannon";
import { buildFunction } from "../../tools/build/build-function.ts";
import {
  fillCompileCache,
  firstAnswer,
  spawnFunction,
} from "../../tools/build/function-process.ts";
import { functionSettings } from "../function-settings.ts";
import { buildHellos, HELLO, HELLO_SIGNED } from "../hello.ts";
import { inRounds, inTurn, median, type Print, ratioOf } from "../ratio.ts";
import { liveCommands, ping, type SignedRequest } from "../signed-requests.ts";

const COLD_STARTS = 9;
const ROUNDS = 7;
const SECONDS_A_ROUND = 2;
const CONNECTIONS = 100;

/**
 * Measures how fast `discord-interactions` starts and answers, compared with plain
 * functions-framework.
 */
export async function benchInteractions(print: Print): Promise<void> {
  print("Bundling…");
  await Promise.all([buildFunction("discord-interactions"), buildHellos()]);
  // It is deployed with its compile cache; the framework's example has none.
  fillCompileCache("discord-interactions");
  const services = fork(new URL("./process.ts", import.meta.url));
  try {
    const [reached] = await once(services, "message");
    const settings = { ...functionSettings, ...(reached as Settings) };
    await benchColdStart(print, settings);
    await benchThroughput(print, settings);
  } finally {
    services.disconnect();
    await once(services, "exit");
  }
}

type Settings = Readonly<Record<string, string>>;

async function benchColdStart(print: Print, settings: Settings): Promise<void> {
  print(`Cold start to the first answer, ${COLD_STARTS} alternating starts each…`);
  const [command = ping] = liveCommands(1);
  const processorMs = { pong: [] as number[], hello: [] as number[] };
  const { pong, hello, deferred } = await inRounds(COLD_STARTS, {
    pong: () => coldStartMs("discord-interactions", settings, ping, processorMs.pong),
    hello: () => coldStartMs(HELLO, settings, ping, processorMs.hello),
    deferred: () => coldStartMs("discord-interactions", settings, command),
  });
  // Skips the first round, which only warms up.
  const [ours, theirs] = [processorMs.pong.slice(1), processorMs.hello.slice(1)];
  const row = (ms: readonly number[], ofProcessor: readonly number[]) =>
    `${median(ms).toFixed(0)} ms, ${median(ofProcessor).toFixed(0)} ms of processor time`;
  const ratios = `${ratioOf(pong, hello).toFixed(2)}, of processor time ${ratioOf(ours, theirs).toFixed(2)}`;
  print(`  discord-interactions, first PONG   ${row(pong, ours)}`);
  print(`  functions-framework hello world    ${row(hello, theirs)}`);
  print(`  ratio ${ratios} (aim: at most 1.3)`);
  print(
    `  first deferred /c500 live          ${median(deferred).toFixed(0)} ms (Discord waits 3000)`,
  );
}

async function coldStartMs(
  name: string,
  settings: Settings,
  request: SignedRequest,
  processorMs: number[] = [],
): Promise<number> {
  const startedMs = performance.now();
  const server = await spawnFunction(name, settings);
  const status = await firstAnswer(server, request);
  const elapsedMs = performance.now() - startedMs;
  processorMs.push(server.processorMs() ?? Number.NaN);
  await server.stop();
  if (status !== 200 || server.output().includes('"severity":"ERROR"')) {
    throw new Error(`${name} answered ${status}:\n${server.output()}`);
  }
  return elapsedMs;
}

async function benchThroughput(print: Print, settings: Settings): Promise<void> {
  const interactions = await spawnFunction("discord-interactions", settings);
  const hello = await spawnFunction(HELLO_SIGNED, settings);
  const commands = liveCommands(512);
  try {
    await Promise.all([interactions, hello].map((server) => firstAnswer(server, ping)));
    await firstAnswer(interactions, commands[0] ?? ping);
    await compare("PING", [ping], "at least 0.9");
    await compare("deferred /c500 live", commands, "at least 0.7");
  } finally {
    await Promise.all([interactions.stop(), hello.stop()]);
  }

  async function compare(title: string, requests: SignedRequest[], aim: string): Promise<void> {
    print(`${title}: ${ROUNDS} alternating rounds of ${SECONDS_A_ROUND} s…`);
    const { ours, theirs, ratio } = await inTurn(
      ROUNDS,
      () => requestsPerSecond(interactions.url, requests),
      () => requestsPerSecond(hello.url, requests),
    );
    print(`  discord-interactions                ${median(ours).toFixed(0)} requests/s`);
    print(`  hello world + the same check        ${median(theirs).toFixed(0)} requests/s`);
    print(`  ratio ${ratio.toFixed(2)} (aim: ${aim})`);
  }
}

async function requestsPerSecond(url: string, requests: SignedRequest[]): Promise<number> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS_A_ROUND,
    requests: requests as autocannon.Request[],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} bad answers and ${result.errors} errors from ${url}.`);
  }
  return result["2xx"] / result.duration;
}
