import type { Cloud } from "../cloud/cloud.ts";
import type { DiscordSimulator } from "../discord/index.ts";

/** The cloud whose site is visited. */
type SiteCloud = Pick<Cloud, "fetch" | "settings"> & {
  readonly discord: Pick<DiscordSimulator, "signIn">;
};

export type CookieBrowser = ReturnType<typeof cookieBrowser>;

/** A page as this browser got it. */
export interface Seen {
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** How browsers label a form that is sent from a page of the same site. */
const FROM_OWN_PAGE = { "sec-fetch-site": "same-origin" };

/** A browser without scripts, with a cookie jar for the site, which sends the forms of pages as they are. */
export function cookieBrowser({ fetch, settings, discord }: SiteCloud) {
  const site = settings["PUBLIC_SITE_URL"] ?? "";
  const jar = new Map<string, string>();

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = new Headers(init.headers);
    if (cookie !== "") headers.set("cookie", cookie);
    const response = await fetch(`${site}${path}`, { ...init, headers, redirect: "manual" });
    for (const each of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Follows redirects within the site. */
  async function follow(path: string, response: Response): Promise<Seen> {
    const to = response.headers.get("location");
    if (response.status === 303 && to?.startsWith("/")) return follow(to, await send(to));
    return {
      path,
      status: response.status,
      headers: response.headers,
      html: await response.text(),
    };
  }

  const open = async (path: string) => follow(path, await send(path));

  /** Sends a form; its headers are those of a form on one of the site's own pages. */
  const post = (
    path: string,
    fields: Readonly<Record<string, string>> | string,
    headers: Readonly<Record<string, string>> = FROM_OWN_PAGE,
  ) =>
    send(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: typeof fields === "string" ? fields : String(new URLSearchParams(fields)),
    });

  /** Sends a page's form to an address, as pressing its button does. */
  const press = ({ html }: Pick<Seen, "html">, action: string) =>
    post(action, fieldsOf(html, action));

  /** Presses the button that leads to Discord. Returns the address of Discord's page. */
  const leaveForDiscord = async (path = "/desk") => {
    const response = await press(await open(path), "/sign-in");
    return response.headers.get("location") ?? "";
  };

  /** Where Discord sends the browser, below the site's address. */
  const pathOf = (location: string) => {
    if (!location.startsWith(site)) throw new Error(`${location} is not on the site.`);
    return location.slice(site.length);
  };

  return {
    jar,
    send,
    open,
    post,
    press,
    leaveForDiscord,
    /** Agrees on Discord's page as a user, or cancels. Returns the path that the browser is sent to. */
    agree: (pageUrl: string, userId?: string) => pathOf(discord.signIn(pageUrl, userId)),
    /** Signs in from the beginning. Returns the page where that ends. */
    async signIn(userId: string, path = "/desk"): Promise<Seen> {
      return open(pathOf(discord.signIn(await leaveForDiscord(path), userId)));
    },
  };
}

/** The hidden fields of a page's form to this address. */
export function fieldsOf(html: string, action: string): Record<string, string> {
  const [, form] =
    new RegExp(`<form [^>]*action="${action}"[^>]*>(.*?)</form>`, "s").exec(html) ?? [];
  if (form === undefined) throw new Error(`The page has no form to ${action}.`);
  const inputs = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, value]));
}
