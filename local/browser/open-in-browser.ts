import { spawn } from "node:child_process";
import { environment } from "../kit/environment.ts";

/** How each system opens an address in its browser; others use that of the freedesktop systems. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  // The first quoted word would be the window's title.
  win32: ["cmd", "/c", "start", ""],
};

/** Whether somebody started this from a terminal, not from a script or a CI. */
export function isAtTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && !environment["CI"];
}

/** Opens an address in the browser of this machine. Does nothing where that is not possible. */
export function openInBrowser(url: string): void {
  const [program, ...words] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...words, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
