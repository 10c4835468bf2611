/** The size of a picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const STORED = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/;

/** A picture's size as it is stored: "1200x900", or "" if Discord did not say. */
export function storedSize({
  width,
  height,
}: {
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
}): string {
  const text = `${width ?? 0}x${height ?? 0}`;
  return STORED.test(text) ? text : "";
}

/** The size that was stored; undefined if it is not known. */
export function readSize(stored: string | undefined): PictureSize | undefined {
  const [, width, height] = STORED.exec(stored ?? "") ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}
