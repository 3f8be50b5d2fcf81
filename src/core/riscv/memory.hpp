// The machine's 2^64 bytes, as the pages of 4 KiB that were ever written; everything else is zero. Which pages were written since
// the tree last looked (memory_tree.hpp) is recorded as they are written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::riscv {

inline constexpr std::uint64_t PAGE_BYTES = 4096;
using Page = std::array<std::uint8_t, PAGE_BYTES>;

/// Little-endian. Accesses are aligned, so none crosses a page.
class Memory {
public:
    /// The host's limit, no part of the machine: a store that needs more pages is dropped and is_exhausted() says so.
    explicit Memory(std::size_t max_pages) : max_pages_(max_pages) {}

    /// bytes in {1, 2, 4, 8}; address is a multiple of it.
    [[nodiscard]] std::uint64_t load(std::uint64_t address, unsigned bytes) const {
        const Page* page = find_page(address / PAGE_BYTES);
        if (page == nullptr) return 0;
        std::uint64_t value = 0;
        std::memcpy(&value, page->data() + address % PAGE_BYTES, bytes);
        return value;
    }
    void store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
        Page* page = make_page(address / PAGE_BYTES);
        if (page != nullptr) std::memcpy(page->data() + address % PAGE_BYTES, &value, bytes);
    }
    /// Both wrap at 2^64.
    void read(std::uint64_t address, std::span<std::uint8_t> to) const;
    void write(std::uint64_t address, ByteView bytes);

    [[nodiscard]] std::size_t pages() const { return pages_.size(); }
    [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }

    /// The page of addresses index · PAGE_BYTES and following; nullptr: all zero. Pages stay where they are.
    [[nodiscard]] const Page* find_page(std::uint64_t index) const;
    /// The same for writing: it counts as written. nullptr: the host's limit. Who keeps the pointer asks again after
    /// take_written(), or later writes are not recorded.
    [[nodiscard]] Page* make_page(std::uint64_t index);

    /// The pages written since the last call, each once, in no order; the record begins anew.
    [[nodiscard]] std::vector<std::uint64_t> take_written();
    [[nodiscard]] bool has_written() const { return !written_.empty(); }

private:
    struct StoredPage {
        Page content{};
        bool is_written = false;  // in written_
    };
    std::unordered_map<std::uint64_t, std::unique_ptr<StoredPage>> pages_;
    std::vector<std::uint64_t> written_;
    std::size_t max_pages_;
    bool is_exhausted_ = false;
};

}  // namespace entresol::riscv
