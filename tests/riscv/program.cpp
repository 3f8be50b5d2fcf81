#include "program.hpp"

#include <cstring>
#include <random>

#include "core/riscv/assemble_testing.hpp"

namespace entresol::riscv::differential {
namespace {

using namespace testing;
using Random = std::mt19937_64;

constexpr std::uint32_t NOP = 0x13;
constexpr unsigned BASE = 1;     // the middle of the data page, never written
constexpr unsigned COUNTER = 3;  // of the loop, never written by its body
constexpr unsigned PLACE = 4;    // of an auipc before a jalr
constexpr std::int32_t SAVED_OFFSET = static_cast<std::int32_t>(SAVED - DATA) - 2048;

unsigned source(Random& random) { return static_cast<unsigned>(random() % 32); }
unsigned destination(Random& random) { return random() % 16 == 0 ? 0 : static_cast<unsigned>(random() % 27 + 5); }

// Aligned, in the data page but for where the registers are saved.
std::int32_t data_offset(Random& random, std::int32_t bytes) {
    const auto places = static_cast<std::uint64_t>((SAVED_OFFSET + 2048) / bytes);
    return static_cast<std::int32_t>(random() % places) * bytes - 2048;
}

std::int32_t bytes_of(Op op) {
    switch (op) {
        case Op::Lb:
        case Op::Lbu:
        case Op::Sb: return 1;
        case Op::Lh:
        case Op::Lhu:
        case Op::Sh: return 2;
        case Op::Lw:
        case Op::Lwu:
        case Op::Sw: return 4;
        default: return 8;
    }
}

// One instruction, or two that belong together; `ahead` words of the same loop body follow.
void put_some(std::vector<Word>& out, Random& random, std::size_t ahead) {
    const auto& row = encodings()[random() % encodings().size()];
    const auto skip = static_cast<std::int32_t>(4 + 4 * (random() % (ahead + 1) % 6));
    const unsigned rd = destination(random), a = source(random), b = source(random);
    const auto immediate = static_cast<std::int32_t>(random() % 4096) - 2048;
    const auto put = [&out](std::uint32_t word) { out.push_back({word, false}); };
    switch (row.format) {
        case Format::R: return put(r_type(row.name, rd, a, b));
        case Format::U: return put(u_type(row.name, rd, static_cast<std::uint32_t>(random()) & 0xfffff));
        case Format::B: return put(b_type(row.name, a, b, skip));
        case Format::J: return put(j_type(row.name, rd, skip));
        case Format::Shift:
            return put(i_type(row.name, rd, a, static_cast<std::int32_t>(random() % (row.op >= Op::Slliw ? 32 : 64))));
        case Format::S: return put(s_type(row.name, BASE, b, data_offset(random, bytes_of(row.op))));
        case Format::I:
            if (row.op == Op::Jalr) {
                put(u_type("auipc", PLACE, 0));
                return put(i_type(row.name, rd, PLACE, 4 + skip));
            }
            if (row.op < Op::Addi) return put(i_type(row.name, rd, BASE, data_offset(random, bytes_of(row.op))));
            return put(i_type(row.name, rd, a, immediate));
        default: return put(row.op == Op::Fence || row.op == Op::FenceI ? row.match : r_type("mul", rd, a, b));
    }
}

// A jump onto a jalr would miss the auipc before it: it goes to the next word instead.
void mend_targets(std::vector<Word>& body) {
    for (std::size_t i = 0; i < body.size(); ++i) {
        const Instruction jump = decode(body[i].word);
        const bool is_branch = jump.op >= Op::Beq && jump.op <= Op::Bgeu;
        if (body[i].is_kept || !(is_branch || jump.op == Op::Jal || jump.op == Op::Jalr)) continue;
        const std::size_t from = jump.op == Op::Jalr ? i - 1 : i;
        if (decode(body[from + static_cast<std::size_t>(jump.imm) / 4].word).op != Op::Jalr) continue;
        if (is_branch) body[i].word = b_type(name_of(jump.op), jump.rs1, jump.rs2, 4);
        if (jump.op == Op::Jal) body[i].word = j_type("jal", jump.rd, 4);
        if (jump.op == Op::Jalr) body[i].word = i_type("jalr", jump.rd, PLACE, 8);
    }
}

std::uint64_t some_value(Random& random) {
    const std::uint64_t r = random();
    switch (r % 10) {
        case 0: return 0;
        case 1: return ~std::uint64_t{0};
        case 2: return std::uint64_t{1} << 63;
        case 3: return std::uint64_t{1} << (r >> 8) % 64;
        case 4: return 0xffffffff80000000;
        case 5: return 0x80000000;
        case 6: return (r >> 8) % 70;
        case 7: return ~((r >> 8) % 70);
        case 8: return random() >> 32;
        default: return random();
    }
}

// What follows li with the page's address, the exit of both machines: Linux' write(1, DATA, DATA_BYTES) is an unknown call to ours.
void put_end(std::vector<std::uint32_t>& words) {
    for (unsigned x = 0; x < 32; ++x)
        words.push_back(s_type("sd", BASE, x, SAVED_OFFSET + 8 * static_cast<std::int32_t>(x)));
    for (const std::uint32_t word : {i_type("addi", 10, 0, 1), u_type("lui", 11, DATA >> 12),
                                     u_type("lui", 12, DATA_BYTES >> 12), i_type("addi", 17, 0, 64), match_of("ecall"),
                                     i_type("addi", 10, 0, 0), i_type("addi", 17, 0, 93), match_of("ecall")})
        words.push_back(word);
}

}  // namespace

std::vector<Word> make_body(std::uint64_t seed) {
    constexpr std::size_t LENGTH = 400;
    Random random(seed);
    std::vector<Word> out;
    while (out.size() < LENGTH) {
        out.push_back({i_type("addi", COUNTER, 0, static_cast<std::int32_t>(random() % 5 + 1)), true});
        const std::size_t start = out.size(), end = start + random() % 40 + 4;
        while (out.size() < end) put_some(out, random, out.size() + 1 < end ? end - out.size() - 2 : 0);
        out.push_back({i_type("addi", COUNTER, COUNTER, -1), true});
        const auto back = static_cast<std::int32_t>(4 * (out.size() - start));
        out.push_back({b_type("bne", COUNTER, 0, -back), true});
    }
    mend_targets(out);
    return out;
}

Bytes make_elf(const std::vector<Word>& body, std::size_t used, std::uint64_t seed) {
    std::vector<std::uint32_t> words{u_type("lui", BASE, DATA >> 12), i_type("addi", BASE, BASE, 2047),
                                     i_type("addi", BASE, BASE, 1)};
    for (unsigned x = 2; x < 32; ++x)
        words.push_back(i_type("ld", x, BASE, SAVED_OFFSET + 8 * static_cast<std::int32_t>(x)));
    for (std::size_t i = 0; i < body.size(); ++i) words.push_back(i < used || body[i].is_kept ? body[i].word : NOP);
    put_end(words);

    constexpr std::size_t HEADERS = 120;
    Bytes file(DATA + DATA_BYTES - CODE);  // the headers are loaded too
    const auto put = [&file](std::size_t at, std::uint64_t value, std::size_t bytes) {
        std::memcpy(file.data() + at, &value, bytes);
    };
    put(0, 0x00010102464c457f, 8);           // ELF64, little-endian
    put(16, 2 | 243 << 16 | 1ULL << 32, 8);  // ET_EXEC, EM_RISCV
    put(24, CODE + HEADERS, 8);
    put(32, 64, 8);
    put(52, 64 | 56 << 16 | 1ULL << 32, 8);  // one program header
    put(64, 1 | 7ULL << 32, 8);              // PT_LOAD, rwx
    for (const std::size_t at : {80, 88}) put(at, CODE, 8);
    put(112, 4096, 8);
    for (std::size_t i = 0; i < words.size(); ++i) put(HEADERS + 4 * i, words[i], 4);
    for (const std::size_t at : {96, 104}) put(at, file.size(), 8);
    Random random(seed ^ 0x5eed);
    for (std::uint64_t at = DATA; at < DATA + DATA_BYTES; at += 8) put(at - CODE, some_value(random), 8);
    return file;
}

}  // namespace entresol::riscv::differential
