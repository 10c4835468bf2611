import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { place } from "../../shell/router.ts";
import { attempt } from "../../shell/toasts.ts";
import "./pages.css";

type Found = Answer<"pages", "read">["pages"][number];

const WIDTHS = { phone: 390, desktop: 1280, overlay: 1920 } as const;
type Width = keyof typeof WIDTHS;
const HEIGHTS: Readonly<Record<Width, number>> = { phone: 760, desktop: 800, overlay: 1080 };
/** How wide a frame is shown; what is wider is scaled down. */
const SHOWN_PX = 620;

/** Pages and overlays side by side, as visitors and streams see them. */
export function PagesPage() {
  const { value, problem } = useCall("pages", "read", {});
  const opened = useSignal<Answer<"pages", "open"> | undefined>(undefined);
  const chosen = useSignal<readonly string[] | undefined>(undefined);
  const order = useComputed(() => place.value.query.get("order"));
  useEffect(() => {
    void attempt(async () => {
      opened.value = await call("pages", "open", { origin: location.origin });
    });
  }, [opened]);
  if (problem !== undefined) return <p class="problem">{problem}</p>;
  if (!value || !opened.value) return null;
  const { framesUrl, siteUrl } = opened.value;
  const { pages } = value;
  const ofOrder = pages.find(({ orderId }) => orderId !== undefined && orderId === order.value);
  const shown = chosen.value ?? (ofOrder ? [ofOrder.path] : ["/"]);
  return (
    <div class="stack">
      {order.value !== null && !ofOrder && (
        <p class="problem">Order {order.value} has no page yet: its buyer was sent no link.</p>
      )}
      <details class="card" open={shown.length === 0}>
        <summary>Choose pages and overlays ({pages.length})</summary>
        <div class="choose-pages">
          {pages.map(({ path, title }) => (
            <label key={path} class="row">
              <input
                type="checkbox"
                checked={shown.includes(path)}
                onChange={({ currentTarget: { checked } }) => {
                  const others = shown.filter((each) => each !== path);
                  chosen.value = checked ? [...others, path] : others;
                }}
              />
              {title}
            </label>
          ))}
        </div>
      </details>
      <div class="frames">
        {shown.map((path) => {
          const page = pages.find((each) => each.path === path);
          return page && <Frame key={path} page={page} framesUrl={framesUrl} siteUrl={siteUrl} />;
        })}
      </div>
      <p class="quiet">
        The site lets nobody frame its pages. The frames come from {framesUrl}, which passes the
        site on and replaces that one header, for the studio alone. Forms and sign-ins work in a tab
        of their own.
      </p>
    </div>
  );
}

function Frame({
  page: { title, path, isOverlay },
  framesUrl,
  siteUrl,
}: {
  page: Found;
  framesUrl: string;
  siteUrl: string;
}) {
  const width = useSignal<Width>(isOverlay ? "overlay" : "phone");
  const pixels = WIDTHS[width.value];
  const height = HEIGHTS[width.value];
  const scale = Math.min(1, SHOWN_PX / pixels);
  return (
    <section class="card frame" aria-label={title}>
      <header class="row">
        <strong>{title}</strong>
        <label>
          <span class="hidden">Width of {title}</span>
          <select
            value={width.value}
            onChange={({ currentTarget: { value } }) => {
              width.value = value in WIDTHS ? (value as Width) : "phone";
            }}
          >
            <option value="phone">phone, 390</option>
            <option value="desktop">desktop, 1280</option>
            <option value="overlay">overlay, 1920 × 1080</option>
          </select>
        </label>
        <a href={`${siteUrl}${path}`} target="_blank" rel="noreferrer">
          open in a new tab
        </a>
      </header>
      <div
        class="window"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that is wider than the screen is scrolled in it
        tabIndex={0}
        style={{ width: `${pixels * scale}px`, height: `${height * scale}px` }}
      >
        <iframe
          title={title}
          src={`${framesUrl}${path}`}
          style={{
            width: `${pixels}px`,
            height: `${height}px`,
            transform: `scale(${scale})`,
          }}
        />
      </div>
    </section>
  );
}
