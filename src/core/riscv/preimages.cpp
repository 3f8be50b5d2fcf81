#include "core/riscv/preimages.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "core/base/check.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/evm/precompiles.hpp"

namespace entresol::riscv {
namespace {

constexpr unsigned ELEMENT_BITS = 12;  // 4096 elements a blob
constexpr U256 BLS_MODULUS{0xffffffff00000001ULL, 0x53bda402fffe5bfeULL, 0x3339d80809a1d805ULL, 0x73eda753299d7d48ULL};
// 7^((q − 1) / 4096) modulo q
constexpr U256 ROOT_OF_UNITY{0xe206da11a5d36306ULL, 0x0ad1347b378fbf96ULL, 0xfc3e8acfe0f8245fULL,
                             0x564c0a11a0f704f4ULL};

unsigned reverse_bits(unsigned index) {
    unsigned reversed = 0;
    for (unsigned i = 0; i < ELEMENT_BITS; ++i) reversed |= (index >> i & 1) << (ELEMENT_BITS - 1 - i);
    return reversed;
}

// What a length must be a multiple of, and whether zero is one.
struct InputForm {
    std::uint8_t precompile;
    std::uint16_t unit;
    bool is_one_unit, may_be_empty;
};
constexpr InputForm FORMS[] = {{0x01, 128, true, false}, {0x02, 1, false, true},    {0x03, 1, false, true},
                               {0x06, 128, true, false}, {0x07, 96, true, false},   {0x08, 192, false, true},
                               {0x0a, 192, true, false}, {0x0b, 256, true, false},  {0x0c, 160, false, false},
                               {0x0d, 512, true, false}, {0x0e, 288, false, false}, {0x0f, 384, false, false},
                               {0x10, 64, true, false},  {0x11, 128, true, false}};

// EIP-198's three lengths, EIP-7823's bound, and nothing after the numbers.
bool is_modexp_input(ByteView input) {
    constexpr U256 MAX_LENGTH{1024};
    if (input.size() < 96) return false;
    U256 total{96};
    for (std::size_t i = 0; i < 3; ++i) {
        const U256 length = load_be256(&input[32 * i]);
        if (length > MAX_LENGTH) return false;
        total += length;
    }
    return total == U256{input.size()} && !load_be256(&input[64]).is_zero();
}

}  // namespace

bool is_computable(const Address& precompile, ByteView input) {
    const U256 number = to_u256(precompile);
    if (number == U256{0x05}) return is_modexp_input(input);
    if (number == U256{0x09}) return input.size() == 213 && input[212] <= 1;
    if (number == U256{0x100}) return input.size() == 160;
    const auto* form = std::find_if(std::begin(FORMS), std::end(FORMS),
                                    [&number](const InputForm& f) { return number == U256{f.precompile}; });
    if (form == std::end(FORMS) || input.size() % form->unit != 0) return false;
    return input.empty() ? form->may_be_empty : !form->is_one_unit || input.size() == form->unit;
}

PreimagePart part_of(ByteView preimage, const PreimageRequest& request) {
    if (request.offset >= preimage.size()) return {{}, preimage.size()};
    const ByteView rest = preimage.subspan(static_cast<std::size_t>(request.offset));
    return {rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), request.max_bytes))),
            preimage.size()};
}

Hash32 computation_key(const Address& precompile, ByteView input) {
    Bytes message = to_bytes(precompile.view());
    append(message, input);
    return crypto::keccak256(message);
}

Bytes compute_precompile(const Address& precompile, ByteView input) {
    const auto run = evm::find_precompile(precompile, chain::Rules{});  // Osaka's, of an L1
    Bytes output;
    if (run == nullptr || !run(input, std::numeric_limits<std::int64_t>::max(), chain::Rules{}, output).ok ||
        output.empty())
        return {0};
    output.insert(output.begin(), 1);
    return output;
}

Hash32 element_point(unsigned index) {
    CHECK(index < 1U << ELEMENT_BITS);
    U256 power{1}, square = ROOT_OF_UNITY;
    for (unsigned exponent = reverse_bits(index); exponent != 0; exponent >>= 1) {
        if ((exponent & 1) != 0) power = mulmod(power, square, BLS_MODULUS);
        square = mulmod(square, square, BLS_MODULUS);
    }
    return to_hash32(power);
}

Hash32 KnownPreimages::add_keccak256(Bytes preimage) {
    const Hash32 key = crypto::keccak256(preimage);
    known_[{PreimageType::Keccak256, key}] = std::move(preimage);
    return key;
}

Hash32 KnownPreimages::add_sha256(Bytes preimage) {
    const Hash32 key = crypto::sha256(preimage);
    known_[{PreimageType::Sha256, key}] = std::move(preimage);
    return key;
}

std::optional<Hash32> KnownPreimages::add_computation(const Address& precompile, ByteView input) {
    if (!is_computable(precompile, input)) return std::nullopt;
    const Hash32 key = computation_key(precompile, input);
    known_[{PreimageType::Computation, key}] = compute_precompile(precompile, input);
    computations_[key] = {precompile, to_bytes(input)};
    return key;
}

const Computation* KnownPreimages::find_computation(const Hash32& key) const {
    const auto found = computations_.find(key);
    return found == computations_.end() ? nullptr : &found->second;
}

void KnownPreimages::add_blob(const Hash32& versioned_hash, Bytes blob) {
    CHECK(blob.size() == crypto::BYTES_PER_BLOB);
    known_[{PreimageType::Blob, versioned_hash}] = std::move(blob);
}

}  // namespace entresol::riscv
