// Call data as one long string: where its last bytes were seen before tells which byte to expect next.
#pragma once

#include "core/base/bytes.hpp"

namespace entresol::columns {

class History {
public:
    static constexpr std::uint32_t SIZE = 1U << 20;
    static constexpr unsigned NOTHING = 256;

    void append(std::uint8_t byte);
    /// Bytes that were not guessed one by one: a match is looked for once, behind them.
    void append(ByteView bytes);
    /// The byte that followed the last time; NOTHING without a match.
    [[nodiscard]] unsigned expected() const { return match_ == 0 ? NOTHING : bytes_[match_ % SIZE]; }
    [[nodiscard]] std::uint32_t match_length() const { return length_; }
    /// The last eight bytes, the last one lowest.
    [[nodiscard]] std::uint64_t recent() const { return recent_; }
    /// For the encoder: do more than three stretches of five bytes in this word occur in what is remembered?
    [[nodiscard]] bool knows_parts_of(const Hash32& word) const;

private:
    static constexpr unsigned HASH_BITS = 18;
    static constexpr std::uint64_t KEY_MASK = 0xff'ffff'ffffULL;  // five bytes
    static constexpr std::uint32_t MIN_MATCH = 4;
    static constexpr std::uint32_t MAX_VERIFIED = 32;
    static constexpr std::uint32_t MAX_LENGTH = 65535;

    [[nodiscard]] static std::size_t slot_of(std::uint64_t recent) {
        return ((recent & KEY_MASK) * 0x9E3779B97F4A7C15ULL) >> (64 - HASH_BITS);
    }
    void look_up(std::uint32_t candidate);

    Bytes bytes_ = Bytes(SIZE);
    std::vector<std::uint32_t> last_ =
        std::vector<std::uint32_t>(std::size_t{1} << HASH_BITS);  // end of each hash's last five bytes
    std::uint32_t end_ = 1;                                       // positions count from 1 and wrap; 0 is "none"
    std::uint32_t match_ = 0;                                     // the position whose byte is expected
    std::uint32_t length_ = 0;
    std::uint64_t recent_ = 0;
};

}  // namespace entresol::columns
