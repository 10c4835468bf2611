/**
 * The texts of a page whose contrast is below 4.5 (https://www.w3.org/TR/WCAG22/#contrast-minimum), on any of the
 * colours that may be behind them. axe-core gives no answer for texts on a gradient, and each page has one.
 */
export const UNREADABLE = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = colour.map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, below) => {
    const [alpha = 1] = top.slice(3);
    return below.map((channel, index) => top[index] * alpha + channel * (1 - alpha));
  };
  const WHITE = [255, 255, 255];
  const known = new Map();
  const behind = (element) => {
    if (!element) return [WHITE];
    const seen = known.get(element);
    if (seen) return seen;
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const flat = behind(element.parentElement).map((below) => over(channels(backgroundColor), below));
    const stops = (backgroundImage.match(/rgba?\\([^)]*\\)/g) ?? []).map(channels);
    const all = [...flat, ...stops.flatMap((stop) => flat.map((below) => over(stop, below)))];
    const colours = [...new Map(all.map((colour) => [colour.join(), colour])).values()];
    known.set(element, colours);
    return colours;
  };
  const contrast = (element) => Math.min(...behind(element).map((below) => {
    const colour = over(channels(getComputedStyle(element).color), below);
    const [dark, light] = [colour, below].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }));
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.body.querySelectorAll("*")].filter(hasText)
    .filter((text) => contrast(text) < 4.5).map((text) => text.outerHTML);
})()`;

/**
 * Looks at a loaded page: what sticks out sideways, whether the style sheet is in force, images that did not load, and
 * texts that are hard to read.
 */
export const MEASURE = `({
  title: document.title,
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  hasStyle: getComputedStyle(document.body).display === "flex",
  brokenImages: [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src),
  unreadable: ${UNREADABLE},
})`;
