import { readFileSync } from "node:fs";

const KEYBOARD = readFileSync(
  new URL("../../../web/pictures/keyboard.svg", import.meta.url),
  "utf8",
);
const KEYBOARD_URL = `data:image/svg+xml;base64,${Buffer.from(KEYBOARD).toString("base64")}`;

/** What a builder photographs: a keyboard on a table; `filter` gives the keyboard another colour. */
const photo = (table: string, filter: string) => `<!doctype html><meta charset="utf-8"><style>
html,body{margin:0;height:100%}
body{background:radial-gradient(circle at 30% 20%,${table})}
img{position:absolute;left:6%;top:4%;width:88%;height:92%;object-fit:contain;filter:${filter} drop-shadow(0 10px 14px #0005)}
</style><img src="${KEYBOARD_URL}" alt="">`;

/** What is photographed for the drop and for the auction. */
export const PHOTOS = {
  drop: photo("#e9dcf5,#a98cc9 75%", ""),
  auction: photo(
    "#5b4a3a,#2a211a 80%",
    "sepia(1) saturate(1.5) hue-rotate(-22deg) brightness(.85)",
  ),
} as const;

/** Behind the overlay is nothing; this stands for a stream's picture. */
export const POT_BACKGROUND = `Object.assign(document.documentElement.style, {
  minHeight: "100vh",
  backgroundColor: "#110c1e",
  backgroundImage: "linear-gradient(#110c1e70, #110c1e70), url(/pictures/keyboard.svg)",
  backgroundRepeat: "no-repeat",
  backgroundPosition: "0 0, 30% 100%",
  backgroundSize: "auto, 84%",
})`;

/** As tall as the tallest of the messages. */
export const PANEL_HEIGHT = 640;

/** Discord's dark theme. */
export const STYLE = `
html,body{margin:0;background:#1e1f22;color:#dbdee1;font:16px/1.375 "gg sans","Helvetica Neue",Arial,sans-serif}
main{display:grid;grid-template-columns:repeat(3,480px);gap:24px;padding:24px}
main.chat{display:block;padding:16px}
.chat .panel{height:auto;padding-block:8px}
h1{margin:0 0 12px;font-size:20px;color:#f2f3f5;font-weight:600}
.panel{background:#313338;border-radius:12px;height:${PANEL_HEIGHT}px;overflow:hidden}
.pot{display:block}
.message{display:flex;gap:14px;padding:18px 18px}
.avatar{flex:none;width:40px;height:40px;border-radius:50%;background:#cdb4db;color:#3b2c4a;display:grid;place-items:center;font-weight:700;font-size:16px}
.body{flex:1;min-width:0}
.author{margin:0 0 4px;color:#f2f3f5;font-weight:600}
.app{background:#5865f2;color:#fff;border-radius:3px;font-size:10px;padding:1px 5px;vertical-align:2px}
time{color:#949ba4;font-size:12px;font-weight:400;margin-left:4px}
.content{margin:0 0 6px;white-space:pre-line}
.content:has(+ .embed){margin-bottom:8px}
code{background:#1e1f22;border-radius:3px;padding:1px 4px;font-size:80%}
.embed{background:#2b2d31;border-left:4px solid;border-radius:4px;padding:12px 14px;font-size:14px}
.embed h2{margin:0 0 6px;font-size:16px;color:#f2f3f5}
.embed p{margin:0;white-space:pre-line}
.fields{display:grid;grid-template-columns:repeat(3,1fr);gap:8px;margin-top:10px}
.field{grid-column:1/-1}.field.inline{grid-column:auto}
.field b{color:#f2f3f5}
.embed img{display:block;width:100%;border-radius:4px;margin-top:12px;height:215px;object-fit:cover}
.embed footer{margin-top:8px;font-size:12px;color:#b5bac1}
.mention{background:#3c4270;color:#c9cdfb;border-radius:3px;padding:0 2px}
.moment{background:#3f4147;border-radius:3px;padding:0 2px}
a{color:#00a8fc}
.buttons{margin:8px 0 0;display:flex;gap:8px;flex-wrap:wrap}
.button{background:#4e5058;color:#fff;border-radius:4px;padding:7px 14px;font-size:14px;font-weight:500}
.button.success{background:#248046}.button.primary{background:#5865f2}.button.danger{background:#da373c}
.button.disabled{opacity:.5}
.emoji{width:1.2em;height:1.2em;vertical-align:-.25em}
`;
