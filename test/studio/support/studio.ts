import { afterAll } from "@jest/globals";
import {
  type Browser,
  findChromium,
  type Look,
  startChromium,
  type Tab,
} from "../../../local/browser/chromium.ts";
import { startControl } from "../../../local/control/control.ts";
import { openStudio } from "../../../studio/server/index.ts";
import { LogTail } from "../../../studio/server/log-tail.ts";
import { registerCommands } from "../../../tools/setup/register-commands.ts";
import { community, type TestCloud, type TestCloudOptions, useCloud } from "../../support/cloud.ts";

/** A running studio over a cloud that browsers reach. */
export interface TestStudio {
  readonly cloud: TestCloud;
  /** Base URL, without a trailing slash. */
  readonly url: string;
  readonly token: string;
  /** Where the functions' log lines go. */
  readonly logs: LogTail;
  /** Calls a panel as the page does. */
  call(panel: string, name: string, input?: object): Promise<Response>;
  /** Opens a place of the studio in a browser, such as "/time". */
  open(place: string, look?: Look): Promise<Tab>;
  /** Opens another page of this machine. */
  visit(url: string, look?: Look): Promise<Tab>;
}

/** Whether a browser is installed; CI installs one. */
export const hasBrowser = findChromium() !== undefined;

/** A studio for all tests of a file, with the commands registered, at the file's top. */
export async function useStudio(options: TestCloudOptions = {}): Promise<TestStudio> {
  const logs = new LogTail();
  const cloud = await useCloud({
    forBrowser: true,
    rateLimits: false,
    log: (line) => logs.add(line),
    ...options,
  });
  const { settings, clock, faults, settle } = cloud;
  await registerCommands({
    apiBaseUrl: settings["DISCORD_API_BASE_URL"] ?? "",
    applicationId: community.applicationId,
    botToken: settings["DISCORD_BOT_TOKEN"] ?? "",
    guildId: community.guildId,
  });
  await cloud.discord.saveEndpoint(cloud.url("discord-interactions"));
  const save = () => undefined;
  const studio = await openStudio({ cloud, logs, save });
  const control = await startControl({ clock, faults, settle, save, pages: studio.router });
  const path = findChromium();
  let browser: Browser | undefined;
  afterAll(async () => {
    await browser?.stop();
    await control.stop();
    await studio.stop();
  });
  const { url } = control;
  const visit = async (page: string, look: Look = { width: 1280, height: 800 }) => {
    if (path === undefined) throw new Error("There is no Chromium on this machine.");
    browser ??= startChromium(path);
    return browser.open(page, look);
  };
  return {
    cloud,
    url,
    token: studio.token,
    logs,
    call: (panel, name, input = {}) =>
      fetch(`${url}/api/${panel}/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-studio-token": studio.token },
        body: JSON.stringify(input),
      }),
    open: (place, look) => visit(`${url}${place}#token=${studio.token}`, look),
    visit,
  };
}
