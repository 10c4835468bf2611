/**
 * The address of a page as a file, with its style sheets in it: for a browser that is not signed in where the page was
 * read.
 */
export async function pageFile(html: string, site: string): Promise<string> {
  let page = html;
  for (const [link, path] of html.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)) {
    const style = await (await fetch(`${site}${path}`)).text();
    page = page.replace(link, () => `<style>${style}</style>`);
  }
  return `data:text/html;base64,${Buffer.from(page).toString("base64")}`;
}
