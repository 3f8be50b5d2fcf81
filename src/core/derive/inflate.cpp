#include "core/derive/inflate.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/base/endian.hpp"

namespace entresol::derive {
namespace {

constexpr unsigned MAX_CODE_BITS = 15;
constexpr unsigned FAST_BITS = 10;
constexpr std::size_t MAX_DISTANCE = 32768;
constexpr unsigned END_OF_BLOCK = 256;

// RFC 1951, 3.2.5: base value and extra bits of length codes 257…285 and distance codes 0…29.
constexpr std::uint16_t LENGTH_BASE[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                           31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::uint8_t LENGTH_EXTRA[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                           2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::uint16_t DISTANCE_BASE[30] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                             33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                             1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::uint8_t DISTANCE_EXTRA[30] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                             6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
// RFC 1951, 3.2.7: the order in which code length code lengths come.
constexpr std::uint8_t CODE_LENGTH_ORDER[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

/// Bits, least significant first. Past the end it supplies zeros and remembers it.
class BitReader {
public:
    explicit BitReader(ByteView input) : input_(input) {}

    std::uint32_t peek(unsigned count) {
        while (available_ < count) {
            const std::uint64_t byte = position_ < input_.size() ? input_[position_] : 0;
            ++position_;
            buffer_ |= byte << available_;
            available_ += 8;
        }
        return static_cast<std::uint32_t>(buffer_ & ((std::uint64_t{1} << count) - 1));
    }
    void drop(unsigned count) {
        buffer_ >>= count;
        available_ -= count;
    }
    std::uint32_t take(unsigned count) {
        const std::uint32_t bits = peek(count);
        drop(count);
        return bits;
    }
    void align() { drop(available_ % 8); }
    /// Whole bytes after align(): what is not yet in the buffer plus what is.
    ByteView rest() {
        const std::size_t start = std::min(input_.size(), position_ - available_ / 8);
        return input_.subspan(start);
    }
    void skip_bytes(std::size_t count) {
        position_ = position_ - available_ / 8 + count;
        buffer_ = 0;
        available_ = 0;
    }
    /// Were bits used that the input does not have?
    [[nodiscard]] bool overran() const { return position_ - available_ / 8 > input_.size(); }

private:
    ByteView input_;
    std::size_t position_ = 0;
    std::uint64_t buffer_ = 0;
    unsigned available_ = 0;
};

enum class CodeKind : std::uint8_t { CodeLengths, Literals, Distances };

/// A canonical Huffman code: a table for codes of up to FAST_BITS, counting for longer ones.
class HuffmanCode {
public:
    /// False for an over-subscribed or incomplete set of lengths. As zlib: a single code of one bit is accepted for literals and distances.
    bool build(std::span<const std::uint8_t> lengths, CodeKind kind) {
        count_.fill(0);
        for (const auto length : lengths) ++count_[length];
        count_[0] = 0;
        int left = 1;
        unsigned longest = 0;
        for (unsigned bits = 1; bits <= MAX_CODE_BITS; ++bits) {
            left = (left << 1) - count_[bits];
            if (left < 0) return false;
            if (count_[bits] != 0) longest = bits;
        }
        if (left > 0 && longest > 0 && (kind == CodeKind::CodeLengths || longest != 1)) return false;
        place_symbols(lengths);
        fill_fast();
        return true;
    }

    /// The next symbol; -1 where no code matches.
    int decode(BitReader& in) const {
        const Entry entry = fast_[in.peek(FAST_BITS)];
        if (entry.bits != 0) {
            in.drop(entry.bits);
            return entry.symbol;
        }
        return decode_slowly(in);
    }

private:
    struct Entry {
        std::uint16_t symbol = 0;
        std::uint8_t bits = 0;
    };

    void place_symbols(std::span<const std::uint8_t> lengths) {
        std::array<std::uint16_t, MAX_CODE_BITS + 2> offset{};
        for (unsigned bits = 1; bits <= MAX_CODE_BITS; ++bits)
            offset[bits + 1] = static_cast<std::uint16_t>(offset[bits] + count_[bits]);
        for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
            if (lengths[symbol] != 0) symbols_[offset[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
    }

    void fill_fast() {
        fast_.fill({});
        unsigned code = 0, index = 0;
        for (unsigned bits = 1; bits <= FAST_BITS; ++bits, code <<= 1)
            for (unsigned i = 0; i < count_[bits]; ++i, ++code, ++index) {
                unsigned reversed = 0;
                for (unsigned b = 0; b < bits; ++b) reversed |= ((code >> b) & 1U) << (bits - 1 - b);
                for (unsigned slot = reversed; slot < fast_.size(); slot += 1U << bits)
                    fast_[slot] = {symbols_[index], static_cast<std::uint8_t>(bits)};
            }
    }

    // RFC 1951, 3.2.2: codes of one length are consecutive, and start where the shorter ones ended, doubled.
    int decode_slowly(BitReader& in) const {
        const std::uint32_t window = in.peek(MAX_CODE_BITS);
        int code = 0, first = 0, index = 0;
        for (unsigned bits = 1; bits <= MAX_CODE_BITS; ++bits) {
            code |= static_cast<int>((window >> (bits - 1)) & 1U);
            const int count = count_[bits];
            if (code - first < count) {
                in.drop(bits);
                return symbols_[static_cast<std::size_t>(index + code - first)];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return -1;
    }

    std::array<std::uint16_t, MAX_CODE_BITS + 1> count_{};
    std::array<std::uint16_t, 288> symbols_{};
    std::array<Entry, 1U << FAST_BITS> fast_{};
};

class Inflater {
public:
    Inflater(ByteView input, std::size_t limit) : in_(input), limit_(limit) {}

    Decompressed run() {
        out_.end = decode_stream();
        // Zeros read past the end may have made symbols that were never sent.
        if (in_.overran() && out_.end != StreamEnd::Limit) out_.end = StreamEnd::Truncated;
        return std::move(out_);
    }

private:
    StreamEnd decode_stream() {
        const std::uint32_t cmf = in_.take(8), flags = in_.take(8);
        // RFC 1950, 2.2: deflate with a window of at most 32 KiB, the check, no preset dictionary.
        if (in_.overran()) return StreamEnd::Truncated;
        if ((cmf & 0x0f) != 8 || (cmf >> 4) > 7 || (cmf * 256 + flags) % 31 != 0 || (flags & 0x20) != 0)
            return StreamEnd::Corrupt;
        for (bool is_final = false; !is_final;) {
            is_final = in_.take(1) == 1;
            const StreamEnd end = decode_block(in_.take(2));
            if (end != StreamEnd::Complete) return end;
        }
        return check_sum();
    }

    StreamEnd decode_block(std::uint32_t type) {
        if (in_.overran()) return StreamEnd::Truncated;
        switch (type) {
            case 0: return copy_stored();
            case 1: set_fixed_codes(); break;
            case 2:
                if (const StreamEnd end = read_codes(); end != StreamEnd::Complete) return end;
                break;
            default: return StreamEnd::Corrupt;
        }
        return decode_symbols();
    }

    StreamEnd copy_stored() {
        in_.align();
        const std::uint32_t length = in_.take(16), complement = in_.take(16);
        if (in_.overran()) return StreamEnd::Truncated;
        if (length != (complement ^ 0xffff)) return StreamEnd::Corrupt;
        const ByteView rest = in_.rest();
        const std::size_t there = std::min<std::size_t>(length, rest.size());
        const std::size_t fits = std::min(there, limit_ - out_.data.size());
        append(out_.data, rest.first(fits));
        if (fits < there) return StreamEnd::Limit;
        if (there < length) return StreamEnd::Truncated;
        in_.skip_bytes(length);
        return StreamEnd::Complete;
    }

    void set_fixed_codes() {
        std::array<std::uint8_t, 288> lengths{};
        for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
        (void)literals_.build(lengths, CodeKind::Literals);
        std::array<std::uint8_t, 32> distances;
        distances.fill(5);
        (void)distances_.build(distances, CodeKind::Distances);
    }

    // RFC 1951, 3.2.7.
    StreamEnd read_codes() {
        const std::size_t literal_count = in_.take(5) + 257, distance_count = in_.take(5) + 1,
                          order_count = in_.take(4) + 4;
        if (literal_count > 286 || distance_count > 30) return StreamEnd::Corrupt;
        std::array<std::uint8_t, 19> order_lengths{};
        for (std::size_t i = 0; i < order_count; ++i)
            order_lengths[CODE_LENGTH_ORDER[i]] = static_cast<std::uint8_t>(in_.take(3));
        if (!literals_.build(order_lengths, CodeKind::CodeLengths)) return StreamEnd::Corrupt;
        std::array<std::uint8_t, 286 + 30> lengths{};
        if (const StreamEnd end = read_lengths(std::span(lengths).first(literal_count + distance_count));
            end != StreamEnd::Complete)
            return end;
        if (lengths[END_OF_BLOCK] == 0) return StreamEnd::Corrupt;
        const std::span<const std::uint8_t> all(lengths);
        if (!literals_.build(all.first(literal_count), CodeKind::Literals)) return StreamEnd::Corrupt;
        return distances_.build(all.subspan(literal_count, distance_count), CodeKind::Distances) ? StreamEnd::Complete
                                                                                                 : StreamEnd::Corrupt;
    }

    /// Code lengths, themselves coded with literals_.
    StreamEnd read_lengths(std::span<std::uint8_t> lengths) {
        for (std::size_t i = 0; i < lengths.size();) {
            const int symbol = literals_.decode(in_);
            if (in_.overran()) return StreamEnd::Truncated;
            if (symbol < 0) return StreamEnd::Corrupt;
            if (symbol < 16) {
                lengths[i++] = static_cast<std::uint8_t>(symbol);
                continue;
            }
            if (symbol == 16 && i == 0) return StreamEnd::Corrupt;  // nothing to repeat
            const std::uint8_t value = symbol == 16 ? lengths[i - 1] : 0;
            const std::size_t repeat = symbol == 16   ? 3 + in_.take(2)
                                       : symbol == 17 ? 3 + in_.take(3)
                                                      : 11 + in_.take(7);
            if (repeat > lengths.size() - i) return StreamEnd::Corrupt;
            for (std::size_t end = i + repeat; i < end; ++i) lengths[i] = value;
        }
        return StreamEnd::Complete;
    }

    StreamEnd decode_symbols() {
        while (true) {
            const int symbol = literals_.decode(in_);
            if (in_.overran()) return StreamEnd::Truncated;
            if (symbol < 0) return StreamEnd::Corrupt;
            if (symbol == END_OF_BLOCK) return StreamEnd::Complete;
            if (symbol < static_cast<int>(END_OF_BLOCK)) {
                if (out_.data.size() == limit_) return StreamEnd::Limit;
                out_.data.push_back(static_cast<std::uint8_t>(symbol));
            } else if (const StreamEnd end = copy_match(static_cast<unsigned>(symbol) - 257);
                       end != StreamEnd::Complete) {
                return end;
            }
        }
    }

    StreamEnd copy_match(unsigned length_code) {
        if (length_code >= std::size(LENGTH_BASE)) return StreamEnd::Corrupt;
        const std::size_t length = LENGTH_BASE[length_code] + in_.take(LENGTH_EXTRA[length_code]);
        const int distance_code = distances_.decode(in_);
        if (in_.overran()) return StreamEnd::Truncated;
        if (distance_code < 0 || distance_code >= static_cast<int>(std::size(DISTANCE_BASE))) return StreamEnd::Corrupt;
        const auto code = static_cast<std::size_t>(distance_code);
        const std::size_t distance = DISTANCE_BASE[code] + in_.take(DISTANCE_EXTRA[code]);
        if (in_.overran()) return StreamEnd::Truncated;
        if (distance > MAX_DISTANCE || distance > out_.data.size()) return StreamEnd::Corrupt;
        const std::size_t fits = std::min(length, limit_ - out_.data.size());
        for (std::size_t i = 0; i < fits; ++i) out_.data.push_back(out_.data[out_.data.size() - distance]);
        return fits < length ? StreamEnd::Limit : StreamEnd::Complete;
    }

    // RFC 1950, 9: Adler-32 of the uncompressed data, big-endian.
    StreamEnd check_sum() {
        in_.align();
        const ByteView rest = in_.rest();
        if (in_.overran() || rest.size() < 4) return StreamEnd::Truncated;
        std::uint32_t a = 1, b = 0;
        constexpr std::size_t RUN = 5552;  // the longest run whose sums stay below 2^32
        for (std::size_t i = 0; i < out_.data.size();) {
            const std::size_t end = std::min(out_.data.size(), i + RUN);
            for (; i < end; ++i) {
                a += out_.data[i];
                b += a;
            }
            a %= 65521;
            b %= 65521;
        }
        return load_be32(rest.data()) == ((b << 16) | a) ? StreamEnd::Complete : StreamEnd::Corrupt;
    }

    BitReader in_;
    std::size_t limit_;
    HuffmanCode literals_;
    HuffmanCode distances_;
    Decompressed out_;
};

}  // namespace

Decompressed inflate_zlib(ByteView input, std::size_t max_output_bytes) {
    return Inflater(input, max_output_bytes).run();
}

}  // namespace entresol::derive
