// What C++ needs beneath it: memory, and an end for what must not happen.
#include <cstdlib>
#include <new>

#include "core/base/check.hpp"
#include "guest/machine_calls.hpp"

namespace entresol::guest {
namespace {

// Freed blocks wait in lists by size class: powers of two, and the three sizes between each two of them. Nothing goes back; the machine's memory has no end.
constexpr std::uint64_t HEAP_START = 0x100000000;
constexpr std::uint64_t HEAP_END = 0x2000000000;
constexpr unsigned CLASSES = 4 * 40;
constexpr std::size_t HEADER = 16;  // keeps the alignment of 16
constexpr unsigned SMALLEST_SHIFT = 4;

struct FreeBlock {
    FreeBlock* next;
};

FreeBlock* free_blocks[CLASSES];
std::uint64_t heap_top = HEAP_START;

struct SizeClass {
    unsigned index;
    std::size_t bytes;
};

SizeClass class_of(std::size_t size) {
    const std::size_t wanted = size < 32 ? 32 : size;
    const auto top = static_cast<unsigned>(63 - __builtin_clzll(wanted - 1));  // 2^top < wanted <= 2^(top + 1)
    const std::size_t quarter = std::size_t{1} << (top - 2);
    const std::size_t steps = (wanted - 1 - (std::size_t{1} << top)) / quarter;  // 0 to 3
    const std::size_t bytes = (std::size_t{1} << top) + (steps + 1) * quarter;
    return {4 * (top - SMALLEST_SHIFT) + static_cast<unsigned>(steps), (bytes + 15) & ~std::size_t{15}};
}

/// Addresses are multiples of 16.
void* allocate(std::size_t size) {
    if (size > HEAP_END - HEAP_START) stop(ExitCode::OutOfMemory);
    const auto [index, bytes] = class_of(size);
    if (FreeBlock* block = free_blocks[index]) {
        free_blocks[index] = block->next;
        return block;
    }
    if (heap_top + bytes + HEADER > HEAP_END) stop(ExitCode::OutOfMemory);
    auto* header = reinterpret_cast<std::uint64_t*>(heap_top);
    *header = index;
    heap_top += bytes + HEADER;
    return reinterpret_cast<std::uint8_t*>(header) + HEADER;
}

void release(void* pointer) {
    if (pointer == nullptr) return;
    const auto index = *reinterpret_cast<const std::uint64_t*>(static_cast<std::uint8_t*>(pointer) - HEADER);
    auto* block = static_cast<FreeBlock*>(pointer);
    block->next = free_blocks[index];
    free_blocks[index] = block;
}

}  // namespace

void stop(std::uint64_t exit_code, const Hash32& result) {
    std::uint64_t words[4];
    for (std::size_t i = 0; i < 4; ++i) {
        words[i] = 0;
        for (std::size_t j = 0; j < 8; ++j) words[i] = words[i] << 8 | result.bytes[8 * i + j];
    }
    make_call(Call::Exit, exit_code, words[0], words[1], words[2], words[3]);
    __builtin_unreachable();
}

}  // namespace entresol::guest

namespace entresol {
void check_failed(const char*, const char*, int) { guest::stop(guest::ExitCode::CheckFailed); }
}  // namespace entresol

void* operator new(std::size_t size) { return entresol::guest::allocate(size); }
void* operator new[](std::size_t size) { return entresol::guest::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return entresol::guest::allocate(size); }
void operator delete(void* pointer) noexcept { entresol::guest::release(pointer); }
void operator delete[](void* pointer) noexcept { entresol::guest::release(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { entresol::guest::release(pointer); }
void operator delete[](void* pointer, std::size_t) noexcept { entresol::guest::release(pointer); }

// Greater alignments: a block with room for it, and before the aligned place the address of its beginning.
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto align = static_cast<std::uint64_t>(alignment);
    const std::uint64_t block =
        entresol::guest::address_of(entresol::guest::allocate(size + align + sizeof(std::uint64_t)));
    const std::uint64_t place = (block + sizeof(std::uint64_t) + align - 1) & ~(align - 1);
    reinterpret_cast<std::uint64_t*>(place)[-1] = block;
    return reinterpret_cast<void*>(place);
}
void operator delete(void* pointer, std::align_val_t) noexcept {
    if (pointer != nullptr) entresol::guest::release(reinterpret_cast<void*>(static_cast<std::uint64_t*>(pointer)[-1]));
}
void operator delete(void* pointer, std::size_t, std::align_val_t alignment) noexcept {
    operator delete(pointer, alignment);
}

extern "C" {
[[noreturn]] void abort() { entresol::guest::stop(entresol::guest::ExitCode::CheckFailed); }
[[noreturn]] void __cxa_pure_virtual() { abort(); }
}
