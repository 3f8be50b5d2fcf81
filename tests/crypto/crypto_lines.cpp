// Reads lines "operation hex [hex …]" and answers each with the result's hex, or "none" where the operation refuses its input.
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/kzg.hpp"

namespace {

using namespace entresol;
using Arguments = std::vector<Bytes>;
using Operation = std::function<std::optional<Bytes>(const Arguments&)>;

std::optional<Bytes> answer(bool yes) { return Bytes{static_cast<std::uint8_t>(yes ? 1 : 0)}; }
std::optional<Bytes> answer(std::optional<bool> verdict) {
    if (!verdict) return std::nullopt;
    return answer(*verdict);
}
template <std::size_t n>
std::optional<Bytes> answer(const std::optional<FixedBytes<n>>& point) {
    if (!point) return std::nullopt;
    return to_bytes(point->view());
}

template <auto function>
std::optional<Bytes> one(const Arguments& arguments) {
    return answer(function(arguments.at(0)));
}
template <auto hash>
std::optional<Bytes> digest(const Arguments& arguments) {
    return to_bytes(hash(arguments.at(0)).view());
}

std::optional<Bytes> keccak_many(const Arguments& arguments) {
    const std::vector<ByteView> views(arguments.begin(), arguments.end());
    std::vector<Hash32> digests(views.size());
    crypto::keccak256_many(views, digests);
    Bytes out;
    for (const auto& hash : digests) append(out, hash.view());
    return out;
}
// h (64), m (128), t (16), little-endian; rounds (4), big-endian; final (1): the input of EIP-152.
std::optional<Bytes> blake2f(const Arguments& arguments) {
    const Bytes& in = arguments.at(0);
    if (in.size() != 213) return std::nullopt;
    std::uint64_t h[8], m[16], t[2];
    for (std::size_t i = 0; i < 8; ++i) h[i] = load_le64(in.data() + 4 + 8 * i);
    for (std::size_t i = 0; i < 16; ++i) m[i] = load_le64(in.data() + 68 + 8 * i);
    for (std::size_t i = 0; i < 2; ++i) t[i] = load_le64(in.data() + 196 + 8 * i);
    crypto::blake2f(load_be32(in.data()), h, m, t, in[212] != 0);
    Bytes out(64);
    for (std::size_t i = 0; i < 8; ++i) store_le64(out.data() + 8 * i, h[i]);
    return out;
}
std::optional<Bytes> p256_verify(const Arguments& arguments) {
    const Bytes& in = arguments.at(0);
    if (in.size() != 160) return std::nullopt;
    const auto word = [&](std::size_t i) { return load_be256(in.data() + 32 * i); };
    return answer(crypto::p256_verify(to_hash32(word(0)), word(1), word(2), word(3), word(4)));
}
std::optional<Bytes> modexp(const Arguments& arguments) {
    return crypto::modexp(arguments.at(0), arguments.at(1), arguments.at(2));
}

const std::map<std::string, Operation> OPERATIONS = {
    {"keccak", digest<crypto::keccak256>},
    {"keccak_many", keccak_many},
    {"sha256", digest<crypto::sha256>},
    {"sha256_portable", digest<crypto::sha256_portable>},
    {"ripemd160", digest<crypto::ripemd160>},
    {"blake2f", blake2f},
    {"modexp", modexp},
    {"p256_verify", p256_verify},
    {"bn254_add", one<crypto::bn254_add>},
    {"bn254_mul", one<crypto::bn254_mul>},
    {"bn254_pairing", one<crypto::bn254_pairing_check>},
    {"bls12_g1_add", one<crypto::bls12_g1_add>},
    {"bls12_g1_msm", one<crypto::bls12_g1_msm>},
    {"bls12_g2_add", one<crypto::bls12_g2_add>},
    {"bls12_g2_msm", one<crypto::bls12_g2_msm>},
    {"bls12_pairing", one<crypto::bls12_pairing_check>},
};

}  // namespace

int main() {
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string name, word;
        words >> name;
        Arguments arguments;
        while (words >> word) arguments.push_back(parse_hex(word).value());
        const auto result = OPERATIONS.at(name)(arguments);
        std::cout << (result ? to_hex(*result) : "none") << std::endl;
    }
}
