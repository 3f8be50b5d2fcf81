// Size under FastLZ level 1, written from the format rather than from the contract: tokens are produced, then their sizes added.
export function fastLzSize(data) {
  const limit = data.length < 13 ? 0 : data.length - 13;
  const seen = new Map(); // hash -> last position
  const key = (i) => data[i] + data[i + 1] * 2 ** 8 + data[i + 2] * 2 ** 16;
  const hash = (value) => Number(((2654435769n * BigInt(value)) >> 19n) & 0x1fffn);
  const tokens = [];
  let literalStart = 0;
  let position = 2;
  while (position < limit) {
    let candidate = -1;
    for (; position < limit; position++) {
      const slot = hash(key(position));
      const before = seen.get(slot) ?? 0;
      seen.set(slot, position);
      if (position - before < 8192 && key(before) === key(position)) {
        candidate = before;
        break;
      }
    }
    if (candidate < 0 || position + 1 >= limit) break;
    if (position > literalStart) tokens.push({ literals: position - literalStart });
    let length = 0;
    const end = limit + 9 - (position + 3);
    while (length < end && data[candidate + 3 + length] === data[position + 3 + length]) length++;
    if (length < end) length++; // the first byte that differs is counted with the match, as the reference does
    tokens.push({ match: length - 1 });
    position += length;
    seen.set(hash(key(position)), position);
    seen.set(hash(key(position + 1)), position + 1);
    position += 2;
    literalStart = position;
  }
  tokens.push({ literals: data.length - literalStart });
  let size = 0;
  for (const { literals, match } of tokens) {
    if (match !== undefined) {
      size += 3 * Math.floor(match / 262) + (match % 262 >= 6 ? 3 : 2);
    } else {
      for (let left = literals; left > 0; left -= 32) size += 1 + Math.min(left, 32);
    }
  }
  return size;
}
