import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { environment } from "../local/kit/environment.ts";

const FRAMEWORK = "node_modules/@google-cloud/functions-framework/build/src/main.js";

const START_DEADLINE_MS = 30_000;
/** The unit of the times in `/proc`, on every Linux that Node runs on. */
const CLOCK_TICK_MS = 10;

/** A bundled function in a process of its own, under functions-framework's own command. */
export interface FunctionProcess {
  readonly url: string;
  /** The processor time it has used so far; undefined where the system does not tell. */
  processorMs(): number | undefined;
  stop(): Promise<void>;
}

/** Starts a bundled function; resolves at once, long before the function answers. */
export async function spawnFunction(
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<FunctionProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [FRAMEWORK, `--target=${name}`, `--source=dist/${name}`], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...environment, NODE_ENV: "production", ...settings, PORT: String(port) },
  });
  // Nothing outlives a bench that fails.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return {
    url: `http://127.0.0.1:${port}`,
    processorMs: () => processorMs(child),
    stop: () => stopChild(child),
  };
}

/** Asks until the function answers; gives the answer's status. Throws when it never does. */
export async function firstAnswer(url: string, request: RequestInit): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    try {
      const response = await fetch(url, request);
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      if (performance.now() - startedMs > START_DEADLINE_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function processorMs({ pid }: ChildProcess): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(afterName[11]) + Number(afterName[12])) * CLOCK_TICK_MS;
  } catch {
    return undefined;
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
