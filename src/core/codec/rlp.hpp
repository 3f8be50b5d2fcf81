// Recursive Length Prefix (yellow paper, appendix B): strict canonical decoding, no copies; encoding by appending.
#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/uint256.hpp"

namespace entresol::codec {

enum class RlpError {
    UnexpectedEnd,  // the header promises more bytes than there are
    NonCanonical,   // a shorter encoding exists, or an integer has leading zeros
    ExpectedString,
    ExpectedList,
    WrongLength,  // a fixed-size field of another size
    IntegerOverflow,
    TrailingBytes,
    TooManyItems,
};
[[nodiscard]] const char* to_string(RlpError error);

/// Reads items one after another from a payload. A failed read leaves the reader where it was.
class RlpReader {
public:
    explicit RlpReader(ByteView payload) : rest_(payload) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }
    [[nodiscard]] ByteView rest() const { return rest_; }
    /// Is the next item a list? Precondition: not empty.
    [[nodiscard]] bool next_is_list() const { return rest_[0] >= 0xc0; }

    Result<ByteView, RlpError> read_string();
    /// A reader over the payload of the next list.
    Result<RlpReader, RlpError> read_list();
    /// The next item with its header, string or list.
    Result<ByteView, RlpError> read_raw();
    Result<std::uint64_t, RlpError> read_u64();
    Result<U256, RlpError> read_u256();
    template <typename T>
    Result<T, RlpError> read_fixed() {
        const RlpReader saved = *this;
        TRY(const ByteView bytes, read_string());
        if (bytes.size() != T::SIZE) {
            *this = saved;
            return fail(RlpError::WrongLength);
        }
        return from_bytes<T>(bytes);
    }
    Result<void, RlpError> expect_end() const;

private:
    ByteView rest_;
};

void append_string(Bytes& out, ByteView value);
void append_uint(Bytes& out, std::uint64_t value);
void append_uint(Bytes& out, const U256& value);
/// Header of a list whose payload has this many bytes.
void append_list_header(Bytes& out, std::size_t payload_size);
/// Header and payload.
void append_list(Bytes& out, ByteView payload);
/// Makes everything from `start` to the end the payload of a list, by putting the header before it: nested lists need no second buffer.
void close_list(Bytes& out, std::size_t start);
template <std::size_t N>
void append_fixed(Bytes& out, const FixedBytes<N>& value) {
    append_string(out, value.view());
}

}  // namespace entresol::codec
