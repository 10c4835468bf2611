import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startControl } from "../../local/control/control.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import type { HttpService } from "../../local/kit/http/listen.ts";
import { startTwitch, type TwitchSimulator } from "../../local/twitch/index.ts";
import { environment } from "../../shared/runtime/config.ts";
import { community, startTestCloud, type TestCloud } from "../support/cloud.ts";

const CLIENT_ID = "the-persons-application";
const LOGIN = "keyboards_by_ada";
const TWITCH_ID = "4711";
/** The person who runs the bridge; their own channel is not bridged. */
const PERSON_ID = "4712";
const BUILDER = "builders/100000000000004711";

let cloud: TestCloud;
let control: HttpService;
/** Acts as the real Twitch, separate from the local cloud's simulator. */
let real: TwitchSimulator;
let realClock: LocalClock;
let folder: string;
let bridge: Bridge | undefined;

beforeAll(async () => {
  cloud = await startTestCloud({ onSockets: true });
  control = await startControl({ ...cloud, save: () => undefined });
  realClock = new LocalClock();
  real = await startTwitch({
    clock: realClock,
    faults: new FaultPlan(),
    clientId: CLIENT_ID,
    clientSecret: "no-secret-of-ours",
    deviceIntervalSeconds: 0.1,
  });
  real.addUser({ id: TWITCH_ID, login: LOGIN, displayName: "Ada" });
  real.addUser({ id: PERSON_ID, login: "somebody" });
  await cloud.firestore.doc(BUILDER).set({ twitch_user_id: TWITCH_ID, twitch_username: LOGIN });
  folder = mkdtempSync(join(tmpdir(), "c500-bridge-"));
  mkdirSync(join(folder, ".local"));
});
afterEach(() => bridge?.stop());
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([real.stop(), control.stop()]);
  realClock.stop();
  await cloud.stop();
});

/** Writes the file that `./dev up` writes. */
function writeEndpoints(): void {
  const endpoints = {
    control: control.url,
    functions: { "twitch-webhook": cloud.url("twitch-webhook") },
    services: { twitchApi: cloud.settings.TWITCH_API_BASE_URL },
    settings: cloud.settings,
  };
  writeFileSync(join(folder, ".local/endpoints.json"), JSON.stringify(endpoints));
}

interface Bridge {
  /** Resolves with the next line that contains the text, after the last line that was read. */
  line(text: string): Promise<string>;
  lines(): readonly string[];
  /** Stops it as Ctrl+C does; returns its exit code. */
  stop(): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

/** Starts the bridge in the folder, as a person does. */
function startBridge(...channels: readonly string[]): Bridge {
  const script = resolve("tools/bridge/index.ts");
  const child: ChildProcess = spawn(process.execPath, ["--no-warnings", script, ...channels], {
    cwd: folder,
    env: {
      NODE_COMPILE_CACHE: environment["NODE_COMPILE_CACHE"],
      TWITCH_CLIENT_ID: CLIENT_ID,
      TWITCH_API_BASE_URL: `${real.url}/helix`,
      TWITCH_AUTH_BASE_URL: `${real.url}/oauth2`,
      TWITCH_EVENTSUB_SOCKET_URL: `${real.url.replace("http", "ws")}/ws`,
    },
  });
  let text = "";
  let read = 0;
  const waiting = new Set<() => void>();
  const more = (chunk: Buffer) => {
    text += String(chunk);
    for (const look of waiting) look();
  };
  child.stdout?.on("data", more);
  child.stderr?.on("data", more);
  const lines = () => text.split("\n").slice(0, -1);
  const ended = new Promise<number | null>((done) => child.once("close", done));
  return {
    lines,
    ended,
    line: (wanted) =>
      new Promise((found, lost) => {
        const look = () => {
          const index = lines().findIndex((line, at) => at >= read && line.includes(wanted));
          if (index < 0) return;
          waiting.delete(look);
          read = index + 1;
          found(lines()[index] ?? "");
        };
        waiting.add(look);
        ended.then(() => lost(new Error(`The bridge ended without "${wanted}":\n${text}`)));
        look();
      }),
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}

/** A bridge that is listening; for the first one, the person allows the application. */
async function listening(): Promise<Bridge> {
  writeEndpoints();
  bridge = startBridge(LOGIN);
  const started = bridge;
  if (real.sockets.messageIds().length === 0 && !hasToken()) await allow(started);
  await started.line(`Listening to stream.online of ${LOGIN}`);
  await started.line(`Listening to stream.offline of ${LOGIN}`);
  return started;
}

async function allow(started: Bridge): Promise<void> {
  const page = await started.line("Open ");
  const code = new URL(page.replace("Open ", "")).searchParams.get("device-code") ?? "";
  expect(await started.line("allow the application")).toContain(code);
  real.approveDevice(code, "somebody");
}

const tokenFile = () => join(folder, ".local/twitch-token.json");
function hasToken(): boolean {
  return statSync(tokenFile(), { throwIfNoEntry: false }) !== undefined;
}

async function status() {
  await cloud.settle();
  return (await cloud.firestore.doc(BUILDER).get()).data();
}

/** The line that is printed once the local webhook has accepted an event. */
const delivered = (type: string) => `${type} of ${LOGIN}: delivered, answered 204`;

describe("the bridge", () => {
  test("forwards a stream's start and end to the local cloud, and stores the token readable by its owner only", async () => {
    const started = await listening();
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    const stream = real.goLive(LOGIN);
    await started.line(delivered("stream.online"));
    expect(await status()).toMatchObject({ is_live: true, live_stream_id: stream.id });
    real.endStream(LOGIN);
    await started.line(delivered("stream.offline"));
    expect(await status()).toMatchObject({ is_live: false });
    expect(await started.stop()).toBe(0);
    expect(started.lines().at(-1)).toBe("Stopped.");
  });

  test("adds the channel to the Twitch simulator, so that its owner can register with it", async () => {
    await listening();
    expect(cloud.twitch.goLive(LOGIN).user.id).toBe(TWITCH_ID);
    cloud.twitch.endStream(LOGIN);
  });

  test("delivers each event once, and loses none when Twitch asks it to reconnect", async () => {
    const started = await listening();
    real.goLive(LOGIN);
    await started.line(delivered("stream.online"));
    const channel = await status();
    expect(real.sockets.repeat(real.sockets.messageIds().at(-1) ?? "")).toBe(true);
    real.sockets.askToReconnect();
    await started.line("Reconnected");
    real.endStream(LOGIN);
    await started.line(delivered("stream.offline"));
    const online = started.lines().filter((line) => line === delivered("stream.online"));
    expect(online).toHaveLength(1);
    expect(await status()).toMatchObject({ is_live: false });
    expect(channel).toMatchObject({ is_live: true });
  });

  test("after a lost connection, forwards what happened meanwhile", async () => {
    const started = await listening();
    real.goLive(LOGIN);
    await started.line(delivered("stream.online"));
    real.sockets.cut();
    real.endStream(LOGIN);
    await started.line("was lost");
    await started.line(delivered("stream.offline"));
    expect(await status()).toMatchObject({ is_live: false });
  });

  test("renews an expired token without asking the person", async () => {
    real.invalidateTokens();
    const before = readFileSync(tokenFile(), "utf8");
    const started = await listening();
    expect(started.lines().join()).not.toContain("Open ");
    expect(readFileSync(tokenFile(), "utf8")).not.toBe(before);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
  });

  test("a revocation is reported to the person and, through the local cloud, to the operators", async () => {
    const started = await listening();
    const online = real.sockets.of(PERSON_ID).filter(({ type }) => type === "stream.online");
    real.revoke(online.at(-1)?.id ?? "", "user_removed");
    await started.line("user_removed");
    await started.line("revocation of stream.online");
    await cloud.settle();
    const notices = cloud.discord
      .messages(community.operatorsChannelId)
      .filter(({ embeds }) => embeds[0]?.description?.includes(`Twitch user ${TWITCH_ID}`));
    expect(notices).toHaveLength(1);
  });
});

describe("the bridge explains what is wrong", () => {
  test("when there is no such channel", async () => {
    writeEndpoints();
    bridge = startBridge("nobody_has_this");
    expect(await bridge.ended).toBe(1);
    expect(bridge.lines()).toEqual(["There is no channel nobody_has_this on Twitch."]);
  });

  test("when ./dev up is not running in the folder", async () => {
    rmSync(join(folder, ".local/endpoints.json"), { force: true });
    bridge = startBridge(LOGIN);
    expect(await bridge.ended).toBe(1);
    expect(bridge.lines()[0]).toContain("./dev up");
  });

  test("when no channel is named", async () => {
    bridge = startBridge();
    expect(await bridge.ended).toBe(2);
    expect(bridge.lines()[0]).toContain("Name a channel.");
  });
});
