/** A link into the studio, or to another page of the local cloud in a tab of its own. */
export function SceneLink({ label, href }: { label: string; href: string }) {
  return href.startsWith("/") ? (
    <a class="button" href={href}>
      {label}
    </a>
  ) : (
    <a class="button" href={href} target="_blank" rel="noreferrer">
      {label} ↗
    </a>
  );
}
