"""The proof machine's instructions, written from docs/spec/machine.md and the RISC-V specifications it names.

execute(words, word, access) makes one step of a running machine: `words` are its 40 words, changed in place; access(address, width, value) reads
(value is None) or writes memory, and is called at most once. The specification's calls are left out: their second implementation is the contract of
tests/riscv_step."""

U32, U64 = (1 << 32) - 1, (1 << 64) - 1
PC, STATUS, EXIT_CODE, MTVEC, MSCRATCH, MEPC, MCAUSE, MTVAL = range(32, 40)
RUNNING, EXITED, TRAPPED = range(3)
STORED_CSR = {0x305: (MTVEC, U64 - 3), 0x340: (MSCRATCH, U64), 0x341: (MEPC, U64 - 3), 0x342: (MCAUSE, U64), 0x343: (MTVAL, U64)}
CONSTANT_CSR = {0x300: 0x1800, 0x301: 0x8000000000001100, 0x304: 0, 0x344: 0, 0xF11: 0, 0xF12: 0, 0xF13: 0, 0xF14: 0}


class Trap(Exception):
    def __init__(self, cause, value):
        self.cause, self.value = cause, value


def signed(value, bits=64):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def extend_word(value):
    return signed(value, 32) & U64


def quotient(a, b):  # rounds towards zero; unprivileged table 7.1 for b = 0; the overflow comes out right by itself
    if b == 0:
        return -1
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def rest(a, b):
    return a if b == 0 else a - b * quotient(a, b)


# By funct3; each gets unsigned operands and gives any integer.
ALU = [
    lambda a, b: a + b,
    lambda a, b: a << (b & 63),
    lambda a, b: signed(a) < signed(b),
    lambda a, b: a < b,
    lambda a, b: a ^ b,
    lambda a, b: a >> (b & 63),
    lambda a, b: a | b,
    lambda a, b: a & b,
]
ALTERNATE = {0: lambda a, b: a - b, 5: lambda a, b: signed(a) >> (b & 63)}
MULTIPLY = [
    lambda a, b: a * b,
    lambda a, b: signed(a) * signed(b) >> 64,
    lambda a, b: signed(a) * b >> 64,
    lambda a, b: a * b >> 64,
    lambda a, b: quotient(signed(a), signed(b)),
    lambda a, b: quotient(a, b),
    lambda a, b: rest(signed(a), signed(b)),
    lambda a, b: rest(a, b),
]
ALU_WORD = {0: lambda a, b: a + b, 1: lambda a, b: a << (b & 31), 5: lambda a, b: (a & U32) >> (b & 31)}
ALTERNATE_WORD = {0: lambda a, b: a - b, 5: lambda a, b: signed(a, 32) >> (b & 31)}
MULTIPLY_WORD = {
    0: lambda a, b: a * b,
    4: lambda a, b: quotient(signed(a, 32), signed(b, 32)),
    5: lambda a, b: quotient(a & U32, b & U32),
    6: lambda a, b: rest(signed(a, 32), signed(b, 32)),
    7: lambda a, b: rest(a & U32, b & U32),
}
TAKEN = {
    0: lambda a, b: a == b,
    1: lambda a, b: a != b,
    4: lambda a, b: signed(a) < signed(b),
    5: lambda a, b: signed(a) >= signed(b),
    6: lambda a, b: a < b,
    7: lambda a, b: a >= b,
}


class Fields:
    def __init__(self, word):
        self.word, self.opcode, self.rd, self.funct3 = word, word & 127, word >> 7 & 31, word >> 12 & 7
        self.rs1, self.rs2, self.funct7 = word >> 15 & 31, word >> 20 & 31, word >> 25
        self.imm_i = signed(word >> 20, 12)
        self.imm_s = signed(self.funct7 << 5 | self.rd, 12)
        self.imm_b = signed((word >> 31) << 12 | (self.rd & 1) << 11 | (self.funct7 & 63) << 5 | self.rd >> 1 << 1, 13)
        self.imm_u = signed(word & ~0xFFF, 32)
        self.imm_j = signed((word >> 31) << 20 | (word >> 12 & 255) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 1023) << 1, 21)


def illegal(f):
    raise Trap(2, f.word)


def pick(table, key, f):
    operation = table.get(key) if isinstance(table, dict) else table[key]
    return operation or illegal(f)


def write(words, rd, value):
    if rd:
        words[rd] = value & U64


def jump(words, rd, target):
    target &= U64
    if target % 4:
        raise Trap(0, target)
    write(words, rd, words[PC] + 4)
    words[PC] = target


def branch(words, f, access):
    if pick(TAKEN, f.funct3, f)(words[f.rs1], words[f.rs2]):
        jump(words, 0, words[PC] + f.imm_b)
    else:
        go_on(words)


def jump_register(words, f, access):
    if f.funct3:
        illegal(f)
    jump(words, f.rd, (words[f.rs1] + f.imm_i) & ~1)


def go_on(words):
    words[PC] = (words[PC] + 4) & U64


def load(words, f, access):
    if f.funct3 == 7:
        illegal(f)
    width, address = 1 << (f.funct3 & 3), (words[f.rs1] + f.imm_i) & U64
    if address % width:
        raise Trap(4, address)
    value = access(address, width, None)
    write(words, f.rd, signed(value, 8 * width) if f.funct3 < 4 else value)
    go_on(words)


def store(words, f, access):
    if f.funct3 > 3:
        illegal(f)
    width, address = 1 << f.funct3, (words[f.rs1] + f.imm_s) & U64
    if address % width:
        raise Trap(6, address)
    access(address, width, words[f.rs2] & ((1 << 8 * width) - 1))
    go_on(words)


def compute_immediate(words, f, access):
    table, operand = ALU, f.imm_i & U64
    if f.funct3 in (1, 5):  # six bits of amount, the other six of the field choose
        operand, kind = f.imm_i & 63, f.word >> 26
        if kind and (kind, f.funct3) != (16, 5):
            illegal(f)
        table = ALTERNATE if kind else ALU
    finish(words, f, table[f.funct3](words[f.rs1], operand))


def compute(words, f, access):
    table = {0: ALU, 1: MULTIPLY, 32: ALTERNATE}.get(f.funct7) or illegal(f)
    finish(words, f, pick(table, f.funct3, f)(words[f.rs1], words[f.rs2]))


def compute_word_immediate(words, f, access):
    if f.funct3 == 0:
        return finish(words, f, extend_word(words[f.rs1] + f.imm_i))
    table = {0: ALU_WORD, 32: ALTERNATE_WORD}.get(f.funct7) or illegal(f)
    if (f.funct7, f.funct3) not in ((0, 1), (0, 5), (32, 5)):
        illegal(f)
    finish(words, f, extend_word(table[f.funct3](words[f.rs1], f.rs2)))


def compute_word(words, f, access):
    table = {0: ALU_WORD, 1: MULTIPLY_WORD, 32: ALTERNATE_WORD}.get(f.funct7) or illegal(f)
    finish(words, f, extend_word(pick(table, f.funct3, f)(words[f.rs1], words[f.rs2])))


def finish(words, f, value):
    write(words, f.rd, int(value))
    go_on(words)


def fence(words, f, access):
    if f.funct3 > 1:
        illegal(f)
    go_on(words)


def system(words, f, access):
    if f.word == 0x00000073:
        if words[17] != 93:
            raise Trap(11, 0)
        words[STATUS], words[EXIT_CODE] = EXITED, words[10]
    elif f.word == 0x00100073:
        raise Trap(3, words[PC])
    elif f.word == 0x30200073:
        words[PC] = words[MEPC]
    elif f.word == 0x10500073:
        go_on(words)
    elif f.funct3 in (0, 4):
        illegal(f)
    else:
        control_register(words, f)


def control_register(words, f):
    number = f.word >> 20
    if number in STORED_CSR:
        old = words[STORED_CSR[number][0]]
    elif number in CONSTANT_CSR:
        old = CONSTANT_CSR[number]
    else:
        illegal(f)
    kind, operand = f.funct3 & 3, f.rs1 if f.funct3 & 4 else words[f.rs1]
    if kind == 1 or f.rs1:
        if number >> 10 == 3:
            illegal(f)
        if number in STORED_CSR:
            place, writable = STORED_CSR[number]
            words[place] = {1: operand, 2: old | operand, 3: old & ~operand}[kind] & writable
    finish(words, f, old)


OPCODES = {
    0x37: lambda words, f, access: finish(words, f, f.imm_u),
    0x17: lambda words, f, access: finish(words, f, words[PC] + f.imm_u),
    0x6F: lambda words, f, access: jump(words, f.rd, words[PC] + f.imm_j),
    0x67: jump_register,
    0x63: branch,
    0x03: load,
    0x23: store,
    0x13: compute_immediate,
    0x33: compute,
    0x1B: compute_word_immediate,
    0x3B: compute_word,
    0x0F: fence,
    0x73: system,
}


def execute(words, word, access):
    try:
        OPCODES.get(word & 127, lambda words, f, access: illegal(f))(words, Fields(word), access)
    except Trap as trap:
        words[MEPC], words[MCAUSE], words[MTVAL] = words[PC], trap.cause, trap.value
        if words[MTVEC]:
            words[PC] = words[MTVEC]
        else:
            words[STATUS] = TRAPPED
