import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/** Eight bits for each of red, green and blue: https://www.w3.org/TR/png-3/#11IHDR */
const TRUE_COLOUR = Buffer.from([8, 2, 0, 0, 0]);

/** A picture as a PNG file: one of twelve soft gradients, by a number. */
export function drawnPicture(width: number, height: number, number = 0): Buffer {
  const hue = (number % 12) * 30;
  const rows = Array.from({ length: height }, (_, y) => rowOf(width, y / height, hue));
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", Buffer.concat([size, TRUE_COLOUR])),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function rowOf(width: number, y: number, hue: number): Buffer {
  const row = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x += 1) {
    const turn = ((hue + 60 * (x / width)) * Math.PI) / 180;
    for (let channel = 0; channel < 3; channel += 1) {
      const wave = Math.cos(turn - (channel * 2 * Math.PI) / 3);
      row[1 + x * 3 + channel] = Math.round(190 + 45 * wave - 40 * y);
    }
  }
  return row;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
