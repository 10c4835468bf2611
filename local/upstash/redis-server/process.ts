import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The shell becomes redis-server. A watcher beside it ends redis-server when its standard input
 * closes (on `stop`, and also when this process dies unexpectedly) and then removes the folder.
 */
const LAUNCH = `
folder=$1
shift
exec 3<&0
(cat <&3; kill $$; rm -rf "$folder") >/dev/null 2>&1 &
exec redis-server "$@" 3<&- </dev/null`;

/** A redis-server process without a port, reachable through a socket in its own folder. */
export interface RedisProcess {
  readonly socketPath: string;
  stop(): Promise<void>;
}

/** Whether redis-server is on the PATH. */
export async function hasRedisServer(): Promise<boolean> {
  const probe = spawn("redis-server", ["--version"], { stdio: "ignore" });
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.once("exit", (code) => resolve(code === 0));
  });
}

/**
 * Starts an empty redis-server that stores nothing on disk, and waits until it accepts connections.
 */
export async function startRedisProcess(): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), "c500-redis-"));
  const socketPath = join(folder, "s");
  const settings = ["--port", "0", "--unixsocket", socketPath, "--dir", folder];
  settings.push("--save", "", "--appendonly", "no");
  const child = spawn("sh", ["-c", LAUNCH, "sh", folder, ...settings], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  let output = "";
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4096);
      if (/ready to accept connections/i.test(output)) resolve();
    });
  });
  const failed = ended.then(() => {
    child.stdin.end();
    throw new Error(`redis-server did not start:\n${output}`);
  });
  await Promise.race([ready, failed]);
  failed.catch(() => undefined);
  return {
    socketPath,
    stop: async () => {
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
