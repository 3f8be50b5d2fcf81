#include "core/riscv/elf.hpp"

#include <algorithm>
#include <utility>

#include "core/base/endian.hpp"

namespace entresol::riscv {
namespace {

// System V ABI, "ELF-64 Object File Format": offsets of the fields read here.
constexpr std::size_t HEADER_BYTES = 64;
constexpr std::size_t SEGMENT_BYTES = 56;
constexpr std::uint32_t TYPE_EXECUTABLE = 2;
constexpr std::uint32_t MACHINE_RISCV = 243;
constexpr std::uint32_t SEGMENT_LOAD = 1;
constexpr std::uint32_t SEGMENT_INTERPRETER = 3;

std::uint32_t load_le16(const std::uint8_t* p) { return p[0] | std::uint32_t{p[1]} << 8; }

struct Segment {
    std::uint64_t address = 0;
    std::uint64_t memory_bytes = 0;
    ByteView content;
};

Result<Segment, ElfError> read_segment(ByteView file, const std::uint8_t* row) {
    const std::uint64_t offset = load_le64(row + 8);
    const std::uint64_t size = load_le64(row + 32);
    const Segment segment{load_le64(row + 16), load_le64(row + 40), {}};
    if (offset > file.size() || size > file.size() - offset || size > segment.memory_bytes)
        return fail(ElfError::BadSegment);
    if (segment.memory_bytes != 0 && segment.address + (segment.memory_bytes - 1) < segment.address)
        return fail(ElfError::BadSegment);
    return Segment{segment.address, segment.memory_bytes, file.subspan(offset, size)};
}

Result<void, ElfError> check_header(ByteView file) {
    constexpr std::uint8_t MAGIC[] = {0x7f, 'E', 'L', 'F'};
    if (file.size() < HEADER_BYTES || !std::equal(std::begin(MAGIC), std::end(MAGIC), file.begin()))
        return fail(ElfError::NotElf);
    const bool is_64_little = file[4] == 2 && file[5] == 1;
    if (!is_64_little || load_le16(&file[18]) != MACHINE_RISCV) return fail(ElfError::NotRv64);
    if (load_le16(&file[16]) != TYPE_EXECUTABLE) return fail(ElfError::NotStatic);
    return {};
}

Result<ByteView, ElfError> find_segments(ByteView file) {
    const std::uint64_t offset = load_le64(&file[32]);
    const std::uint64_t count = load_le16(&file[56]);
    if (load_le16(&file[54]) != SEGMENT_BYTES || count == 0 || offset > file.size() ||
        count * SEGMENT_BYTES > file.size() - offset)
        return fail(ElfError::BadHeader);
    return file.subspan(offset, count * SEGMENT_BYTES);
}

}  // namespace

const char* to_string(ElfError error) {
    switch (error) {
        case ElfError::NotElf: return "not an ELF file";
        case ElfError::NotRv64: return "not a 64-bit little-endian RISC-V program";
        case ElfError::NotStatic: return "not a static executable at fixed addresses (link with -static -no-pie)";
        case ElfError::BadHeader: return "its program headers lie outside the file";
        case ElfError::BadSegment: return "a segment lies outside the file or the address space";
        case ElfError::TooLarge: return "its segments are larger than the machine's limit";
        case ElfError::BadEntry: return "its entry point is not a multiple of four";
    }
    return "unknown";
}

Result<Machine, ElfError> load_elf(ByteView file, std::size_t max_pages) {
    TRY_VOID(check_header(file));
    TRY(const ByteView rows, find_segments(file));
    Machine machine{{}, Memory(max_pages)};
    std::uint64_t loaded = 0;
    for (std::size_t at = 0; at < rows.size(); at += SEGMENT_BYTES) {
        const std::uint32_t type = load_le32(&rows[at]);
        if (type == SEGMENT_INTERPRETER) return fail(ElfError::NotStatic);
        if (type != SEGMENT_LOAD) continue;
        TRY(const Segment segment, read_segment(file, &rows[at]));
        loaded += segment.content.size();
        if (loaded > MAX_LOADED_BYTES) return fail(ElfError::TooLarge);
        machine.memory.write(segment.address, segment.content);
        if (machine.memory.is_exhausted()) return fail(ElfError::TooLarge);
    }
    machine.hart.pc = load_le64(&file[24]);
    if (machine.hart.pc % 4 != 0) return fail(ElfError::BadEntry);
    return machine;
}

}  // namespace entresol::riscv
