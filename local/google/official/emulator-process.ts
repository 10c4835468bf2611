import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/**
 * The shell becomes the emulator. A watcher beside it ends the emulator when its standard input
 * closes: on `stop`, and also when this process dies unexpectedly.
 */
const LAUNCH = `
exec 3<&0
(cat <&3; kill $$) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null`;

const START_DEADLINE_MS = 60_000;
const POLL_INTERVAL_MS = 100;
const STOP_DEADLINE_MS = 5_000;

/** A running emulator process. */
export interface EmulatorProcess {
  /** "127.0.0.1:PORT". */
  readonly host: string;
  stop(): Promise<void>;
}

/**
 * Starts an emulator on a free port and waits until it answers HTTP there, as Google's do on their
 * gRPC port. Throws with the end of its output when it exits first or takes longer than a minute.
 */
export async function startEmulator(
  name: string,
  command: readonly string[],
): Promise<EmulatorProcess> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const address = ["--host=127.0.0.1", `--port=${port}`];
  const child = spawn("sh", ["-c", LAUNCH, "sh", ...command, ...address], { stdio: "pipe" });
  const ended = once(child, "exit");
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4096);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);

  const stop = async () => {
    child.stdin.end();
    const killTimer = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(killTimer);
  };

  const startedMs = performance.now();
  while (!(await answers(host))) {
    if (hasEnded || performance.now() - startedMs > START_DEADLINE_MS) {
      await stop();
      throw new Error(`The ${name} emulator did not start:\n${output}`);
    }
    await delay(POLL_INTERVAL_MS);
  }
  return { host, stop };
}

async function answers(host: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(1_000);
    return (await fetch(`http://${host}/`, { signal })).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
