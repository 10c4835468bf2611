import { crc32 } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MS_PER_SECOND = 1_000;

/** One picture of a recording: a PNG, and how long it is shown. */
export interface Frame {
  readonly png: Buffer;
  readonly ms: number;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * Joins screenshots of one size to an animated PNG that repeats for ever. Where animations are not
 * supported, the first one is shown. https://www.w3.org/TR/png-3/#apng-frame-based-animation
 */
export function animatedPng(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (!first) throw new Error("A recording needs at least one frame.");
  const header = chunksOf(first.png).find(({ type }) => type === "IHDR");
  if (!header) throw new Error("The first frame is not a PNG.");
  const animation = Buffer.alloc(8);
  animation.writeUInt32BE(frames.length, 0);
  let sequence = 0;
  const parts = frames.flatMap(({ png, ms }, index) => {
    const control = chunk("fcTL", frameControl(sequence++, header.data, ms));
    const data = chunksOf(png)
      .filter(({ type }) => type === "IDAT")
      .map((part) => {
        if (index === 0) return chunk("IDAT", part.data);
        const numbered = Buffer.alloc(4);
        numbered.writeUInt32BE(sequence++);
        return chunk("fdAT", Buffer.concat([numbered, part.data]));
      });
    return [control, ...data];
  });
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header.data),
    chunk("acTL", animation),
    ...parts,
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A whole frame, shown for a time. */
function frameControl(sequence: number, header: Buffer, ms: number): Buffer {
  const control = Buffer.alloc(26);
  control.writeUInt32BE(sequence, 0);
  // Width and height.
  header.copy(control, 4, 0, 8);
  control.writeUInt16BE(ms, 20);
  control.writeUInt16BE(MS_PER_SECOND, 22);
  return control;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
