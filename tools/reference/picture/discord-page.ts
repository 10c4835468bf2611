import { html, type SafeHtml } from "@remix-run/html-template";
import type { SeenMessage } from "../../../local/discord/inspection.ts";

/** What a message is shown with. */
interface View {
  readonly nameOf: (userId: string) => string;
  readonly nowMs: number;
  /** The picture of its embed, as an address. */
  readonly picture: string;
}

/** Discord's styles of buttons: https://discord.com/developers/docs/components/reference#button-button-styles */
const STYLES = ["", "primary", "secondary", "success", "danger", "link"] as const;

/** The emoji of our messages, drawn: not every machine has a font with them. */
const EMOJI: Readonly<Record<string, SafeHtml>> = {
  "🔨": html`<svg class="emoji" viewBox="0 0 36 36"><path fill="#c1694f" d="M15.5 14.5l5 5L8 33.500a2.500 2.500 0 0 1-5-5z"/><path fill="#99aab5" d="M11 9l7-6c2-1.500 4 0 5 1l9 9-2 2-2-.5-5.500 5.500.5 2-2 2-9-9c-1-1-1-2 0-3z"/></svg>`,
  "📦": html`<svg class="emoji" viewBox="0 0 36 36"><path fill="#c1694f" d="M2 10l16-7 16 7v17l-16 7-16-7z"/><path fill="#d99e82" d="M2 10l16 7 16-7-16-7z"/><path fill="#a8583f" d="M18 17v17l16-7V10z"/><path fill="#f5d9a8" d="M8.500 7.200l16 7v5l3-1.300v-5l-16-7z"/></svg>`,
  "💛": html`<svg class="emoji" viewBox="0 0 36 36"><path fill="#fdcb58" d="M18 33C8 26 2 20 2 12.500 2 7.500 6 4 10.500 4c3.200 0 6 1.800 7.500 4.500C19.500 5.800 22.300 4 25.500 4 30 4 34 7.500 34 12.500 34 20 28 26 18 33z"/></svg>`,
  "🔴": html`<svg class="emoji" viewBox="0 0 36 36"><circle cx="18" cy="18" r="17" fill="#dd2e44"/></svg>`,
};

/** A message of the app as Discord's dark theme shows it. */
export function messageHtml({ content, embeds, components }: SeenMessage, view: View): SafeHtml {
  const rows = components as unknown as readonly { components: readonly DiscordButton[] }[];
  return html`<article class="message"><div class="avatar">C5</div><div class="body">
<p class="author">C500 <span class="app">APP</span> <time>Today at 20:02</time></p>
${content ? html`<p class="content">${marked(content, view)}</p>` : ""}
${embeds.map((embed) => embedHtml(embed, view))}
${rows.map((row) => html`<p class="buttons">${row.components.map(buttonHtml)}</p>`)}
</div></article>`;
}

interface DiscordButton {
  readonly label?: string;
  readonly style: number;
  readonly disabled?: boolean;
}

function buttonHtml({ label = "", style, disabled }: DiscordButton): SafeHtml {
  return html`<span class="button ${STYLES[style] ?? ""} ${disabled ? "disabled" : ""}">${label}</span>`;
}

function embedHtml(embed: SeenMessage["embeds"][number], view: View): SafeHtml {
  const colour = `#${(embed.color ?? 0).toString(16).padStart(6, "0")}`;
  const fields = (embed.fields ?? []).map(
    ({ name, value, inline }) =>
      html`<div class="${inline ? "field inline" : "field"}"><b>${name}</b><p>${marked(value, view)}</p></div>`,
  );
  return html`<div class="embed" style="border-color:${colour}">
<h2>${unescaped(embed.title ?? "")}</h2>
<p>${marked(embed.description ?? "", view)}</p>
<div class="fields">${fields}</div>
${embed.image ? html`<img src="${view.picture}" alt="">` : ""}
${embed.footer ? html`<footer>${embed.footer.text}</footer>` : ""}
</div>`;
}

/** Text with Discord's marks shown: bold, code, people, moments, links, addresses and emoji. */
function marked(text: string, view: View): SafeHtml[] {
  const marks = /(\*\*.+?\*\*|`.+?`|<@\d+>|<t:\d+:\w>|\[[^\]]+\]\([^)]+\)|https:\S+|🔨|🔴|📦|💛)/u;
  return text.split(marks).map((part) => {
    if (part.startsWith("**")) return html`<b>${marked(part.slice(2, -2), view)}</b>`;
    if (part.startsWith("`")) return html`<code>${part.slice(1, -1)}</code>`;
    const [, linked] = /^\[(.+)\]\(.+\)$/.exec(part) ?? [];
    if (linked) return html`<a>${linked}</a>`;
    const [, userId] = /^<@(\d+)>$/.exec(part) ?? [];
    if (userId) return html`<span class="mention">@${view.nameOf(userId)}</span>`;
    const [, seconds] = /^<t:(\d+):\w>$/.exec(part) ?? [];
    if (seconds) return html`<span class="moment">${timeUntil(Number(seconds), view.nowMs)}</span>`;
    if (part.startsWith("https:")) return html`<a>${part.replace("https://www.", "")}</a>`;
    return EMOJI[part] ?? html`${unescaped(part)}`;
  });
}

function timeUntil(seconds: number, nowMs: number): string {
  const minutes = Math.round((seconds - nowMs / 1000) / 60);
  return minutes > 1 ? `in ${minutes} minutes` : "in a minute";
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}
