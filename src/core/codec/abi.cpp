#include "core/codec/abi.hpp"

#include "core/crypto/keccak.hpp"

namespace entresol::codec {
namespace {

constexpr std::size_t WORD = 32;

ByteView view_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

Bytes encode_word(const U256& value) {
    Bytes word(WORD);
    store_be256(word.data(), value);
    return word;
}

bool is_zero(ByteView bytes) {
    for (const std::uint8_t byte : bytes)
        if (byte != 0) return false;
    return true;
}

}  // namespace

Hash32 abi_event_topic(std::string_view signature) { return crypto::keccak256(view_of(signature)); }

AbiSelector abi_selector(std::string_view signature) {
    return from_bytes<AbiSelector>(abi_event_topic(signature).view().first(4));
}

AbiWriter& AbiWriter::put_static(ByteView words) {
    append(heads_, words);
    ++values_;
    return *this;
}

AbiWriter& AbiWriter::put_dynamic(ByteView tail) {
    patches_.push_back({heads_.size(), tails_.size()});
    append(tails_, tail);
    return put_static(Bytes(WORD));
}

AbiWriter& AbiWriter::uint(const U256& value) { return put_static(encode_word(value)); }
AbiWriter& AbiWriter::address(const Address& value) { return uint(to_u256(value)); }
AbiWriter& AbiWriter::boolean(bool value) { return uint(U256{value ? 1U : 0U}); }
AbiWriter& AbiWriter::word(const Hash32& value) { return put_static(value.view()); }

AbiWriter& AbiWriter::fixed_bytes(ByteView value) {
    CHECK(value.size() <= WORD);
    Bytes padded = to_bytes(value);
    padded.resize(WORD);
    return put_static(padded);
}

AbiWriter& AbiWriter::bytes(ByteView value) {
    Bytes tail = encode_word(U256{value.size()});
    append(tail, value);
    tail.resize((tail.size() + WORD - 1) / WORD * WORD);
    return put_dynamic(tail);
}

AbiWriter& AbiWriter::string(std::string_view value) { return bytes(view_of(value)); }

AbiWriter& AbiWriter::tuple(const AbiWriter& members) {
    const Bytes encoded = members.encode();
    return members.patches_.empty() ? put_static(encoded) : put_dynamic(encoded);
}

AbiWriter& AbiWriter::array(const AbiWriter& elements) {
    Bytes tail = encode_word(U256{elements.values_});
    append(tail, elements.encode());
    return put_dynamic(tail);
}

Bytes AbiWriter::encode() const {
    Bytes out = heads_;
    for (const auto& patch : patches_) store_be256(out.data() + patch.head_at, U256{heads_.size() + patch.tail_at});
    append(out, tails_);
    return out;
}

Bytes AbiWriter::call(std::string_view signature) const {
    Bytes out = to_bytes(abi_selector(signature).view());
    append(out, encode());
    return out;
}

const char* to_string(AbiError error) {
    switch (error) {
        case AbiError::UnexpectedEnd: return "ABI data ends too early";
        case AbiError::InvalidValue: return "ABI value is outside its type";
        case AbiError::InvalidOffset: return "ABI offsets do not ascend";
    }
    return "unknown ABI error";
}

Result<Hash32, AbiError> AbiReader::read_word() {
    if (data_.size() - next_ < WORD) return fail(AbiError::UnexpectedEnd);
    const auto word = from_bytes<Hash32>(data_.subspan(next_, WORD));
    next_ += WORD;
    return word;
}

Result<U256, AbiError> AbiReader::read_uint() {
    TRY(const Hash32 word, read_word());
    return to_u256(word);
}

Result<std::uint64_t, AbiError> AbiReader::read_u64() {
    TRY(const U256 value, read_uint());
    if (!value.fits_u64()) return fail(AbiError::InvalidValue);
    return value.limb[0];
}

Result<Address, AbiError> AbiReader::read_address() {
    TRY(const Hash32 word, read_word());
    if (!is_zero(word.view().first(WORD - Address::SIZE))) return fail(AbiError::InvalidValue);
    return to_address(word);
}

Result<bool, AbiError> AbiReader::read_bool() {
    TRY(const U256 value, read_uint());
    if (value > U256{1}) return fail(AbiError::InvalidValue);
    return !value.is_zero();
}

Result<ByteView, AbiError> AbiReader::read_fixed_bytes(std::size_t size) {
    CHECK(size <= WORD);
    const std::size_t at = next_;
    TRY(const Hash32 word, read_word());
    if (!is_zero(word.view().subspan(size))) return fail(AbiError::InvalidValue);
    return data_.subspan(at, size);
}

/// What the next head's offset leads to, up to the end of the data.
Result<ByteView, AbiError> AbiReader::read_tail() {
    TRY(const U256 offset, read_uint());
    if (offset > U256{data_.size()}) return fail(AbiError::UnexpectedEnd);
    const std::size_t at = offset.limb[0];
    if (at <= last_offset_) return fail(AbiError::InvalidOffset);
    last_offset_ = at;
    return data_.subspan(at);
}

Result<ByteView, AbiError> AbiReader::read_bytes() {
    TRY(const ByteView tail, read_tail());
    AbiReader inner(tail);
    TRY(const U256 length, inner.read_uint());
    if (length > U256{tail.size() - WORD}) return fail(AbiError::UnexpectedEnd);
    return tail.subspan(WORD, length.limb[0]);
}

Result<std::string_view, AbiError> AbiReader::read_string() {
    TRY(const ByteView bytes, read_bytes());
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Result<AbiReader, AbiError> AbiReader::read_dynamic_tuple() {
    TRY(const ByteView tail, read_tail());
    return AbiReader(tail);
}

Result<AbiArray, AbiError> AbiReader::read_array(std::size_t words_per_element) {
    CHECK(words_per_element > 0);
    TRY(const ByteView tail, read_tail());
    AbiReader inner(tail);
    TRY(const U256 length, inner.read_uint());
    const ByteView elements = tail.subspan(WORD);
    if (length > U256{elements.size() / WORD / words_per_element}) return fail(AbiError::UnexpectedEnd);
    return AbiArray{length.limb[0], AbiReader(elements)};
}

}  // namespace entresol::codec
