#!/usr/bin/env python3
"""A second reader of channels of version 0xe5, written from docs/spec/batch-format.md and sharing nothing with src/core/columns.

Usage: reader.py CHAIN_ID FILE…   prints for each channel its blocks and transactions; files that continue one another stand in order."""

import sys

from window import U32, U64, Window, ctx, hash_number, hash_word, mix

LIMIT = 2815


class Invalid(Exception):
    pass


def logistic():
    power, squash = 1 << 32, [0] * (2 * LIMIT + 1)
    for x in range(LIMIT + 1):
        value = (1 << 48) // ((1 << 32) + power)
        squash[LIMIT + x] = value
        squash[LIMIT - x] = 65536 - value
        power = power * 4278222763 >> 32
    stretch = []
    x = -LIMIT
    for i in range(4096):
        while x < LIMIT and squash[LIMIT + x] < 16 * i + 8:
            x += 1
        stretch.append(x)
    return squash, stretch


SQUASH, STRETCH = logistic()
RATE = (48000, 28000, 18000, 12000, 8192, 5461, 3500, 2000)
(BLOCK_STEP, BLOCK_EPOCH, BLOCK_COUNT, KIND, CREATES, IS_NEW, NUMBER_HIGH, NUMBER_LOW, DATA_SIZE, SELECTOR_GUESSED, SELECTOR, WORD_CLASS, WORD_DETAIL,
 NESTED, VALUE, GAS, TIP, MAX_FEE, NONCE_STEP, NONCE, LIST_SIZE, LIST_NUMBER, AS_EXPECTED, LITERAL) = (
    0, 3, 6, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 22, 25, 28, 31, 34, 35, 38, 41, 44, 45)
ZERO = bytes(32)


class Reader:
    def __init__(self, window, coded, raw, unsigned, chain_id):
        self.w, self.coded, self.raw, self.unsigned, self.chain_id = window, coded, raw, unsigned, chain_id
        self.at, self.raw_at = 4, 0
        self.low, self.high = 0, U32
        self.code = int.from_bytes((coded + bytes(4))[:4], "big")

    # Range coder and symbols
    def bit(self, p):
        low, high = self.low, self.high
        middle = low + ((high - low) >> 16) * p + (((high - low) & 0xFFFF) * p >> 16)
        bit = 1 if self.code <= middle else 0
        if bit:
            high = middle
        else:
            low = middle + 1
        while (low ^ high) >> 24 == 0:
            low = low << 8 & U32
            high = (high << 8 & U32) | 0xFF
            self.code = (self.code << 8 & U32) | (self.coded[self.at] if self.at < len(self.coded) else 0)
            self.at += 1
        self.low, self.high = low, high
        return bit

    def bucket(self, c):
        i, tag = c >> 15, (c & 0xFFFF) | 1
        a = self.w.buckets.setdefault(i, [0] + [4096 << 3] * 15)
        if a[0] == tag:
            return a
        b = self.w.buckets.setdefault(i ^ 1, [0] + [4096 << 3] * 15)
        if b[0] == tag:
            return b
        old = a if (a[1] & 7) <= (b[1] & 7) else b
        old[:] = [tag] + [4096 << 3] * 15
        return old

    def nibble(self, s, bits, contexts, first_row=0):
        slots = [self.bucket(c) for c in contexts]
        rows = self.w.weights.setdefault(s, [[26214] * 4 for _ in range(8)])
        node = 1
        for k in range(bits):
            w = rows[first_row + k + 4 - bits]
            inputs = [STRETCH[b[node] >> 4] for b in slots]
            total = sum((w[n] >> 4) * x for n, x in enumerate(inputs))
            p = SQUASH[LIMIT + max(-LIMIT, min(LIMIT, total >> 12))]
            y = self.bit(p)
            error = ((65535 if y else 0) - p) * 28 >> 4
            for n, x in enumerate(inputs):
                w[n] = max(-524288, min(524288, w[n] + ((x * error + 32768) >> 16)))
                slot = slots[n][node]
                value = slot >> 3
                value += ((8191 if y else 0) - value) * RATE[slot & 7] >> 16
                slots[n][node] = value << 3 | min((slot & 7) + 1, 7)
            node = node * 2 + y
        return node - (1 << bits)

    def byte(self, s, contexts):
        high = self.nibble(s, 4, contexts)
        return high << 4 | self.nibble(s, 4, [mix(c, high + 1) for c in contexts], 4)

    def symbol(self, s, bits, *contexts):
        contexts = [ctx(s, *c) for c in contexts]
        return self.byte(s, contexts) if bits == 8 else self.nibble(s, bits, contexts)

    def raw_bytes(self, count):
        if self.raw_at + count > len(self.raw):
            raise Invalid("raw bytes")
        self.raw_at += count
        return self.raw[self.raw_at - count:self.raw_at]

    # Numbers and known words
    def number(self, s, a, b, bound=32):
        w = self.w
        at_a, at_b = ctx(s, 12, a) >> 18, ctx(s, 13, b) >> 18
        guess = self.nibble(s, 2, [ctx(s, 1), ctx(s, 2, a), ctx(s, 3, b)])
        if guess == 3:
            raise Invalid("guess")
        if guess:
            digits = w.numbers.get(at_a if guess == 1 else at_b, b"")
        else:
            count = self.nibble(s + 1, 4, [ctx(s, 4), ctx(s, 5, a), ctx(s, 6, b)])
            if count == 15:
                count = self.byte(s + 1, [ctx(s, 7), ctx(s, 8, a)])
            if count > 32:
                raise Invalid("digits")
            prefix, digits = count, b""
            for i in range(count):
                digit = self.byte(s + 2, [ctx(s, 9, prefix), ctx(s, 10, prefix, a), ctx(s, 11, count, i)])
                digits += bytes([digit])
                prefix = mix(prefix, digit)
            if digits[:1] == b"\0":
                raise Invalid("leading zero")
        if len(digits) > bound:
            raise Invalid("number too large")
        w.numbers[at_a] = digits
        w.numbers[at_b] = digits
        return digits

    def integer(self, s, a, b, bound):
        return int.from_bytes(self.number(s, a, b, bound), "big")

    def known(self, place):
        last = self.w.last_number
        high = self.symbol(NUMBER_HIGH, 8, (1,), (2, place), (3, last))
        low = self.symbol(NUMBER_LOW, 8, (1, high), (2, place, high), (3, last, high))
        self.w.last_number = high * 256 + low
        if self.w.last_number >= len(self.w.words):
            raise Invalid("word number")
        return self.w.words[self.w.last_number]

    def address(self, place):
        if self.symbol(IS_NEW, 1, (1, place), (2, place, self.w.kind), (3, place, self.w.last_to)):
            word = bytes(12) + self.raw_bytes(20)
            self.w.add(word)
            return word[12:]
        return self.known(place)[12:]

    # Blocks and transactions
    def blocks(self, count):
        w, out = self.w, []
        for _ in range(count):
            s, c = w.step, w.count
            w.step = self.integer(BLOCK_STEP, s, 0, 8)
            w.epoch = (w.epoch + self.integer(BLOCK_EPOCH, s, 0, 8)) & U64
            w.count = self.integer(BLOCK_COUNT, c, 0, 8)
            w.timestamp = (w.timestamp + w.step) & U64
            out.append((w.timestamp, w.epoch, [self.transaction() for _ in range(w.count)]))
        if self.at > len(self.coded) + 4:
            raise Invalid("coded bytes")
        if self.raw_at != len(self.raw):
            raise Invalid("raw bytes left over")
        return out

    def transaction(self):
        w = self.w
        kind = self.symbol(KIND, 3, (1,), (2, w.kind), (3, w.kind, w.last_to))
        if kind > 5:
            raise Invalid("kind")
        w.kind = kind
        if kind == 5:
            sender = self.address(0) if self.unsigned else None
            return sender, self.call_data(2)
        sender, source, signature = None, 0, None
        if self.unsigned:
            sender = self.address(1)
            source = hash_word(bytes(12) + sender)
        else:
            signature = self.raw_bytes(64)
        recipient, to = b"", 1
        if not self.symbol(CREATES, 1, (1, kind), (2, w.last_to)):
            recipient = self.address(source or 2)
            to = hash_word(bytes(12) + recipient)
        data = self.call_data(to)
        f = self.function
        w.value = self.number(VALUE, f, hash_number(w.value))
        w.gas = self.number(GAS, f, hash_number(w.gas), 8)
        tip = self.number(TIP, f, hash_number(w.tip)) if kind in (2, 4) else b""
        w.max_fee = self.number(MAX_FEE, hash_number(tip), hash_number(w.max_fee))
        w.tip = tip
        key = source if self.unsigned else f
        at = ctx(NONCE_STEP, key) >> 18
        step = self.symbol(NONCE_STEP, 8, (1,), (2, key), (3, to))
        nonce = (w.nonces.get(at, 0) + step) & U64 if step < 255 else self.integer(NONCE, f, to, 8)
        w.nonces[at] = nonce
        access = self.access_list(f) if kind in (1, 2, 4) else []
        tuples = self.authorizations() if kind == 4 else []
        w.last_to = to
        return sender, self.assemble(kind, nonce, tip, recipient, data, access, tuples, signature)

    def access_list(self, f):
        out = []
        for i in range(self.integer(LIST_SIZE, 1, f, 4)):
            address = self.address(ctx(LIST_SIZE, f, i))
            a = hash_word(bytes(12) + address)
            count = self.integer(LIST_SIZE, 2, a, 4)
            self.begin(mix(a, 2), 0)
            out.append([address, [self.word(32) for _ in range(count)]])
        return out

    def authorizations(self):
        out = []
        for _ in range(self.integer(LIST_SIZE, 3, self.function, 4)):
            item = [self.number(LIST_NUMBER, 1, 0), self.address(3), self.number(LIST_NUMBER, 2, 0), self.number(LIST_NUMBER, 3, 0)]
            for _ in range(2):
                count = self.symbol(LIST_NUMBER, 8, (14,))
                if count > 32:
                    raise Invalid("signature")
                item.append(self.raw_bytes(count))
                if item[-1][:1] == b"\0":
                    raise Invalid("leading zero")
            out.append(item)
        return out

    def assemble(self, kind, nonce, tip, recipient, data, access, tuples, signature):
        w, legacy = self.w, kind in (0, 3)
        fields = [] if legacy else [self.chain_id]
        fields += [nonce] + ([tip] if kind in (2, 4) else []) + [w.max_fee, w.gas, recipient, w.value, data]
        fields += ([] if legacy else [access]) + ([tuples] if kind == 4 else [])
        if signature is not None:
            parity = signature[32] >> 7
            s = bytes([signature[32] & 0x7F]) + signature[33:]
            v = parity + (27 if kind == 0 else (35 + 2 * self.chain_id) & U64 if kind == 3 else 0)
            fields += [v & U64, signature[:32].lstrip(b"\0"), s.lstrip(b"\0")]
        return (b"" if legacy else bytes([kind])) + rlp(fields)

    # Call data
    def begin(self, function, size):
        self.function, self.size = function, size
        self.index = self.kinds = self.depth = 0
        self.last = self.before = ZERO

    def call_data(self, to):
        size = self.integer(DATA_SIZE, to, self.w.last_to, 4)
        self.begin(mix(to, 1 if size else 0), size)
        out = bytearray()
        if size >= 4:
            out += self.selector()
        self.words(out, size)
        return bytes(out)

    def selector(self):
        w, f, i, d = self.w, self.function, self.index, self.depth
        at = ctx(SELECTOR, f, i, d) >> 18
        guess = w.selectors.get(at, 0)
        if self.symbol(SELECTOR_GUESSED, 1, (1, f, i, d), (2, self.size, f), (3, guess)):
            out = guess.to_bytes(4, "little")
        else:
            prefix, out = 0, b""
            for k in range(4):
                byte = self.symbol(SELECTOR, 8, (1, prefix, f, k), (2, prefix, k), (3, self.size, prefix, k), (4, i, prefix, d))
                out += bytes([byte])
                prefix = mix(prefix, byte)
        w.selectors[at] = int.from_bytes(out, "little")
        w.run(out)
        self.function = mix(f if d == 0 else 0, w.selectors[at])
        return out

    def words(self, out, end):
        while len(out) < end:
            if self.at > len(self.coded) + 8:
                raise Invalid("coded bytes")
            out += self.word(min(32, end - len(out)))
            m = int.from_bytes(self.last, "big")
            if m >= 1 << 32 or m % 32 != 4 or m > end - len(out) or self.depth == 8:
                continue
            if not self.symbol(NESTED, 1, (1,), (2, self.function, self.index), (3, self.function)):
                continue
            f, i, inner_end = self.function, self.index, len(out) + m
            self.depth += 1
            out += self.selector()
            self.index = 0
            self.words(out, inner_end)
            self.depth -= 1
            self.function, self.index = f, i + 1
            if len(out) < end:
                out += self.word(min(28, end - len(out)))

    def word(self, count):
        w, f = self.w, self.function
        place = ctx(WORD_CLASS, f, min(self.index, 64), count)
        last = hash_word(self.last)
        at_next = ctx(WORD_CLASS, last, hash_word(self.before), f) >> 18
        at_place = place >> 18
        group = self.symbol(WORD_CLASS, 4, (1, place, self.kinds & 15), (2, self.kinds & 4095), (3, last, place))
        self.kinds = (self.kinds << 4 | group) & U32
        detail = self.symbol(WORD_DETAIL, 4, (1, group), (2, group, place), (3, group, last)) if 11 <= group <= 14 else 0
        if group == 1:
            word = w.next.get(at_next, ZERO)
        elif group == 2:
            word = w.places.get(at_place, ZERO)
        elif group == 3:
            word = self.known(place)
        else:
            word = self.literal(group, detail, count, place)
        if group in (1, 2, 3):
            w.run(word[32 - count:])
        w.next[at_next] = word
        w.places[at_place] = word
        self.before, self.last = self.last, word
        self.index += 1
        return word[32 - count:]

    def literal(self, group, detail, count, place):
        w = self.w
        before = {0: 32, 4: 12, 5: 0, 6: 31, 7: 30, 8: 29, 9: 28, 10: 0}.get(group)
        after = 0
        if group == 11 and 1 <= detail <= 11:
            before = detail
        elif group == 12 and detail >= 1:
            before = 12 + detail
        elif group == 13 and detail >= 1:
            before, after = 0, detail
        elif group == 14:
            before, after = 0, 16 + detail
        elif before is None:
            raise Invalid("group")
        kind = 32 + after if after else before
        own = 32 - count
        first, last = max(before, own), max(32 - after, own)
        word = bytearray(32)
        w.run(bytes(first - own))
        if group in (4, 5):
            word[first:last] = self.raw_bytes(last - first)
            w.run(word[first:last])
        else:
            for i in range(first, last):
                word[i] = self.digit(i, kind, place)
                w.byte_alone(word[i])
        w.run(bytes(32 - last))
        word = bytes(word)
        if last - first >= 6 and count == 32 and not w.is_known(word):
            w.add(word)
        return word

    def digit(self, i, kind, place):
        w = self.w
        expected, trust = w.expected(), w.trust()
        if trust >= 2 and self.symbol(AS_EXPECTED, 1, (1, w.length), (2, expected, trust), (3, place, i)):
            return expected
        s = LITERAL + trust + (5 if 24 <= kind < 32 else 0)
        return self.byte(s, [ctx(45, 1, place, i, kind), ctx(45, 2, w.recent & 0xFF, i, kind), ctx(45, 3, w.recent & 0xFFFF), ctx(45, 4, expected, trust)])


def rlp(item):
    if isinstance(item, list):
        payload = b"".join(rlp(x) for x in item)
        return rlp_header(len(payload), 0xC0) + payload
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    return item if len(item) == 1 and item[0] < 0x80 else rlp_header(len(item), 0x80) + item


def rlp_header(size, base):
    if size < 56:
        return bytes([base + size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([base + 55 + len(digits)]) + digits


def read_channel(channel, window, chain_id):
    """The blocks: (timestamp, epoch, [(sender or None, transaction)])."""
    if channel[0] != 0xE5 or channel[1] & ~7:
        raise Invalid("version")
    at = 6 if channel[1] & 2 else 2
    at += 40
    numbers = []
    for _ in range(2):
        value = shift = 0
        while True:
            byte = channel[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        numbers.append(value)
    block_count, coded = numbers
    reader = Reader(window, channel[at:at + coded], channel[at + coded:], bool(channel[1] & 1), chain_id)
    return reader.blocks(block_count)


def main():
    chain_id, window = int(sys.argv[1]), Window()
    for name in sys.argv[2:]:
        with open(name, "rb") as file:
            channel = file.read()
        if not channel[1] & 2:
            window = Window()
        for timestamp, epoch, transactions in read_channel(channel, window, chain_id):
            print("block", timestamp, epoch)
            for sender, transaction in transactions:
                print((sender.hex() + " " if sender is not None else "") + "0x" + transaction.hex())


if __name__ == "__main__":
    main()
