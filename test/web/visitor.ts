export type Visitor = ReturnType<typeof visitor>;

/** Someone who visits the site that is at `url`. */
export function visitor(url: string) {
  const visit = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
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
