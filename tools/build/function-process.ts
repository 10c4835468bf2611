import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment } from "../../local/kit/environment.ts";
import { PROJECT } from "./bundle.ts";
import { COMPILE_CACHE } from "./package-files.ts";

const FRAMEWORK = "node_modules/@google-cloud/functions-framework/build/src/main.js";

const START_DEADLINE_MS = 30_000;
/** Asking more often would take the processor from the function that starts. */
const POLL_MS = 10;
/** The unit of the times in `/proc`, on every Linux that Node runs on. */
const CLOCK_TICK_MS = 10;

/** A built function in a process of its own, under functions-framework's own command. */
export interface FunctionProcess {
  readonly name: string;
  readonly url: string;
  /** What it has written so far: the last characters of it. */
  output(maxCharacters?: number): string;
  /** Whether it has ended by itself. */
  hasEnded(): boolean;
  /** The processor time it has used so far; undefined where the system does not tell. */
  processorMs(): number | undefined;
  /** The most memory it has held at once so far, in MiB; undefined where the system does not report it. */
  peakMemoryMiB(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the built function of `dist/<name>/` with these settings and no others, whatever this
 * process was given; resolves at once, long before the function answers.
 */
export async function spawnFunction(
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<FunctionProcess> {
  const port = await freePort();
  // Into a file: the process that measures does not read along.
  const logFile = join(tmpdir(), `c500-${name}-${port}.log`);
  const log = openSync(logFile, "w");
  const child = spawn(process.execPath, [FRAMEWORK, `--target=${name}`, `--source=dist/${name}`], {
    cwd: PROJECT,
    stdio: ["ignore", log, log],
    env: {
      PATH: environment["PATH"],
      NODE_ENV: "production",
      ...compileCacheOf(name),
      ...settings,
      PORT: String(port),
    },
  });
  // It does not outlive a parent that failed.
  const end = () => {
    child.kill("SIGKILL");
    rmSync(logFile, { force: true });
  };
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  closeSync(log);
  const readLog = (maxCharacters = MAX_OUTPUT) =>
    readFileSync(logFile, "utf8").slice(-maxCharacters);
  let lastWords: string | undefined;
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    output: (maxCharacters) => lastWords ?? readLog(maxCharacters),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    processorMs: () => processorMs(child),
    peakMemoryMiB: () => peakMemoryMiB(child),
    stop: async () => {
      await stopChild(child);
      lastWords ??= readLog();
      rmSync(logFile, { force: true });
    },
  };
}

/** The cache that `fillCompileCache` has filled; without that none, as Node would fill it during the start. */
function compileCacheOf(name: string): Readonly<Record<string, string>> {
  const cache = join(PROJECT, "dist", name, COMPILE_CACHE);
  return existsSync(cache) ? { NODE_COMPILE_CACHE: cache } : {};
}

/** Does in `dist/<name>/` what Google's build does there. Throws when that fails. */
export function fillCompileCache(name: string): void {
  const env = { PATH: environment["PATH"] };
  const options = { cwd: join(PROJECT, "dist", name), env, encoding: "utf8" } as const;
  const { status, stderr } = spawnSync(process.execPath, ["compile-cache.js"], options);
  if (status !== 0) throw new Error(`The compile cache of ${name} was not filled:\n${stderr}`);
}

/** So many characters of what a function writes tell why it did not start. */
const MAX_OUTPUT = 4000;

/**
 * Asks until the function answers; gives the answer's status. Throws, with what the function wrote,
 * when it ends before or does not answer within `deadlineMs`.
 */
export async function firstAnswer(
  server: FunctionProcess,
  request: RequestInit,
  { path = "/", deadlineMs = START_DEADLINE_MS } = {},
): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const leftMs = Math.ceil(deadlineMs - (performance.now() - startedMs));
    if (server.hasEnded())
      throw new Error(`${server.name} ended at its start:\n${server.output()}`);
    if (leftMs <= 0) {
      const seconds = deadlineMs / 1000;
      throw new Error(`${server.name} gave no answer in ${seconds} s:\n${server.output()}`);
    }
    try {
      const signal = AbortSignal.timeout(leftMs);
      const response = await fetch(`${server.url}${path}`, { ...request, signal });
      await response.arrayBuffer();
      return response.status;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function processorMs({ pid }: ChildProcess): number | undefined {
  try {
    const stat = readFileSync(join("/proc", String(pid), "stat"), "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(afterName[11]) + Number(afterName[12])) * CLOCK_TICK_MS;
  } catch {
    return undefined;
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function peakMemoryMiB({ pid }: ChildProcess): number | undefined {
  try {
    const status = readFileSync(join("/proc", String(pid), "status"), "utf8");
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
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
