/**
 * The sounds of the Live Pot, synthesized by the browser. OBS's browser source plays them at once; a browser tab
 * only after someone has clicked into the page.
 */

const VOLUME = 0.16;
/** Notes in hertz, each with its start in seconds. */
const CHIME = [
  [784, 0],
  [1047, 0.07],
  [1319, 0.14],
];
const FANFARE = [
  [523, 0],
  [659, 0.13],
  [784, 0.26],
  [1047, 0.42],
  [1319, 0.42],
  [1568, 0.42],
];

/** Creates the sounds; they are silent unless `isOn`. */
export function createSound(isOn) {
  let context;

  const play = (notes, lengthSeconds) => {
    if (!isOn) return;
    context ??= new AudioContext();
    context.resume().catch(() => {});
    for (const [frequency, late] of notes)
      ring(frequency, context.currentTime + late, lengthSeconds);
  };

  /** Plays one note like a bell: loud at once, then fading. */
  const ring = (frequency, at, lengthSeconds) => {
    const tone = new OscillatorNode(context, { type: "triangle", frequency });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.exponentialRampToValueAtTime(VOLUME, at + 0.012);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + lengthSeconds);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + lengthSeconds);
  };

  return { chime: () => play(CHIME, 0.5), fanfare: () => play(FANFARE, 1.3) };
}
