import type { TestCloud } from "../support/cloud.ts";

export type Visitor = ReturnType<typeof visitor>;

/** Someone who visits the site that is at `url`; its redirects are followed within it. */
export function visitor(url: string, { fetch }: Pick<TestCloud, "fetch">) {
  const visit = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(`${url}${path}`, { ...init, redirect: "manual" });
    const isFollowed = response.status === 301 && init.redirect !== "manual";
    return isFollowed ? visit(response.headers.get("location") ?? "", init) : response;
  };
  return {
    visit,

    /** The page at a path. Throws when it is not a 200. */
    async read(path: string): Promise<string> {
      const response = await visit(path);
      if (response.status !== 200) throw new Error(`${path} is answered ${response.status}.`);
      return response.text();
    },
  };
}

/** What a page says, without its tags. */
export function wordsOf(html: string): string {
  return html
    .replace(/<head>.*<\/head>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
}
