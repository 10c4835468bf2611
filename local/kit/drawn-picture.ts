import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/** Eight bits for each of red, green and blue: https://www.w3.org/TR/png-3/#11IHDR */
const TRUE_COLOUR = Buffer.from([8, 2, 0, 0, 0]);

/** A picture as a PNG file: one of twelve soft gradients, by a number. */
export function drawnPicture(width: number, height: number, number = 0): Buffer {
  const hue = (number % 12) * 30;
  const top = topOf(width, hue);
  const rows = Array.from({ length: height }, (_, y) => rowOf(top, y / height));
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

/** The colours of the first row, three numbers for each dot. */
function topOf(width: number, hue: number): Float64Array {
  return Float64Array.from({ length: width * 3 }, (_, index) => {
    const channel = index % 3;
    const turn = ((hue + 60 * ((index - channel) / 3 / width)) * Math.PI) / 180;
    return 190 + 45 * Math.cos(turn - (channel * 2 * Math.PI) / 3);
  });
}

function rowOf(top: Float64Array, y: number): Buffer {
  const row = Buffer.alloc(1 + top.length);
  for (let index = 0; index < top.length; index += 1) {
    row[1 + index] = Math.round((top[index] ?? 0) - 40 * y);
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
