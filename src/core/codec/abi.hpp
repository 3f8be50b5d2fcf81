// Solidity's contract ABI: selectors, writing of arguments with heads and tails, bounded reading of what a stranger wrote.
#pragma once

#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/uint256.hpp"

namespace entresol::codec {

using AbiSelector = FixedBytes<4>;

/// Of a canonical signature: "transfer(address,uint256)".
[[nodiscard]] AbiSelector abi_selector(std::string_view signature);
/// Topic 0 of an event: keccak256 of its canonical signature.
[[nodiscard]] Hash32 abi_event_topic(std::string_view signature);

/// Values one after another, as the members of one tuple: a function's arguments, or an array's elements.
///     AbiWriter().address(to).uint(amount).call("transfer(address,uint256)")
class AbiWriter {
public:
    AbiWriter& uint(const U256& value);  // every width; signed ones as two's complement
    AbiWriter& address(const Address& value);
    AbiWriter& boolean(bool value);
    AbiWriter& word(const Hash32& value);  // bytes32
    /// bytesN: padded on the right. Precondition: at most 32 bytes.
    AbiWriter& fixed_bytes(ByteView value);
    AbiWriter& bytes(ByteView value);
    AbiWriter& string(std::string_view value);
    /// A tuple, or T[k] with a fixed k.
    AbiWriter& tuple(const AbiWriter& members);
    /// T[]: as many elements as values were written.
    AbiWriter& array(const AbiWriter& elements);

    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] Bytes call(std::string_view signature) const;

private:
    AbiWriter& put_static(ByteView words);
    AbiWriter& put_dynamic(ByteView tail);

    struct Patch {
        std::size_t head_at;  // the head's place that takes the offset
        std::size_t tail_at;  // where its tail begins in tails_
    };
    Bytes heads_;
    Bytes tails_;
    std::vector<Patch> patches_;
    std::size_t values_ = 0;
};

enum class AbiError {
    UnexpectedEnd,  // a value, or what an offset or length promises, lies outside the data
    InvalidValue,   // dirty high bytes of an address, a bool above 1, a number above its type
    InvalidOffset,  // tails not in the order of their heads, as every compiler writes them
};
[[nodiscard]] const char* to_string(AbiError error);

struct AbiArray;

/// Reads the members of a tuple one after another; members of static tuples and T[k] are read as if they were the tuple's own. Views live as long as
/// the data. Bytes that nothing refers to are ignored, as Solidity does. Offsets must ascend, so that a few bytes cannot name the same tail many times.
class AbiReader {
public:
    explicit AbiReader(ByteView data) : data_(data) {}

    Result<U256, AbiError> read_uint();
    Result<std::uint64_t, AbiError> read_u64();
    Result<Address, AbiError> read_address();
    Result<bool, AbiError> read_bool();
    Result<Hash32, AbiError> read_word();
    /// bytesN: the padding must be zero. Precondition: size is at most 32.
    Result<ByteView, AbiError> read_fixed_bytes(std::size_t size);
    Result<ByteView, AbiError> read_bytes();
    Result<std::string_view, AbiError> read_string();  // any bytes: check UTF-8 where it matters
    /// A tuple or T[k] with a dynamic member.
    Result<AbiReader, AbiError> read_dynamic_tuple();
    /// T[]; words: how many an element's head takes (1 for dynamic elements).
    Result<AbiArray, AbiError> read_array(std::size_t words_per_element);

private:
    Result<ByteView, AbiError> read_tail();

    ByteView data_;
    std::size_t next_ = 0;
    std::size_t last_offset_ = 0;
};

/// `length` elements to be read from `elements`; the data is long enough for their heads.
struct AbiArray {
    std::size_t length;
    AbiReader elements;
};

}  // namespace entresol::codec
