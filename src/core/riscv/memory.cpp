#include "core/riscv/memory.hpp"

#include <algorithm>
#include <utility>

namespace entresol::riscv {

const Page* Memory::find_page(std::uint64_t index) const {
    const auto found = pages_.find(index);
    return found == pages_.end() ? nullptr : &found->second->content;
}

Page* Memory::make_page(std::uint64_t index) {
    auto found = pages_.find(index);
    if (found == pages_.end()) {
        if (pages_.size() >= max_pages_) {
            is_exhausted_ = true;
            return nullptr;
        }
        found = pages_.emplace(index, std::make_unique<StoredPage>()).first;
    }
    StoredPage& page = *found->second;
    if (!page.is_written) {
        page.is_written = true;
        written_.push_back(index);
    }
    return &page.content;
}

std::vector<std::uint64_t> Memory::take_written() {
    for (const auto index : written_) pages_.find(index)->second->is_written = false;
    return std::exchange(written_, {});
}

void Memory::read(std::uint64_t address, std::span<std::uint8_t> to) const {
    while (!to.empty()) {
        const std::size_t offset = address % PAGE_BYTES;
        const std::size_t count = std::min<std::size_t>(to.size(), PAGE_BYTES - offset);
        if (const Page* page = find_page(address / PAGE_BYTES))
            std::copy_n(page->begin() + static_cast<std::ptrdiff_t>(offset), count, to.begin());
        else
            std::fill_n(to.begin(), count, std::uint8_t{0});
        to = to.subspan(count);
        address += count;
    }
}

void Memory::write(std::uint64_t address, ByteView bytes) {
    while (!bytes.empty()) {
        const std::size_t offset = address % PAGE_BYTES;
        const std::size_t count = std::min<std::size_t>(bytes.size(), PAGE_BYTES - offset);
        Page* page = make_page(address / PAGE_BYTES);
        if (page == nullptr) return;
        std::copy_n(bytes.begin(), count, page->begin() + static_cast<std::ptrdiff_t>(offset));
        bytes = bytes.subspan(count);
        address += count;
    }
}

}  // namespace entresol::riscv
