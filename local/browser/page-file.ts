/**
 * The address of a page as a file, with its style sheets and their typeface in it: for a browser that is not signed in
 * where the page was read.
 */
export async function pageFile(html: string, site: string): Promise<string> {
  let page = html;
  for (const [link, path] of html.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)) {
    const style = await withTypeface(await (await fetch(`${site}${path}`)).text(), site);
    page = page.replace(link, () => `<style>${style}</style>`);
  }
  return `data:text/html;base64,${Buffer.from(page).toString("base64")}`;
}

/** A style sheet with the fonts in it that it loads from the site, for which the page's text waits. */
async function withTypeface(style: string, site: string): Promise<string> {
  let sheet = style.replaceAll("font-display: optional", "font-display: block");
  for (const [address, path] of style.matchAll(/url\("(\/[^"]+\.woff2)"\)/g)) {
    const font = Buffer.from(await (await fetch(`${site}${path}`)).arrayBuffer());
    sheet = sheet.replace(
      address,
      () => `url("data:font/woff2;base64,${font.toString("base64")}")`,
    );
  }
  return sheet;
}
