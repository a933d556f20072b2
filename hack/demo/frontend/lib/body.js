// Bodies, read whole, up to a bound.

export class TooLargeError extends Error {}

export async function readBody(stream, largest) {
  const parts = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > largest) throw new TooLargeError(`a body may have ${largest} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
