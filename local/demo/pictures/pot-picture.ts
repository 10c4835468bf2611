import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findChromium, startChromium } from "../../browser/chromium.ts";

const LOOK = { width: 960, height: 540 };
/** A browser that does not respond must not stop the demo. */
const DEADLINE_MS = 30_000;
/** Into the burst of coins, when they are farthest apart. */
const BURST_MS = 640;

/** The overlay has a transparent background; this image stands in for a stream's picture. */
const STREAM = `Object.assign(document.documentElement.style, {
  minHeight: "100vh",
  backgroundColor: "#110c1e",
  backgroundImage: "linear-gradient(#110c1ea0, #110c1ea0), url(/pictures/keyboard.svg)",
  backgroundRepeat: "no-repeat",
  backgroundPosition: "0 0, 12% 88%",
  backgroundSize: "auto, 66%",
})`;
const IS_FOLLOWING = 'document.querySelector("[data-feed]")?.dataset.connection === ""';
const isSold = (amount: string) =>
  `document.querySelector(".amount").textContent === ${JSON.stringify(amount)}`;
const HOLD_STILL = `for (const animation of document.getAnimations()) {
  const { duration } = animation.effect.getComputedTiming();
  if (duration < 2000) animation.currentTime = Math.min(duration, ${BURST_MS});
  animation.pause();
}`;

/**
 * Opens a race's overlay in a browser, makes a sale, and saves a screenshot of what the stream's
 * viewers see. The sale happens in any case. Returns a sentence about the screenshot.
 */
export async function photographSale(
  { url, file }: { readonly url: string; readonly file: string },
  amount: string,
  sell: () => void,
): Promise<string> {
  const path = findChromium();
  if (!path) {
    sell();
    return "has no picture: no Chromium is installed here";
  }
  const browser = startChromium(path);
  let isMade = false;
  const photograph = async (): Promise<string> => {
    const tab = await browser.open(url, LOOK);
    await tab.until(IS_FOLLOWING);
    await tab.evaluate(STREAM);
    isMade = true;
    sell();
    await tab.until(isSold(amount));
    await tab.evaluate(HOLD_STILL);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await tab.picture());
    return `looks like this to viewers: ${file}`;
  };
  const noAnswer = sleep(DEADLINE_MS, "has no picture: the browser did not answer", { ref: false });
  const outcome = await Promise.race([
    photograph().catch((error: unknown) => `has no picture: ${String(error)}`),
    noAnswer,
  ]);
  await browser.stop();
  if (!isMade) sell();
  return outcome;
}
