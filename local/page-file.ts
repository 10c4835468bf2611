/**
 * The address of a page as a file, with its style sheet in it: for a browser that is not signed in where the page was
 * read.
 */
export async function pageFile(html: string, site: string): Promise<string> {
  const [link = "", path = ""] = /<link rel="stylesheet" href="([^"]+)">/.exec(html) ?? [];
  const style = await (await fetch(`${site}${path}`)).text();
  const page = html.replace(link, () => `<style>${style}</style>`);
  return `data:text/html;base64,${Buffer.from(page).toString("base64")}`;
}
