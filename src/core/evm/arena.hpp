// Where the stacks and memories of nested frames lie: side by side in chunks that are kept, so that a call allocates nothing once its size was seen.
// Nothing ever moves but the memory of the newest frame; what a suspended frame points to stays where it is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "core/base/uint256.hpp"
#include "core/evm/gas_table.hpp"

namespace entresol::evm {

/// Bytes that begin at a cache line: a word of a stack, or of memory, then never lies in two.
class LineBytes {
public:
    LineBytes() = default;
    explicit LineBytes(std::size_t size) : owner_(std::make_unique_for_overwrite<std::byte[]>(size + LINE)) {
        const auto address = reinterpret_cast<std::uintptr_t>(owner_.get());
        begin_ = owner_.get() + (LINE - address % LINE) % LINE;
    }
    [[nodiscard]] std::byte* get() const { return begin_; }

private:
    static constexpr std::size_t LINE = 64;
    std::unique_ptr<std::byte[]> owner_;
    std::byte* begin_ = nullptr;
};

/// Stacks. A frame's base is the slot below its first item; the caller's slot for the result serves as that, so stacks of a call chain touch.
class StackArena {
public:
    struct Base {
        U256* slot = nullptr;
        std::size_t chunk = 0;
    };
    static constexpr std::size_t FRAME_SLOTS = STACK_LIMIT + 1;

    [[nodiscard]] Base first() { return {slots(0), 0}; }
    /// A base for a frame called by one whose top is `top` and whose stack lies in `chunk`.
    [[nodiscard]] Base above(U256* top, std::size_t chunk) {
        if (static_cast<std::size_t>(slots(chunk) + chunk_slots(chunk) - top) >= FRAME_SLOTS) return {top, chunk};
        return {slots(chunk + 1), chunk + 1};
    }

private:
    // The first chunk is small: most transactions call few frames, and most machines live for one call.
    [[nodiscard]] static std::size_t chunk_slots(std::size_t chunk) { return (chunk == 0 ? 2 : 16) * FRAME_SLOTS; }
    [[nodiscard]] U256* slots(std::size_t chunk) {
        // Bytes, not objects: nobody reads a slot before writing it, so none needs to be zeroed.
        if (chunk == chunks_.size()) chunks_.emplace_back(chunk_slots(chunk) * sizeof(U256));
        return reinterpret_cast<U256*>(chunks_[chunk].get());
    }

    std::vector<LineBytes> chunks_;
};

/// Memories. Only the newest frame's may grow.
class MemoryArena {
public:
    struct Mark {
        std::size_t chunk = 0;
        std::size_t used = 0;
    };

    [[nodiscard]] Mark mark() const { return {current_, used_}; }
    /// Where the next frame's memory begins, empty.
    [[nodiscard]] std::uint8_t* top() {
        if (chunks_.empty()) add_chunk(FIRST_CHUNK_BYTES);
        return chunks_[current_].begin() + used_;
    }
    /// Forgets everything since the mark.
    void release(Mark mark) {
        current_ = mark.chunk;
        used_ = mark.used;
        if (current_ == 0 && used_ == 0 && chunks_.size() > 1) trim();
    }
    /// Zero-filled up to new_size; returns where the memory lies now. Precondition: it is the newest frame's, and its gas is paid.
    [[nodiscard]] std::uint8_t* grow(std::uint8_t* memory, std::size_t old_size, std::size_t new_size) {
        const auto offset = static_cast<std::size_t>(memory - chunks_[current_].begin());
        if (new_size > chunks_[current_].size - offset) {
            memory = move_to_next_chunk(memory, old_size, new_size);
        } else {
            used_ = offset + new_size;
        }
        std::memset(memory + old_size, 0, new_size - old_size);
        return memory;
    }

private:
    static constexpr std::size_t FIRST_CHUNK_BYTES = 32 * 1024;
    static constexpr std::size_t KEPT_BYTES = 16 * 1024 * 1024;

    struct Chunk {
        LineBytes bytes;
        std::size_t size = 0;
        [[nodiscard]] std::uint8_t* begin() const { return reinterpret_cast<std::uint8_t*>(bytes.get()); }
    };
    static Chunk make_chunk(std::size_t size) { return {LineBytes(size), size}; }
    void add_chunk(std::size_t size) { chunks_.push_back(make_chunk(size)); }

    std::uint8_t* move_to_next_chunk(const std::uint8_t* memory, std::size_t old_size, std::size_t new_size) {
        const std::size_t wanted = std::max(2 * new_size, 2 * chunks_[current_].size);
        ++current_;
        if (current_ == chunks_.size()) {
            add_chunk(wanted);
        } else if (chunks_[current_].size < new_size) {
            chunks_[current_] = make_chunk(wanted);
        }
        std::uint8_t* moved = chunks_[current_].begin();
        if (old_size != 0) std::memcpy(moved, memory, old_size);
        used_ = new_size;
        return moved;
    }
    /// One greedy transaction does not keep its gigabytes for the machine's life.
    void trim() {
        std::size_t total = 0;
        for (std::size_t i = 0; i < chunks_.size(); ++i) {
            total += chunks_[i].size;
            if (total > KEPT_BYTES && i > 0) return chunks_.resize(i);
        }
    }

    std::vector<Chunk> chunks_;
    std::size_t current_ = 0;
    std::size_t used_ = 0;
};

}  // namespace entresol::evm
