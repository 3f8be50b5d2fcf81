#include "core/columns/history.hpp"

namespace entresol::columns {

void History::append(std::uint8_t byte) {
    if (match_ != 0 && bytes_[match_ % SIZE] == byte) {
        ++match_;
        if (length_ < MAX_LENGTH) ++length_;
    } else {
        match_ = 0;
        length_ = 0;
    }
    bytes_[end_ % SIZE] = byte;
    ++end_;
    recent_ = (recent_ << 8) | byte;
    std::uint32_t& slot = last_[slot_of(recent_)];
    if (match_ == 0) look_up(slot);
    slot = end_;
}

void History::append(ByteView bytes) {
    if (bytes.empty()) return;
    for (const std::uint8_t byte : bytes) {
        // Where the last byte led to; a row of zeros is nothing to come back to.
        if ((recent_ & KEY_MASK) != 0) last_[slot_of(recent_)] = end_;
        bytes_[end_ % SIZE] = byte;
        ++end_;
        recent_ = (recent_ << 8) | byte;
    }
    match_ = length_ = 0;
    std::uint32_t& slot = last_[slot_of(recent_)];
    look_up(slot);
    slot = end_;
}

void History::look_up(std::uint32_t candidate) {
    if (candidate == 0 || end_ - candidate >= SIZE) return;
    std::uint32_t length = 0;
    while (length < MAX_VERIFIED && bytes_[(candidate - length - 1) % SIZE] == bytes_[(end_ - length - 1) % SIZE])
        ++length;
    if (length < MIN_MATCH) return;
    match_ = candidate;
    length_ = length;
}

bool History::knows_parts_of(const Hash32& word) const {
    constexpr std::size_t STRETCH = 5;
    constexpr int ENOUGH = 4;
    std::uint64_t recent = 0;
    int found = 0;
    for (std::size_t i = 0; i < Hash32::SIZE; ++i) {
        recent = (recent << 8) | word.bytes[i];
        if (i + 1 < STRETCH) continue;
        const std::uint32_t at = last_[slot_of(recent)];
        if (at == 0) continue;
        std::uint32_t same = 0;
        while (same < STRETCH && bytes_[(at - 1 - same) % SIZE] == static_cast<std::uint8_t>(recent >> (8 * same)))
            ++same;
        found += same == STRETCH ? 1 : 0;
    }
    return found >= ENOUGH;
}

}  // namespace entresol::columns
