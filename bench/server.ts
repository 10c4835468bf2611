import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { environment } from "../local/kit/environment.ts";

const FRAMEWORK = "node_modules/@google-cloud/functions-framework/build/src/main.js";

/** A bundled function in a process of its own, under functions-framework's own command. */
export interface FunctionProcess {
  readonly url: string;
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
  return { url: `http://127.0.0.1:${port}`, stop: () => stopChild(child) };
}

/** Asks until the function answers; gives the answer's status. */
export async function firstAnswer(url: string, request: RequestInit): Promise<number> {
  for (;;) {
    try {
      const response = await fetch(url, request);
      await response.arrayBuffer();
      return response.status;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
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
