"""What both sides of a channel know: contexts, hashes, and the window (docs/spec/batch-format.md, "Symbols", "Known words", "History")."""

U32, U64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


def mix(a, b):
    h = ((a ^ ((b + 0x7F4A7C15) * 0x85EBCA77 & U32)) * 0x9E3779B1) & U32
    return h ^ (h >> 15)


def ctx(symbol, *parts):
    h = symbol * 0x2545F491 & U32
    for part in parts:
        h = mix(h, part & U32)
    return h


def hash_word(word):
    h = 0
    for i in range(0, 32, 8):
        h = ((h ^ int.from_bytes(word[i:i + 8], "little")) * 0x9E3779B97F4A7C15) & U64
        h ^= h >> 29
    return h >> 32


def hash_number(digits):
    return (hash_word(digits + bytes(32 - len(digits))) + len(digits)) & U32


class Window:
    """Everything that a fresh channel begins without."""

    def __init__(self):
        self.buckets = {}
        self.weights = {}
        self.numbers, self.selectors, self.nonces, self.next, self.places = {}, {}, {}, {}, {}
        self.words, self.next_word, self.index, self.last_number = [], 0, {}, 0
        self.ring, self.end, self.ends = bytearray(1 << 20), 1, {}
        self.match, self.length, self.recent = 0, 0, 0
        self.kind, self.last_to = 2, 0
        self.value = self.gas = self.tip = self.max_fee = b""
        self.timestamp = self.epoch = self.step = self.count = 0

    # History
    def slot(self):
        return ((self.recent & 0xFFFFFFFFFF) * 0x9E3779B97F4A7C15 & U64) >> 46

    def write(self, byte):
        self.ring[self.end % (1 << 20)] = byte
        self.end = (self.end + 1) & U32
        self.recent = (self.recent << 8 | byte) & U64

    def look_up(self, c):
        if c == 0 or (self.end - c) & U32 >= 1 << 20:
            return
        n, size = 0, 1 << 20
        while n < 32 and self.ring[(c - n - 1) % size] == self.ring[(self.end - n - 1) % size]:
            n += 1
        if n >= 4:
            self.match, self.length = c, n

    def byte_alone(self, byte):
        if self.match != 0 and self.ring[self.match % (1 << 20)] == byte:
            self.match = (self.match + 1) & U32
            self.length = min(self.length + 1, 65535)
        else:
            self.match = self.length = 0
        self.write(byte)
        slot = self.slot()
        if self.match == 0:
            self.look_up(self.ends.get(slot, 0))
        self.ends[slot] = self.end

    def run(self, data):
        if not data:
            return
        for byte in data:
            if self.recent & 0xFFFFFFFFFF:
                self.ends[self.slot()] = self.end
            self.write(byte)
        self.match = self.length = 0
        slot = self.slot()
        self.look_up(self.ends.get(slot, 0))
        self.ends[slot] = self.end

    def expected(self):
        return 256 if self.match == 0 else self.ring[self.match % (1 << 20)]

    def trust(self):
        if self.match == 0:
            return 0
        return 1 if self.length < 6 else 2 if self.length < 12 else 3 if self.length < 24 else 4

    # Known words
    def is_known(self, word):
        at = self.index.get(hash_word(word) >> 15)
        return at is not None and self.words[at] == word

    def add(self, word):
        at = self.next_word
        if at == len(self.words):
            self.words.append(word)
        else:
            self.words[at] = word
        self.index[hash_word(word) >> 15] = at
        self.next_word = (at + 1) % 65536
