import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Mistake } from "../cli/mistake.ts";

/** Holds the id of the process that installs or removes here. */
const LOCK_FILE = ".local/install.pid";

/**
 * Does work while no other process installs or removes in the folder: two would each create channels, a database and
 * webhooks. Throws Mistake if one does. Crash safety: the lock of a process that has ended is taken over.
 */
export async function oneAtATime<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, LOCK_FILE);
  const holder = readHolder(path);
  if (holder !== undefined && holder !== process.pid && isRunning(holder)) throw isHeld(holder);
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
    throw isHeld(readHolder(path));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function isHeld(holder: number | undefined): Mistake {
  return new Mistake(
    `Another ./dev install is running in this folder (process ${holder ?? "unknown"}): let it end, or stop it with Ctrl+C. If that process is something else, delete ${LOCK_FILE}.`,
  );
}

function readHolder(path: string): number | undefined {
  try {
    const id = Number(readFileSync(path, "utf8"));
    return Number.isInteger(id) && id > 0 ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is such a process; one of another user's may not be signalled. */
function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as { code?: unknown }).code === "EPERM";
  }
}
