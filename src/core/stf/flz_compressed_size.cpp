// How many bytes FastLZ (level 1) would make of the data, without making them. Consensus in Fjord's L1 fee, so the matching rules are exact:
// a table of 8192 positions by the hash of three bytes, a window of 8191 bytes, matches of at least three, the last 13 bytes always literal.
#include <array>

#include "core/stf/transition.hpp"

namespace entresol::stf {

namespace {

class FlzMeter {
public:
    explicit FlzMeter(ByteView data)
        : data_(data), limit_(data.size() < 13 ? 0 : static_cast<std::uint32_t>(data.size()) - 13) {}

    std::uint32_t run() {
        std::uint32_t anchor = 0;  // first byte not yet encoded
        std::uint32_t position = 2;
        while (position < limit_) {
            std::uint32_t match = 0;
            if (!find_match(position, match)) break;
            if (position > anchor) add_literals(position - anchor);
            const std::uint32_t length = match_length(match + 3, position + 3);
            add_match(length);
            position += length;
            remember(position);
            remember(position + 1);
            position += 2;
            anchor = position;
        }
        add_literals(static_cast<std::uint32_t>(data_.size()) - anchor);
        return size_;
    }

private:
    [[nodiscard]] std::uint32_t three_bytes(std::uint32_t at) const {
        return data_[at] | (std::uint32_t{data_[at + 1]} << 8) | (std::uint32_t{data_[at + 2]} << 16);
    }
    [[nodiscard]] static std::uint32_t hash(std::uint32_t v) { return ((2654435769U * v) >> 19) & 0x1fff; }
    void remember(std::uint32_t at) { table_[hash(three_bytes(at))] = at; }

    /// Moves position to the next place where an earlier one within the window starts with the same three bytes. False at the end.
    bool find_match(std::uint32_t& position, std::uint32_t& match) {
        for (; position < limit_; ++position) {
            const std::uint32_t sequence = three_bytes(position);
            std::uint32_t& cell = table_[hash(sequence)];
            match = cell;
            cell = position;
            if (position - match <= 0x1fff && sequence == three_bytes(match)) return position + 1 < limit_;
        }
        return false;
    }

    /// Bytes that agree after the first three; the byte that ends the match counts too (as the reference's comparison does).
    [[nodiscard]] std::uint32_t match_length(std::uint32_t p, std::uint32_t q) const {
        const std::uint32_t most = limit_ + 9 - q;
        std::uint32_t length = 0;
        while (length < most) {
            ++length;
            if (data_[p + length - 1] != data_[q + length - 1]) break;
        }
        return length;
    }

    void add_literals(std::uint32_t count) {
        size_ += 33 * (count / 32);
        if (count % 32 != 0) size_ += count % 32 + 1;
    }
    void add_match(std::uint32_t length) {
        --length;
        size_ += 3 * (length / 262) + (length % 262 >= 6 ? 3 : 2);
    }

    ByteView data_;
    std::uint32_t limit_;
    std::uint32_t size_ = 0;
    std::array<std::uint32_t, 8192> table_{};
};

}  // namespace

std::uint32_t flz_compressed_size(ByteView data) { return FlzMeter(data).run(); }

}  // namespace entresol::stf
