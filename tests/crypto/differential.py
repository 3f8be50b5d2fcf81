#!/usr/bin/env python3
"""differential.py PROGRAM [SECONDS [SEED]]: the crypto module beside implementations that share nothing with it, on random and extreme inputs.

Python's pow and hashlib, py_ecc for bn254 and BLS12-381, and this file's own Keccak and P-256. Stops at the first difference and prints the line that
shows it, which PROGRAM (build/…/tests/crypto/entresol_crypto_lines) answers again."""
import hashlib
import random
import subprocess
import sys
import time

from py_ecc import optimized_bls12_381 as bls
from py_ecc import optimized_bn128 as bn

rng = random.Random()


def some_bytes(size):
    """Uniform, or long runs of ones and zeros, where carries are extreme."""
    if rng.random() < 0.3:
        return bytes(rng.choice((0, 0, 0xFF, 0xFF, rng.randrange(256))) for _ in range(size))
    return rng.randbytes(size)


def some_scalar(order):
    return rng.choice((0, 1, 2, order - 1, order, order + 1, 2**256 - 1, rng.randrange(2**256), rng.randrange(2**128), rng.randrange(order)))


# Keccak-256 from the definition (FIPS 202, 3.2), with Ethereum's padding.
def keccak(message):
    lanes = [[0] * 5 for _ in range(5)]
    mask = 2**64 - 1

    def rotate(value, count):
        count %= 64
        return ((value << count) | (value >> (64 - count))) & mask

    def permute():
        nonlocal lanes
        lfsr = 1
        for _ in range(24):
            c = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
            d = [c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)]
            lanes = [[lanes[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            x, y, current = 1, 0, lanes[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                current, lanes[x][y] = lanes[x][y], rotate(current, (t + 1) * (t + 2) // 2)
            for y in range(5):
                row = [lanes[x][y] for x in range(5)]
                for x in range(5):
                    lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & mask & row[(x + 2) % 5])
            for j in range(7):
                if lfsr & 1:
                    lanes[0][0] ^= 1 << (2**j - 1)
                lfsr = (lfsr << 1) ^ (0x171 if lfsr & 0x80 else 0)

    padded = bytearray(message + b"\x01" + bytes(-(len(message) + 1) % 136))
    padded[-1] |= 0x80
    for start in range(0, len(padded), 136):
        for i in range(17):
            lanes[i % 5][i // 5] ^= int.from_bytes(padded[start + 8 * i : start + 8 * i + 8], "little")
        permute()
    return b"".join(lanes[i][0].to_bytes(8, "little") for i in range(4))


def hash_case():
    size = rng.choice((rng.randrange(300), 64 * rng.randrange(5) + rng.randrange(-9, 9) % 64, 136 * rng.randrange(4)))
    message = some_bytes(size)
    kind = rng.randrange(5)
    if kind == 0:
        return "keccak", [message], keccak(message)
    if kind == 1:
        messages = [some_bytes(rng.randrange(1, 300)) for _ in range(rng.randrange(1, 20))]
        return "keccak_many", messages, b"".join(map(keccak, messages))
    if kind == 2:
        return "ripemd160", [message], hashlib.new("ripemd160", message).digest()
    return ("sha256", "sha256_portable")[kind - 3], [message], hashlib.sha256(message).digest()


def blake2f_case():
    """One final block: BLAKE2b of a message of at most 128 bytes (RFC 7693, 3.3)."""
    message = some_bytes(rng.randrange(129))
    iv = (0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1, 0x510E527FADE682D1, 0x9B05688C2B3E6C1F,
          0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179)
    h = b"".join((word ^ (0x01010040 if i == 0 else 0)).to_bytes(8, "little") for i, word in enumerate(iv))
    data = (12).to_bytes(4, "big") + h + message.ljust(128, b"\0") + len(message).to_bytes(16, "little") + b"\x01"
    return "blake2f", [data], hashlib.blake2b(message).digest()


def modexp_case():
    base, exponent = some_bytes(rng.randrange(300)), some_bytes(rng.randrange(rng.choice((3, 40, 130))))
    modulus = bytearray(some_bytes(rng.randrange(1, rng.choice((9, 40, 300)))))
    kind = rng.randrange(5)
    if kind == 0:
        modulus[-1] |= 1
    if kind == 1:
        modulus[rng.randrange(len(modulus)) :] = bytes(len(modulus) - rng.randrange(len(modulus)))
    if kind == 2:
        modulus = bytearray((1 << rng.randrange(8 * len(modulus))).to_bytes(len(modulus), "big"))
    m = int.from_bytes(modulus, "big")
    value = pow(int.from_bytes(base, "big"), int.from_bytes(exponent, "big"), m) if m else 0
    return "modexp", [base, exponent, bytes(modulus)], value.to_bytes(len(modulus), "big")


class P256:
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    g = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296, 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)

    @classmethod
    def add(cls, a, b):
        if a is None or b is None:
            return a or b
        if a[0] == b[0]:
            if (a[1] + b[1]) % cls.p == 0:
                return None
            slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, cls.p)
        else:
            slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, cls.p)
        x = (slope * slope - a[0] - b[0]) % cls.p
        return x, (slope * (a[0] - x) - a[1]) % cls.p

    @classmethod
    def multiply(cls, point, scalar):
        total = None
        while scalar:
            if scalar & 1:
                total = cls.add(total, point)
            point, scalar = cls.add(point, point), scalar >> 1
        return total

    @classmethod
    def verify(cls, digest, r, s, x, y):
        if not (0 < r < cls.n and 0 < s < cls.n and x < cls.p and y < cls.p) or (y * y - x**3 + 3 * x - cls.b) % cls.p:
            return False
        w = pow(s, -1, cls.n)
        point = cls.add(cls.multiply(cls.g, digest * w % cls.n), cls.multiply((x, y), r * w % cls.n))
        return point is not None and point[0] % cls.n == r


def p256_case():
    key, nonce, digest = (rng.choice((rng.randrange(1, P256.n), rng.randrange(1, 9), P256.n - rng.randrange(1, 9))) for _ in range(3))
    digest = rng.choice((digest, 0, 2**256 - 1, rng.randrange(2**256)))
    x, y = P256.multiply(P256.g, key)
    r = P256.multiply(P256.g, nonce)[0] % P256.n
    s = (digest + r * key) * pow(nonce, -1, P256.n) % P256.n
    words = [digest, r, s, x, y]
    if rng.random() < 0.5:  # spoil one
        i = rng.randrange(5)
        words[i] = rng.choice((words[i] ^ 1 << rng.randrange(256), 0, P256.n, P256.p, P256.p - words[i] if words[i] < P256.p else 1, 2**256 - 1))
    return "p256_verify", [b"".join(word.to_bytes(32, "big") for word in words)], bytes([P256.verify(*words)])


class Curve:
    """Encodings of EIP-197 (size 32, imaginary part first) and EIP-2537 (size 64, real part first) over py_ecc."""

    def __init__(self, library, name, size, imaginary_first):
        self.lib, self.name, self.size, self.imaginary_first = library, name, size, imaginary_first

    def point(self, generator):
        return self.lib.multiply(generator, rng.choice((0, 1, 2, self.lib.curve_order - 1, rng.randrange(self.lib.curve_order))))

    def encode(self, point, extension=False):
        width = self.size * (4 if extension else 2)
        if self.lib.is_inf(point):
            return bytes(width)
        out = b""
        for coordinate in self.lib.normalize(point):
            parts = list(coordinate.coeffs) if extension else [coordinate.n]
            if self.imaginary_first:
                parts.reverse()
            out += b"".join(int(part).to_bytes(self.size, "big") for part in parts)
        return out

    def spoil(self, data):
        """Flips a bit: the result is hardly ever a point, and then the answer is none."""
        data = bytearray(data)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        return bytes(data)

    def case(self):
        kind = rng.randrange(8)
        lib, prefix = self.lib, self.name
        if kind < 3:
            a, b = self.point(lib.G1), self.point(lib.G1)
            b = rng.choice((a, lib.neg(a), b, b))
            return f"{prefix}_add" if self.imaginary_first else f"{prefix}_g1_add", [self.encode(a) + self.encode(b)], self.encode(lib.add(a, b))
        if kind < 6:
            a, k = self.point(lib.G1), some_scalar(lib.curve_order)
            return (f"{prefix}_mul" if self.imaginary_first else f"{prefix}_g1_msm", [self.encode(a) + k.to_bytes(32, "big")],
                    self.encode(lib.multiply(a, k % lib.curve_order)))
        if kind == 6 and not self.imaginary_first:
            a, b = self.point(lib.G2), self.point(lib.G2)
            return f"{prefix}_g2_add", [self.encode(a, True) + self.encode(b, True)], self.encode(lib.add(a, b), True)
        a = self.point(lib.G1)
        if kind == 6:
            return f"{prefix}_mul", [self.spoil(self.encode(a))[: 2 * self.size] + bytes(31) + b"\x01"], None
        return self.pairing_case()

    def pairing_case(self):
        lib = self.lib
        pairs = [(self.point(lib.G1), self.point(lib.G2)) for _ in range(rng.randrange(1, 3))]
        if rng.random() < 0.7:  # complete the product to one: e(aP, bQ) e(−abP, Q)
            a, b = rng.randrange(1, lib.curve_order), rng.randrange(1, lib.curve_order)
            pairs = [(lib.multiply(lib.G1, a), lib.multiply(lib.G2, b)), (lib.multiply(lib.G1, lib.curve_order - a * b % lib.curve_order), lib.G2)]
        product = lib.FQ12.one()
        for p, q in pairs:
            product *= lib.pairing(q, p)
        data = b"".join(self.encode(p) + self.encode(q, True) for p, q in pairs)
        return f"{self.name}_pairing", [data], bytes([product == lib.FQ12.one()])


CASES = (
    (30, hash_case),
    (20, blake2f_case),
    (40, modexp_case),
    (20, p256_case),
    (12, Curve(bn, "bn254", 32, True).case),
    (6, Curve(bls, "bls12", 64, False).case),
)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else time.time_ns()
    rng.seed(seed)
    program = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    counts = {}
    start = time.monotonic()
    make = [case for _, case in CASES]
    weights = [weight for weight, _ in CASES]
    while time.monotonic() - start < seconds:
        name, arguments, expected = rng.choices(make, weights)[0]()
        line = " ".join([name, *("0x" + argument.hex() for argument in arguments)])
        print(line, file=program.stdin, flush=True)
        answer = program.stdout.readline().strip()
        if answer != ("none" if expected is None else "0x" + expected.hex()):
            sys.exit(f"DIFFERENCE (seed {seed})\n{line}\nours:     {answer}\nexpected: {'none' if expected is None else expected.hex()}")
        counts[name] = counts.get(name, 0) + 1
    program.stdin.close()
    if program.wait() != 0:
        sys.exit(f"the program ended with status {program.returncode}")
    print(f"no difference in {sum(counts.values())} cases (seed {seed}):", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


main()
