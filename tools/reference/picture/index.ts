import { mkdirSync, writeFileSync } from "node:fs";
import { html, type SafeHtml } from "@remix-run/html-template";
import { type Browser, findChromium, startChromium } from "../../../local/browser/chromium.ts";
import { type Cloud, startCloud } from "../../../local/cloud/cloud.ts";
import { community } from "../../../local/cloud/community.ts";
import type { SeenMessage } from "../../../local/discord/inspection.ts";
import { Mistake } from "../../cli/mistake.ts";
import { messageHtml } from "./discord-page.ts";
import { type Attached, type Played, playScenes } from "./scenes.ts";
import { dataUrl, nameOf, reachable, setUp, shoot } from "./shared.ts";
import { makeShippingPictures } from "./shipping.ts";
import { makeStudioPictures } from "./studio/index.ts";
import { PANEL_HEIGHT, PHOTOS, POT_BACKGROUND, STYLE } from "./style.ts";

const FOLDER = "docs/images";

const PHOTO = { width: 560, height: 315 };
const POT = { width: 480, height: PANEL_HEIGHT };
/** A stream's picture, with the pot at its right. */
const STREAM = { width: 960, height: 540 };
const WHOLE = { width: 1536, height: PANEL_HEIGHT + 78 };
/** What the pot shows after the last sale of the scenes: a fifth of $80 and of $150. */
const POT_AFTER_SALE = "$46.00";
/** Into the burst of coins, when they are farthest from each other. */
const BURST_MS = 640;

/** Makes the pictures of README and the docs anew; gives their files. Throws Mistake where no Chromium is installed. */
export async function writePictures(): Promise<readonly string[]> {
  mkdirSync(FOLDER, { recursive: true });
  const pictures = {
    ...(await makePictures()),
    ...(await makeShippingPictures(chromium())),
    ...(await makeStudioPictures(chromium())),
  };
  return Object.entries(pictures).map(([name, picture]) => {
    const file = `${FOLDER}/${name}.png`;
    writeFileSync(file, picture);
    return file;
  });
}

function chromium(): string {
  const path = findChromium();
  if (!path) throw new Mistake("The pictures need Chromium. Install it, then run this again.");
  return path;
}

/** The files of the pictures that are made here, below docs/images. */
type Picture = "c500-live" | "live-pot";

/**
 * Plays a drop, an auction and a race on the local cloud; gives what each looks like, side by side, and the Live Pot on
 * a stream, as PNG. Throws Mistake where no Chromium is installed.
 */
export async function makePictures(): Promise<Readonly<Record<Picture, Buffer>>> {
  const browser = startChromium(chromium());
  const cloud = await startCloud(reachable());
  try {
    const { stage, close } = await setUp(cloud);
    const drop = await shoot(browser, dataUrl(PHOTOS.drop), PHOTO);
    const auction = await shoot(browser, dataUrl(PHOTOS.auction), PHOTO);
    const played = await playScenes(stage, {
      drop: await upload(cloud, drop),
      auction: await upload(cloud, auction),
    });
    const { pot, stream } = await potAfterSale(browser, played);
    await close();
    const text = whole(played, { drop, auction, pot }, cloud.clock.nowMs());
    return { "c500-live": await shoot(browser, dataUrl(text), WHOLE), "live-pot": stream };
  } finally {
    await browser.stop();
    await cloud.stop();
  }
}

/** Gives Discord a file, as its clients do before they send a form. */
async function upload({ settings }: Cloud, bytes: Buffer<ArrayBuffer>): Promise<Attached> {
  const contentType = "image/png";
  const form = new FormData();
  form.set("payload_json", JSON.stringify({ content: "A photo" }));
  form.set("files[0]", new Blob([bytes], { type: contentType }), "keyboard.png");
  const channel = `${settings.DISCORD_API_BASE_URL}/v10/channels/${community.operatorsChannelId}`;
  const answer = await fetch(`${channel}/messages`, {
    method: "POST",
    headers: {
      authorization: `Bot ${settings.DISCORD_BOT_TOKEN}`,
      "user-agent": "DiscordBot (https://c500.store, 1)",
    },
    body: form,
  });
  const { attachments } = (await answer.json()) as { attachments: { url: string }[] };
  const [{ url } = { url: "" }] = attachments;
  return { filename: "keyboard.png", url, contentType, size: bytes.length };
}

/** The Live Pot at the moment that a sale comes in, on a stream and alone. */
async function potAfterSale(browser: Browser, { overlayUrl, sell }: Played) {
  const tab = await browser.open(`${overlayUrl}?position=top-right&size=medium`, STREAM);
  await tab.until('document.querySelector("[data-feed]")?.dataset.connection === ""');
  await tab.evaluate(POT_BACKGROUND);
  sell();
  const shown = JSON.stringify(POT_AFTER_SALE);
  await tab.until(`document.querySelector(".amount").textContent === ${shown}`);
  await tab.evaluate(`for (const animation of document.getAnimations()) {
    const { duration } = animation.effect.getComputedTiming();
    if (duration < 2000) animation.currentTime = Math.min(duration, ${BURST_MS});
    animation.pause();
  }`);
  const stream = await tab.picture();
  await tab.show(POT);
  const pot = await tab.picture();
  await tab.close();
  return { pot, stream };
}

function pngUrl(bytes: Buffer): string {
  return `data:image/png;base64,${bytes.toString("base64")}`;
}

function whole(
  { drop, auction }: Played,
  pictures: Readonly<Record<"drop" | "auction" | "pot", Buffer>>,
  nowMs: number,
): string {
  const message = (seen: SeenMessage, picture: Buffer) =>
    messageHtml(seen, { nameOf, nowMs, picture: pngUrl(picture) });
  const column = (title: string, content: SafeHtml) =>
    html`<section><h1>${title}</h1><div class="panel">${content}</div></section>`;
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><main>${html`
${column("A drop", message(drop, pictures.drop))}
${column("An auction", message(auction, pictures.auction))}
${column("The Live Pot on a stream", html`<img class="pot" src="${pngUrl(pictures.pot)}" alt="">`)}
`}</main>`;
}
