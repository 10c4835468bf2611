import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startControl } from "../../local/control.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import type { HttpService } from "../../local/kit/http.ts";
import { startTwitch, type TwitchSimulator } from "../../local/twitch/index.ts";
import { environment } from "../../shared/runtime/config.ts";
import { community, startTestCloud, type TestCloud } from "../support/cloud.ts";

const CLIENT_ID = "the-persons-application";
const LOGIN = "keyboards_by_ada";
const TWITCH_ID = "4711";
/** Who runs the bridge, with a channel of their own that is of no interest. */
const PERSON_ID = "4712";
const BUILDER = "builders/100000000000004711";

let cloud: TestCloud;
let control: HttpService;
/** Plays the real Twitch, of which the local cloud knows nothing. */
let real: TwitchSimulator;
let realClock: LocalClock;
let folder: string;
let bridge: Bridge | undefined;

beforeAll(async () => {
  cloud = await startTestCloud({ onSockets: true });
  control = await startControl({ ...cloud, page: () => "", save: () => undefined });
  realClock = new LocalClock();
  real = await startTwitch({
    ...{ clock: realClock, faults: new FaultPlan() },
    ...{ clientId: CLIENT_ID, clientSecret: "no-secret-of-ours" },
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

/** What `./dev up` writes down. */
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
  /** Resolves with the first line that has the text, once there is one after the last that was read. */
  line(text: string): Promise<string>;
  lines(): readonly string[];
  /** Ends it as Ctrl+C does; gives its exit code. */
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

/** A bridge that listens; the first one is allowed by the person. */
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

/** The local webhook's answer to what the bridge handed over. */
const handedOver = (type: string) => `${type} of ${LOGIN}: handed over, answered 204`;

describe("the bridge", () => {
  test("brings a stream's beginning and end to the local cloud, and keeps the token for its person alone", async () => {
    const started = await listening();
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    const stream = real.goLive(LOGIN);
    await started.line(handedOver("stream.online"));
    expect(await status()).toMatchObject({ is_live: true, live_stream_id: stream.id });
    real.endStream(LOGIN);
    await started.line(handedOver("stream.offline"));
    expect(await status()).toMatchObject({ is_live: false });
    expect(await started.stop()).toBe(0);
    expect(started.lines().at(-1)).toBe("Stopped.");
  });

  test("makes the channel known to the local Twitch, so that its owner can register with it", async () => {
    await listening();
    expect(cloud.twitch.goLive(LOGIN).user.id).toBe(TWITCH_ID);
    cloud.twitch.endStream(LOGIN);
  });

  test("brings nothing twice, and loses nothing when Twitch asks it to connect anew", async () => {
    const started = await listening();
    real.goLive(LOGIN);
    await started.line(handedOver("stream.online"));
    const told = await status();
    expect(real.sockets.repeat(real.sockets.messageIds().at(-1) ?? "")).toBe(true);
    real.sockets.askToReconnect();
    await started.line("Connected anew");
    real.endStream(LOGIN);
    await started.line(handedOver("stream.offline"));
    const online = started.lines().filter((line) => line === handedOver("stream.online"));
    expect(online).toHaveLength(1);
    expect(await status()).toMatchObject({ is_live: false });
    expect(told).toMatchObject({ is_live: true });
  });

  test("after a lost connection it tells what happened meanwhile", async () => {
    const started = await listening();
    real.goLive(LOGIN);
    await started.line(handedOver("stream.online"));
    real.sockets.cut();
    real.endStream(LOGIN);
    await started.line("was lost");
    await started.line(handedOver("stream.offline"));
    expect(await status()).toMatchObject({ is_live: false });
  });

  test("renews a token that has ended, without asking the person", async () => {
    real.invalidateTokens();
    const before = readFileSync(tokenFile(), "utf8");
    const started = await listening();
    expect(started.lines().join()).not.toContain("Open ");
    expect(readFileSync(tokenFile(), "utf8")).not.toBe(before);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
  });

  test("a revocation is told to the person and, through the local cloud, to the operators", async () => {
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

describe("the bridge says what is wrong", () => {
  test("when there is no such channel", async () => {
    writeEndpoints();
    bridge = startBridge("nobody_has_this");
    expect(await bridge.ended).toBe(1);
    expect(bridge.lines()).toEqual(["There is no channel nobody_has_this on Twitch."]);
  });

  test("when ./dev up does not run here", async () => {
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
