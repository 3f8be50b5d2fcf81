#include "core/riscv/memory.hpp"

#include <algorithm>

namespace entresol::riscv {

const Page* Memory::find_page(std::uint64_t index) const {
    const auto found = pages_.find(index);
    return found == pages_.end() ? nullptr : found->second.get();
}

Page* Memory::make_page(std::uint64_t index) {
    if (const auto found = pages_.find(index); found != pages_.end()) return found->second.get();
    if (pages_.size() >= max_pages_) {
        is_exhausted_ = true;
        return nullptr;
    }
    return pages_.emplace(index, std::make_unique<Page>()).first->second.get();
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
