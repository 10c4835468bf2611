import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** First Debian's Chromium without windows: to start it takes a third of the processor time, and pages take less too. */
const PLACES = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of an installed Chromium, if any. */
export function findChromium(): string | undefined {
  return PLACES.find((place) => existsSync(place));
}

/** The viewport of a page. */
export interface Look {
  readonly width: number;
  /** 800 by default. */
  readonly height?: number;
  readonly dark?: boolean;
  /** Dots of a picture for each pixel of the page; 1 by default. */
  readonly scale?: number;
  /** As it is printed. */
  readonly isPrinted?: boolean;
  /** The viewer's time zone; the machine's by default. */
  readonly timeZone?: string;
}

/** A rendered page. */
interface Seen {
  readonly url: string;
  /** The value of the evaluated expression. */
  readonly value: unknown;
  /** What the browser refused or reported, one line each. */
  readonly complaints: readonly string[];
}

/** Keys by their names, with what they type. https://developer.mozilla.org/docs/Web/API/UI_Events/Keyboard_event_key_values */
const KEYS = {
  Tab: { code: 9, text: "" },
  Enter: { code: 13, text: "\r" },
  Escape: { code: 27, text: "" },
  ArrowUp: { code: 38, text: "" },
  ArrowDown: { code: 40, text: "" },
} as const;
type Key = keyof typeof KEYS;

/** An open page that runs its scripts. */
export interface Tab {
  /** What the browser has reported so far. */
  readonly complaints: readonly string[];
  /** Evaluates an expression. Throws if it throws. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression is true; it is evaluated again on every change of the document. */
  until(condition: string): Promise<void>;
  /**
   * Clicks with the mouse on the element that an expression gives, as soon as it is there, enabled and not covered by
   * another one; again if it was not the element that was hit.
   */
  click(element: string): Promise<void>;
  /** Clicks on what leads to another page, and waits until that has loaded. */
  leaveByClick(element: string): Promise<void>;
  /** Types a text where the focus is. */
  type(text: string): Promise<void>;
  /** Presses a key. */
  press(key: Key): Promise<void>;
  /** Presses a key that leads to another page, and waits until that has loaded. */
  leaveBy(key: Key): Promise<void>;
  /** Shows the page in another viewport, without loading it again. */
  show(look: Look): Promise<void>;
  /** Goes to another page in the same tab. */
  goTo(url: string): Promise<void>;
  /** Reloads the page in the same tab. */
  reload(): Promise<void>;
  /** The page as PDF, in the paper sizes that it asks for. */
  printed(): Promise<Buffer>;
  /** A screenshot as PNG, once the typefaces in use have come. */
  picture(): Promise<Buffer>;
  close(): Promise<void>;
}

/** A running browser. */
export interface Browser {
  /** Opens a page. `firstScript`, if given, runs before the page's own scripts on every load. */
  open(url: string, look: Look, firstScript?: string): Promise<Tab>;
  /** Renders each page once without scripts, one after the other in the same tab. */
  look(urls: readonly string[], expression: string, look: Look): AsyncIterable<Seen>;
  stop(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** What costs a browser much processor time, and nobody sees or uses in one that is controlled by a program. */
const UNUSED_FEATURES = [
  "BackForwardCache",
  "SpareRendererForSitePerProcess",
  // A new frame for each page, at a third of what it costs to load a page.
  "RenderDocument",
  // Pages of the browser itself, in a process of their own.
  "PreloadTopChromeWebUI",
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
];

/**
 * Starts a headless browser, controlled over a pipe:
 * https://chromedevtools.github.io/devtools-protocol/
 */
export function startChromium(path: string): Browser {
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  const child = spawn(
    path,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--hide-scrollbars",
      "--disable-background-networking",
      "--disable-site-isolation-trials",
      "--no-startup-window",
      // Its window is as small as possible, which pages are not bound to.
      "--window-size=500,375",
      // No script runs for long enough to be worth optimizing.
      "--js-flags=--no-maglev,--no-turbofan",
      `--disable-features=${UNUSED_FEATURES.join()}`,
      "--remote-debugging-pipe",
      `--user-data-dir=${profile}`,
    ],
    // Debian's command is a script that starts the browser. A signal to a group of its own reaches both.
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], detached: true },
  );
  const targets = targetsOf(connect(child));
  return {
    look: async function* (urls, expression, look) {
      const { complaints, goTo, evaluate, close } = await openTab(targets, look, false);
      for (const url of urls) {
        await goTo(url);
        const value = await evaluate(expression);
        yield { url, value, complaints: complaints.splice(0) };
      }
      await close();
    },
    open: async (url, look, firstScript) => {
      const tab = await openTab(targets, look, true, firstScript);
      await tab.goTo(url);
      return tab;
    },
    stop: async () => {
      const isRunning = child.exitCode === null && child.signalCode === null;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      killGroup(child.pid);
      if (isRunning) await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Ends a process and all that it has started, before they store anything more. */
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // They have ended.
  }
}

const ENDED = "the browser has ended";
const BLANK = "about:blank";

type Connection = ReturnType<typeof connect>;

function connect(child: ChildProcess) {
  const [, , , input, output] = child.stdio;
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, (message: Message) => void>();
  let lastId = 0;
  let rest = "";
  let hasEnded = false;
  child.once("exit", () => {
    hasEnded = true;
    for (const [id, answer] of waiting) answer({ id, error: { message: ENDED } });
  });
  (input as Writable).on("error", () => undefined);
  (output as Readable).setEncoding("utf8").on("data", (chunk: string) => {
    const parts = `${rest}${chunk}`.split("\0");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      else if (message.sessionId) listeners.get(message.sessionId)?.(message);
    }
  });
  return {
    listeners,
    call: async (method: string, params: object = {}, sessionId?: string) => {
      if (hasEnded) throw new Error(`${method}: ${ENDED}`);
      const id = ++lastId;
      const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
      (input as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      const { result, error } = await answer;
      if (error) throw new Error(`${method}: ${error.message}`);
      return result ?? {};
    },
  };
}

/** What shows one page after the other. */
interface Target {
  call(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>;
  /** Receives the events of the page. */
  listen(listener: (message: Message) => void): void;
  close(): Promise<void>;
}

/**
 * Keeps the target of the last open tab for the next one: a new target costs more than most pages. With other tabs open,
 * a target is closed, which brings another one to the front.
 */
function targetsOf({ call, listeners }: Connection) {
  const open = new Set<Target>();
  const kept: Target[] = [];
  const create = async (): Promise<Target> => {
    const { targetId } = await call("Target.createTarget", { url: BLANK });
    const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
    const id = String(sessionId);
    const isOfBlankPage = blankPageCalls();
    await Promise.all(
      ["Page", "Runtime", "Log", "Audits", "Network"].map((d) => call(`${d}.enable`, {}, id)),
    );
    return {
      call: (method, params) => call(method, params, id),
      listen: (listener) => {
        listeners.set(id, (message) => {
          if (!isOfBlankPage(message)) listener(message);
        });
      },
      close: async () => {
        listeners.delete(id);
        await call("Target.closeTarget", { targetId });
      },
    };
  };
  return {
    take: async () => {
      const target = kept.pop() ?? (await create());
      open.add(target);
      return target;
    },
    /** `empty` makes a target as a new one is. */
    giveBack: async (target: Target, empty: () => Promise<void>) => {
      open.delete(target);
      if (open.size > 0) return target.close();
      await empty();
      kept.push(target);
    },
  };
}

interface OpenTab extends Tab {
  readonly complaints: string[];
}

async function openTab(
  targets: ReturnType<typeof targetsOf>,
  look: Look,
  hasScripts: boolean,
  firstScript?: string,
): Promise<OpenTab> {
  const target = await targets.take();
  const inTab = target.call;
  const complaints: string[] = [];
  let loading = Promise.withResolvers<void>();
  let isLeaving = false;
  target.listen(({ method, params }) => {
    if (method === "Page.loadEventFired") loading.resolve();
    // A page that is left stops what it still loads.
    if (isLeaving && params?.["canceled"] === true) return;
    const complaint = complaintIn(method, params);
    if (complaint) complaints.push(complaint);
  });
  const show = async ({ width, height = 800, dark, isPrinted, scale = 1, timeZone = "" }: Look) => {
    await inTab("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: scale,
      mobile: width < 600,
    });
    await inTab("Emulation.setEmulatedMedia", {
      media: isPrinted ? "print" : "",
      features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }],
    });
    await inTab("Emulation.setTimezoneOverride", { timezoneId: timeZone });
  };
  await show(look);
  await inTab("Emulation.setScriptExecutionDisabled", { value: !hasScripts });
  const first = firstScript
    ? await inTab("Page.addScriptToEvaluateOnNewDocument", { source: firstScript })
    : undefined;
  const loadedBy = async (act: () => Promise<unknown>) => {
    loading = Promise.withResolvers();
    isLeaving = true;
    await act();
    await loading.promise;
    isLeaving = false;
  };
  const loaded = (method: string, params?: object) => loadedBy(() => inTab(method, params));
  const goTo = (url: string) => loaded("Page.navigate", { url });
  const press = async (key: Key) => {
    const { code, text } = KEYS[key];
    const named = { key, code: key, windowsVirtualKeyCode: code };
    const down = text === "" ? { type: "rawKeyDown" } : { type: "keyDown", text };
    await inTab("Input.dispatchKeyEvent", { ...named, ...down });
    await inTab("Input.dispatchKeyEvent", { ...named, type: "keyUp" });
  };
  const evaluate = async (expression: string) => {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await inTab("Runtime.evaluate", asked);
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value?: unknown }).value;
  };
  const until = async (condition: string) => void (await evaluate(whenIt(condition)));
  const clickOnce = async (element: string) => {
    await until(`(${CAN_BE_CLICKED})(${element})`);
    const { x, y } = (await evaluate(`(${CENTRE_OF})(${element})`)) as { x: number; y: number };
    const at = { x, y, button: "left", clickCount: 1 };
    await inTab("Input.dispatchMouseEvent", { ...at, type: "mousePressed" });
    await inTab("Input.dispatchMouseEvent", { ...at, type: "mouseReleased" });
  };
  // What moves away just then, or is disabled, is clicked again, as people do.
  const click = async (element: string) => {
    if (!hasScripts) return clickOnce(element);
    do {
      await evaluate(watchForClick(element));
      await clickOnce(element);
    } while (!(await evaluate("window.isHit")));
  };
  return {
    complaints,
    evaluate,
    until,
    click,
    leaveByClick: (element) => loadedBy(() => clickOnce(element)),
    type: async (text) => void (await inTab("Input.insertText", { text })),
    show,
    goTo,
    press,
    leaveBy: (key) => loadedBy(() => press(key)),
    reload: () => loaded("Page.reload"),
    printed: async () => {
      const { data } = await inTab("Page.printToPDF", { preferCSSPageSize: true });
      return Buffer.from(String(data), "base64");
    },
    picture: async () => {
      await evaluate("document.fonts.ready.then(() => true)");
      const { data } = await inTab("Page.captureScreenshot", { format: "png" });
      return Buffer.from(String(data), "base64");
    },
    close: () =>
      targets.giveBack(target, async () => {
        if (hasScripts) await evaluate(FORGET);
        if (first) await inTab("Page.removeScriptToEvaluateOnNewDocument", first);
        await goTo(BLANK);
      }),
  };
}

/** Empties what a page stores for its own tab alone. */
const FORGET = `(() => { try { sessionStorage.clear(); } catch {} })()`;

const CENTRE_OF = `(element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}`;

/**
 * Notes whether the mouse is next pressed and released on an element, or on its label. What changes or is disabled in
 * between gets no click.
 */
function watchForClick(element: string): string {
  return `(() => {
    window.isHit = false;
    const once = { capture: true, once: true };
    document.addEventListener("mousedown", ({ target }) => {
      const element = ${element};
      const label = target.closest("label");
      const area = [element, label?.control === element && label].find((each) => each && each.contains(target));
      document.addEventListener("mouseup", ({ target }) => {
        window.isHit = area !== undefined && area.contains(target);
      }, once);
    }, once);
  })()`;
}

const CAN_BE_CLICKED = `(element) => {
  if (!element || element.matches(":disabled")) return false;
  element.scrollIntoView({ block: "nearest", behavior: "instant" });
  const { x, y } = (${CENTRE_OF})(element);
  const hit = document.elementFromPoint(x, y);
  return hit !== null && (element.contains(hit) || hit.closest("label")?.control === element);
}`;

/** How long a page is waited for before it counts as stuck. */
const STUCK_MS = 90_000;

/**
 * An expression for a promise that resolves when the condition is true after a change of the page. It rejects with what
 * the page shows when that never happens.
 */
function whenIt(condition: string): string {
  return `new Promise((resolve, reject) => {
    const check = () => {
      if (!(${condition})) return;
      end();
      resolve(true);
    };
    const observer = new MutationObserver(check);
    const stuck = setTimeout(() => {
      end();
      reject(new Error("Stuck. " + document.body?.innerText));
    }, ${STUCK_MS});
    const end = () => {
      clearTimeout(stuck);
      observer.disconnect();
    };
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(document, everything);
    check();
  })`;
}

/**
 * Recognizes events of requests from the blank page, which makes none itself. If the browser loads a page's icon only
 * after leaving the page, it attributes that request to the blank page and refuses it.
 */
function blankPageCalls() {
  const requestIds = new Set<unknown>();
  return ({ params = {} }: Message): boolean => {
    const { documentURL, requestId, entry } = params as {
      documentURL?: string;
      requestId?: string;
      entry?: { url?: string; networkRequestId?: string };
    };
    if (documentURL === BLANK) requestIds.add(requestId);
    return entry?.url === BLANK || requestIds.has(requestId ?? entry?.networkRequestId);
  };
}

/** Policy violations, failed loads and script errors, none of which a page should cause. */
function complaintIn(method = "", params: Message["params"] = {}): string | undefined {
  const { issue, entry } = params as { issue?: { code: string }; entry?: { level: string } };
  const isComplaint =
    issue?.code === "ContentSecurityPolicyIssue" ||
    entry?.level === "error" ||
    method === "Network.loadingFailed" ||
    method === "Runtime.exceptionThrown";
  return isComplaint ? `${method} ${JSON.stringify(params)}` : undefined;
}
