import type { ComponentChildren } from "preact";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Attachment, mediaUrl, Picture } from "./attachment.tsx";
import { cssColour } from "./embed.tsx";
import { Markdown, Spoiler, WebLink } from "./markdown.tsx";
import { Select } from "./select.tsx";

interface Emoji {
  readonly name?: string | null | undefined;
  readonly id?: string | null | undefined;
}

/** One choice of a list. */
export interface Option {
  readonly label: string;
  readonly value: string;
  readonly description?: string | null | undefined;
  readonly emoji?: Emoji | null | undefined;
  readonly default?: boolean | null | undefined;
}

interface Media {
  readonly media: { readonly url: string };
  readonly description?: string | null | undefined;
  readonly spoiler?: boolean | null | undefined;
}

/** A component of a message: https://discord.com/developers/docs/components/reference */
export interface Component {
  readonly type: number;
  readonly custom_id?: string | undefined;
  readonly style?: number | undefined;
  readonly label?: string | null | undefined;
  readonly emoji?: Emoji | null | undefined;
  readonly url?: string | undefined;
  readonly disabled?: boolean | null | undefined;
  readonly placeholder?: string | null | undefined;
  readonly min_values?: number | null | undefined;
  readonly max_values?: number | null | undefined;
  readonly options?: readonly Option[] | undefined;
  readonly components?: readonly Component[] | undefined;
  readonly accessory?: Component | undefined;
  readonly content?: string | undefined;
  readonly items?: readonly Media[] | undefined;
  readonly media?: { readonly url: string } | undefined;
  readonly description?: string | null | undefined;
  readonly file?: { readonly url: string } | undefined;
  readonly divider?: boolean | null | undefined;
  readonly spacing?: number | null | undefined;
  readonly accent_color?: number | null | undefined;
  readonly spoiler?: boolean | null | undefined;
}

/** What the components of one message need. */
export interface Pressing {
  readonly userId: string;
  readonly files: readonly Attachment[];
  /** The custom id of the component whose press is not answered yet. */
  readonly busy: string | undefined;
  press(customId: string, values?: readonly string[]): void;
}

/** The message around the components. */
export const PressingContext = createContext<Pressing>({
  userId: "",
  files: [],
  busy: undefined,
  press: () => undefined,
});

/** A message's components, in order. */
export function Components({ list }: { readonly list: readonly Component[] | undefined }) {
  return (
    <>
      {(list ?? []).map((component, index) => (
        <One key={component.custom_id ?? index} component={component} />
      ))}
    </>
  );
}

const ROW = 1;
const BUTTON = 2;
const SECTION = 9;
const TEXT = 10;
const THUMBNAIL = 11;
const GALLERY = 12;
const FILE = 13;
const SEPARATOR = 14;
const CONTAINER = 17;
const LARGE = 2;

function One({ component }: { readonly component: Component }) {
  const { files } = useContext(PressingContext);
  const inside = <Components list={component.components} />;
  switch (component.type) {
    case ROW:
      return <div class="action-row">{inside}</div>;
    case BUTTON:
      return <Button button={component} />;
    case SECTION:
      return (
        <div class="section">
          <div>{inside}</div>
          {component.accessory && <One component={component.accessory} />}
        </div>
      );
    case TEXT:
      return <Markdown text={component.content ?? ""} />;
    case THUMBNAIL:
      return <MediaView item={component} class="embed-thumbnail" />;
    case GALLERY:
      return (
        <div class="gallery">
          {(component.items ?? []).map((item, index) => (
            <MediaView key={index} item={item} />
          ))}
        </div>
      );
    case FILE: {
      const url = mediaUrl(component.file?.url ?? "", files);
      return (
        <p class="file">
          <WebLink url={url}>{url.slice(url.lastIndexOf("/") + 1)}</WebLink>
        </p>
      );
    }
    case SEPARATOR: {
      const size = component.spacing === LARGE ? "large" : "small";
      return <hr class={`separator ${size} ${component.divider === false ? "bare" : ""}`} />;
    }
    case CONTAINER: {
      const colour = cssColour(component.accent_color);
      const box = (
        <div class="embed container" style={colour ? { borderInlineStartColor: colour } : {}}>
          <div class="embed-main">{inside}</div>
        </div>
      );
      return <Covered isCovered={component.spoiler === true}>{box}</Covered>;
    }
    default:
      return <Select select={component} />;
  }
}

function Covered(props: { readonly isCovered: boolean; readonly children: ComponentChildren }) {
  if (!props.isCovered) return props.children;
  return <Spoiler>{props.children}</Spoiler>;
}

function MediaView({
  item: { media, description, spoiler },
  ...look
}: {
  readonly item: Pick<Component, "media" | "description" | "spoiler">;
  readonly class?: string;
}) {
  const { files } = useContext(PressingContext);
  const url = mediaUrl(media?.url ?? "", files);
  return (
    <Covered isCovered={spoiler === true}>
      <Picture {...look} url={url} description={description ?? undefined} />
    </Covered>
  );
}

const STYLES = ["", "blurple", "grey", "green", "red", "link"];
const LINK = 5;

function Button({ button }: { readonly button: Component }) {
  const { busy, press } = useContext(PressingContext);
  const { style = 2, label, emoji, url = "", custom_id: customId = "", disabled } = button;
  const text = (
    <>
      {emoji?.name && <span class="emoji">{emoji.id ? `:${emoji.name}:` : emoji.name}</span>}
      {label}
    </>
  );
  if (style === LINK && disabled !== true) {
    return (
      <WebLink url={url} class="press link">
        {text} <span aria-hidden="true">↗</span>
        <span class="hidden"> (opens in a new tab)</span>
      </WebLink>
    );
  }
  const isBusy = busy === customId && busy !== undefined;
  return (
    <button
      type="button"
      class={`press ${STYLES[style] ?? "grey"}`}
      disabled={disabled === true || (busy !== undefined && !isBusy)}
      aria-busy={isBusy}
      onClick={() => {
        if (busy === undefined) press(customId);
      }}
    >
      {text}
    </button>
  );
}
