import { html } from "@remix-run/html-template";
import { startChromium } from "../../../local/browser/chromium.ts";
import { cookieBrowser } from "../../../local/browser/cookie-browser.ts";
import { pageFile } from "../../../local/browser/page-file.ts";
import { startCloud } from "../../../local/cloud/cloud.ts";
import { actors } from "../../../local/demo/actors/actors.ts";
import { people, SETTINGS } from "../../../local/demo/cast.ts";
import { FIRST_SHEET, SHEET } from "../../../local/demo/pictures/slips-picture.ts";
import { playDesk } from "../../../local/demo/scenes/desk.ts";
import { playBundle } from "../../../local/demo/scenes/fulfilment.ts";
import { playRegistration } from "../../../local/demo/scenes/shop.ts";
import { Timeline } from "../../../local/demo/timeline.ts";
import { environment } from "../../../local/kit/environment.ts";
import { messageHtml } from "./discord-page.ts";
import { dataUrl, nameOf, reachable, setUp, shoot } from "./shared.ts";
import { STYLE } from "./style.ts";

/** The files of the pictures, below docs/images. */
export type ShippingPicture = "order-page" | "desk" | "packing-slip" | "parcel-messages";

/** As much of each page as its picture needs. */
const PHONE = { width: 390, height: 1050, scale: 1.5 };
const SCREEN = { width: 800, height: 900, scale: 1.25 };
const DISCORD = { width: 800, height: 520, scale: 1.25 };
/** The part of a sheet that has text on it. */
const SLIP = { ...SHEET, height: 600 };

/** The edge of the paper, which is as white as the page that shows its picture. */
const EDGE = 'document.documentElement.style.boxShadow = "inset 0 0 0 1px #999"';
/** A picture with a gradient is several times as large. */
const PLAIN = 'document.body.style.backgroundImage = "none"';

/**
 * Plays a stream that sells three things to one buyer, and their parcel; gives what an order's page, the desk, a packing
 * slip and the buyer's messages look like, as PNG. `path` is Chromium's.
 */
export async function makeShippingPictures(
  path: string,
): Promise<Readonly<Record<ShippingPicture, Buffer>>> {
  const browser = startChromium(path);
  const cloud = await startCloud({
    ...reachable(),
    environment: { ...environment, ...SETTINGS },
  });
  try {
    const { stage, close } = await setUp(cloud);
    const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
    const silent = new Timeline(stage, () => undefined);
    await playRegistration(stage, silent);
    const stream = await playBundle(stage, silent);
    const builder = cookieBrowser({ ...cloud, discord: stage.discord });
    const { html: deskPage } = await builder.signIn(people.mina);
    const slipPath = `/desk/slips?size=letter&anyway=yes&parcel=${stream.together[0]?.orderId}`;
    const { html: slipPage } = await builder.open(slipPath);
    const desk = await shoot(browser, await pageFile(deskPage, site), SCREEN, PLAIN);
    const slip = await shoot(
      browser,
      await pageFile(slipPage, site),
      SLIP,
      `${FIRST_SHEET}\n${EDGE}`,
    );
    await playDesk(stage, silent, { ...stream, earlier: [] }, undefined);
    const link = actors(stage, silent).linkInDm("ivo", "Your order");
    const view = { nameOf, nowMs: cloud.clock.nowMs(), picture: "" };
    const isShown = ({ content }: { content: string }) => /is yours. 💛|on its way/.test(content);
    const messages = stage.discord.dms(people.ivo).filter(isShown).slice(-2);
    const page = html`<main class="chat"><div class="panel">${messages.map((each) => messageHtml(each, view))}</div></main>`;
    const chat = dataUrl(`<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${page}`);
    const pictures = {
      desk,
      "packing-slip": slip,
      "order-page": await shoot(browser, link, PHONE, PLAIN),
      "parcel-messages": await shoot(browser, chat, DISCORD),
    };
    await close();
    return pictures;
  } finally {
    await browser.stop();
    await cloud.stop();
  }
}
