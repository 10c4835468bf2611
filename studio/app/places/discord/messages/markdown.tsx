import { parse } from "discord-markdown-parser";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { channels, nameOf, people, roles, surroundings } from "../surroundings.ts";
import { Timestamp } from "./time.tsx";

/** A node of the parser's tree. */
interface Node {
  readonly type: string;
  readonly content?: string | readonly Node[];
  readonly target?: string;
  readonly level?: number;
  readonly lang?: string;
  readonly id?: string;
  readonly name?: string;
  readonly animated?: boolean;
  readonly timestamp?: string;
  readonly format?: string;
  readonly fullName?: string;
}

/** A text with Discord's markdown. HTML in it is text, and only links to websites are links. */
export function Markdown({ text, only }: { readonly text: string; readonly only?: "inline" }) {
  const nodes = useMemo((): readonly Node[] => parse(text, "extended"), [text]);
  const shown = <Nodes nodes={nodes} />;
  return only === "inline" ? <span class="md">{shown}</span> : <div class="md">{shown}</div>;
}

function Nodes({ nodes }: { readonly nodes: string | readonly Node[] | undefined }) {
  if (nodes === undefined || typeof nodes === "string") return <>{nodes}</>;
  return (
    <>
      {nodes.map((node, index) => (
        <One key={index} node={node} />
      ))}
    </>
  );
}

function One({ node }: { readonly node: Node }) {
  const inside = <Nodes nodes={node.content} />;
  switch (node.type) {
    case "text":
      return inside;
    case "strong":
      return <strong>{inside}</strong>;
    case "em":
      return <em>{inside}</em>;
    case "underline":
      return <u>{inside}</u>;
    case "strikethrough":
      return <s>{inside}</s>;
    case "inlineCode":
      return <code>{inside}</code>;
    case "codeBlock":
      return (
        <pre>
          <code>{inside}</code>
        </pre>
      );
    case "blockQuote":
      return <blockquote>{inside}</blockquote>;
    case "heading":
      return <p class={`heading heading-${node.level ?? 1}`}>{inside}</p>;
    case "subtext":
      return <p class="subtext">{inside}</p>;
    case "br":
    case "newline":
      return <br />;
    case "spoiler":
      return <Spoiler>{inside}</Spoiler>;
    case "autolink":
    case "url":
    case "link":
      return <WebLink url={node.target ?? ""}>{inside}</WebLink>;
    default:
      return <Named node={node} />;
  }
}

/** What Discord replaces with a name, a time or a picture. */
function Named({ node }: { readonly node: Node }) {
  const { id = "" } = node;
  switch (node.type) {
    case "user": {
      const isKnown = people.value.has(id) || surroundings.value?.bot.id === id;
      return <Mention>@{isKnown ? nameOf(id) : "unknown-user"}</Mention>;
    }
    case "role":
      return <Mention>@{roles.value.get(id)?.name ?? "unknown-role"}</Mention>;
    case "channel":
      return <Mention>#{channels.value.get(id)?.name ?? "unknown"}</Mention>;
    case "everyone":
    case "here":
      return <Mention>@{node.type}</Mention>;
    case "slashCommand":
      return <Mention>/{node.fullName}</Mention>;
    case "timestamp":
      return <Timestamp atMs={Number(node.timestamp) * 1_000} style={node.format ?? "f"} />;
    case "emoji":
      return <span title={`:${node.name}:`}>:{node.name}:</span>;
    case "twemoji":
      return <>{node.name}</>;
    default:
      return <Nodes nodes={node.content} />;
  }
}

function Mention({ children }: { readonly children: ComponentChildren }) {
  return <span class="mention">{children}</span>;
}

/** A link to a website in a new tab; any other address stays text. */
export function WebLink({
  url,
  children,
  ...rest
}: {
  readonly url: string;
  readonly children: ComponentChildren;
  readonly class?: string;
}) {
  if (!isWebsite(url)) return <>{children}</>;
  return (
    <a {...rest} href={url} target="_blank" rel="noopener noreferrer" title={url}>
      {children}
    </a>
  );
}

/** Whether an address is a website's. */
export function isWebsite(url: string): boolean {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "https:" || protocol === "http:";
}

/** Hides what is inside until it is pressed. */
export function Spoiler({ children }: { readonly children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <span class="spoiler open">{children}</span>;
  return (
    <button type="button" class="spoiler" aria-label="Spoiler" onClick={() => setOpen(true)}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
