const HUES = 360;

/** A person's picture: their first letter on a colour of their own. */
export function Avatar({ id, name }: { readonly id: string; readonly name: string }) {
  const hue = (Number(id.slice(-5)) * 137) % HUES;
  return (
    <span class="avatar" aria-hidden="true" style={{ "--hue": String(hue) }}>
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
