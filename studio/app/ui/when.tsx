/** A time in the reader's own format. */
export function When({ atMs }: { atMs: number }) {
  const at = new Date(atMs);
  return (
    <time dateTime={at.toISOString()}>
      {at.toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" })}
    </time>
  );
}
