#include "core/codec/rlp.hpp"

namespace entresol::codec {
namespace {

// Yellow paper, appendix B: the first byte says kind and length.
constexpr std::uint8_t STRING_SHORT = 0x80;  // + length up to 55
constexpr std::uint8_t STRING_LONG = 0xb7;   // + number of length bytes
constexpr std::uint8_t LIST_SHORT = 0xc0;
constexpr std::uint8_t LIST_LONG = 0xf7;
constexpr std::size_t MAX_SHORT = 55;

struct Item {
    std::size_t header_size;
    std::size_t payload_size;
    bool is_list;
};

Result<Item, RlpError> parse_long_header(ByteView in, std::size_t length_size, bool is_list) {
    if (in.size() < 1 + length_size) return fail(RlpError::UnexpectedEnd);
    if (in[1] == 0) return fail(RlpError::NonCanonical);
    std::uint64_t length = 0;  // length_size is at most 8
    for (std::size_t i = 1; i <= length_size; ++i) length = (length << 8) | in[i];
    if (length <= MAX_SHORT) return fail(RlpError::NonCanonical);
    return Item{1 + length_size, length, is_list};
}

Result<Item, RlpError> parse_header(ByteView in) {
    if (in.empty()) return fail(RlpError::UnexpectedEnd);
    const std::uint8_t first = in[0];
    if (first < STRING_SHORT) return Item{0, 1, false};
    if (first <= STRING_LONG) return Item{1, std::size_t{first} - STRING_SHORT, false};
    if (first < LIST_SHORT) return parse_long_header(in, first - STRING_LONG, false);
    if (first <= LIST_LONG) return Item{1, std::size_t{first} - LIST_SHORT, true};
    return parse_long_header(in, first - LIST_LONG, true);
}

/// The header of the next item, whose payload is known to be there.
Result<Item, RlpError> parse_item(ByteView in) {
    TRY(const Item item, parse_header(in));
    if (item.payload_size > in.size() - item.header_size) return fail(RlpError::UnexpectedEnd);
    // A byte below 0x80 is its own encoding.
    const bool is_wrapped_byte = !item.is_list && item.header_size == 1 && item.payload_size == 1;
    if (is_wrapped_byte && in[1] < STRING_SHORT) return fail(RlpError::NonCanonical);
    return item;
}

void append_header(Bytes& out, std::size_t size, std::uint8_t short_base, std::uint8_t long_base) {
    if (size <= MAX_SHORT) {
        out.push_back(static_cast<std::uint8_t>(short_base + size));
        return;
    }
    std::uint8_t length[8];
    store_be64(length, size);
    const auto length_size = static_cast<std::size_t>(71 - __builtin_clzll(size)) / 8;
    out.push_back(static_cast<std::uint8_t>(long_base + length_size));
    append(out, ByteView(length, 8).last(length_size));
}

void append_integer(Bytes& out, ByteView big_endian) {
    while (!big_endian.empty() && big_endian[0] == 0) big_endian = big_endian.subspan(1);
    append_string(out, big_endian);
}

}  // namespace

const char* to_string(RlpError error) {
    switch (error) {
        case RlpError::UnexpectedEnd: return "RLP item ends too early";
        case RlpError::NonCanonical: return "RLP encoding is not canonical";
        case RlpError::ExpectedString: return "RLP string expected, list found";
        case RlpError::ExpectedList: return "RLP list expected, string found";
        case RlpError::WrongLength: return "RLP string has another length than its field";
        case RlpError::IntegerOverflow: return "RLP integer is too large for its field";
        case RlpError::TrailingBytes: return "RLP has bytes after its end";
        case RlpError::TooManyItems: return "RLP list has too many items";
    }
    return "unknown RLP error";
}

Result<ByteView, RlpError> RlpReader::read_string() {
    TRY(const Item item, parse_item(rest_));
    if (item.is_list) return fail(RlpError::ExpectedString);
    const ByteView payload = rest_.subspan(item.header_size, item.payload_size);
    rest_ = rest_.subspan(item.header_size + item.payload_size);
    return payload;
}

Result<RlpReader, RlpError> RlpReader::read_list() {
    TRY(const Item item, parse_item(rest_));
    if (!item.is_list) return fail(RlpError::ExpectedList);
    const RlpReader payload(rest_.subspan(item.header_size, item.payload_size));
    rest_ = rest_.subspan(item.header_size + item.payload_size);
    return payload;
}

Result<ByteView, RlpError> RlpReader::read_raw() {
    TRY(const Item item, parse_item(rest_));
    const ByteView raw = rest_.first(item.header_size + item.payload_size);
    rest_ = rest_.subspan(raw.size());
    return raw;
}

Result<U256, RlpError> RlpReader::read_u256() {
    RlpReader ahead = *this;
    TRY(const ByteView bytes, ahead.read_string());
    if (bytes.size() > 32) return fail(RlpError::IntegerOverflow);
    if (!bytes.empty() && bytes[0] == 0) return fail(RlpError::NonCanonical);
    *this = ahead;
    return load_be(bytes);
}

Result<std::uint64_t, RlpError> RlpReader::read_u64() {
    RlpReader ahead = *this;
    TRY(const U256 value, ahead.read_u256());
    if (!value.fits_u64()) return fail(RlpError::IntegerOverflow);
    *this = ahead;
    return value.limb[0];
}

Result<void, RlpError> RlpReader::expect_end() const {
    if (!rest_.empty()) return fail(RlpError::TrailingBytes);
    return {};
}

void append_string(Bytes& out, ByteView value) {
    if (value.size() == 1 && value[0] < STRING_SHORT) {
        out.push_back(value[0]);
        return;
    }
    append_header(out, value.size(), STRING_SHORT, STRING_LONG);
    append(out, value);
}

void append_uint(Bytes& out, std::uint64_t value) {
    std::uint8_t big_endian[8];
    store_be64(big_endian, value);
    append_integer(out, big_endian);
}

void append_uint(Bytes& out, const U256& value) {
    std::uint8_t big_endian[32];
    store_be256(big_endian, value);
    append_integer(out, big_endian);
}

void append_list_header(Bytes& out, std::size_t payload_size) {
    append_header(out, payload_size, LIST_SHORT, LIST_LONG);
}

void append_list(Bytes& out, ByteView payload) {
    append_list_header(out, payload.size());
    append(out, payload);
}

void close_list(Bytes& out, std::size_t start) {
    Bytes header;
    append_list_header(header, out.size() - start);
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(start), header.begin(), header.end());
}

}  // namespace entresol::codec
