import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findChromium, startChromium } from "../../browser/chromium.ts";
import { pageFile } from "../../browser/page-file.ts";

/** A sheet of US Letter at 96 dots per inch. */
export const SHEET = { width: 816, height: 1056, isPrinted: true };
/** Leaves the first slip alone, with the margin of its paper, which only print has. */
export const FIRST_SHEET = `{
  for (const other of document.querySelectorAll(".slip + .slip")) other.remove();
  document.body.style.margin = "0.7in";
}`;
/** A browser that does not respond must not stop the demo. */
const DEADLINE_MS = 30_000;

/**
 * Saves a page of packing slips as PDF, and the first sheet as PNG, as a browser prints them. Returns a sentence about
 * it.
 */
export async function saveSlips({
  html,
  site,
  folder,
}: {
  readonly html: string;
  readonly site: string;
  readonly folder: string;
}): Promise<string> {
  const path = findChromium();
  if (!path) return "prints nothing: no Chromium is installed here";
  const browser = startChromium(path);
  const print = async (): Promise<string> => {
    const tab = await browser.open(await pageFile(html, site), SHEET);
    const file = join(folder, "packing-slips");
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.pdf`, await tab.printed());
    await tab.evaluate(FIRST_SHEET);
    await writeFile(`${file}.png`, await tab.picture());
    return `prints them: ${file}.pdf, and the first as .png`;
  };
  const noAnswer = sleep(DEADLINE_MS, "prints nothing: the browser did not answer", { ref: false });
  const outcome = await Promise.race([
    print().catch((error: unknown) => `prints nothing: ${String(error)}`),
    noAnswer,
  ]);
  await browser.stop();
  return outcome;
}
