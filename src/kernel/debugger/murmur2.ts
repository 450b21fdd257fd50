const multiplier = 0x5bd1e995;

/**
 * MurmurHash2, 32 bits, of a text's UTF-8 bytes (Appleby 2008), by which front ends and kernels name the same cell
 * (Jupyter messaging 5.5, "debugInfo": `hashMethod: Murmur2`).
 */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text, "utf8");
  const whole = bytes.length - (bytes.length % 4);
  let hash = seed ^ bytes.length;
  for (let offset = 0; offset < whole; offset += 4) {
    let word = Math.imul(bytes.readUInt32LE(offset), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (whole < bytes.length) {
    // What is left, the first byte lowest.
    for (let offset = whole; offset < bytes.length; offset++)
      hash ^= (bytes[offset] as number) << (8 * (offset - whole));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return (hash ^ (hash >>> 15)) >>> 0;
}
