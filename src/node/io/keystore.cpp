#include "node/io/keystore.hpp"

#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"

namespace entresol::io {
namespace {

namespace json = boost::json;
template <typename T>
using Parsed = Result<T, std::string>;

constexpr std::size_t DERIVED_BYTES = 32;
constexpr std::size_t IV_BYTES = 16;
constexpr std::size_t MAX_SALT_BYTES = 256;
constexpr std::uint64_t MAX_SCRYPT_MEMORY = 512ULL << 20;
constexpr std::uint64_t MAX_SCRYPT_PARALLEL = 64;
constexpr std::uint64_t MAX_ROUNDS = 10'000'000;

Parsed<const json::object*> object_in(const json::object& parent, const char* name) {
    const auto* value = parent.if_contains(name);
    if (value == nullptr || !value->is_object()) return fail(std::string("the keystore has no object ") + name);
    return &value->get_object();
}
Parsed<std::string> text_in(const json::object& parent, const char* name) {
    const auto* value = parent.if_contains(name);
    if (value == nullptr || !value->is_string()) return fail(std::string("the keystore has no text ") + name);
    return std::string(value->get_string());
}
Parsed<std::uint64_t> number_in(const json::object& parent, const char* name) {
    const auto* value = parent.if_contains(name);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 1)
        return fail(std::string("the keystore has no positive number ") + name);
    return static_cast<std::uint64_t>(value->get_int64());
}
Parsed<Bytes> bytes_in(const json::object& parent, const char* name, std::size_t least, std::size_t most) {
    TRY(const auto text, text_in(parent, name));
    auto bytes = parse_hex(text);
    if (!bytes || bytes->size() < least || bytes->size() > most)
        return fail(std::string("the keystore's ") + name + " is malformed");
    return std::move(*bytes);
}

Parsed<Secret> derive_by_scrypt(const json::object& params, ByteView salt, const Secret& password) {
    TRY(const auto n, number_in(params, "n"));
    TRY(const auto r, number_in(params, "r"));
    TRY(const auto p, number_in(params, "p"));
    const std::uint64_t blocks = MAX_SCRYPT_MEMORY / 128;
    if (n < 2 || (n & (n - 1)) != 0 || n > blocks || r > blocks / n || p > MAX_SCRYPT_PARALLEL)
        return fail(std::string("the keystore's scrypt parameters are out of bounds"));
    Secret key(DERIVED_BYTES);
    const auto text = password.reveal_text();
    if (EVP_PBE_scrypt(text.data(), text.size(), salt.data(), salt.size(), n, r, p, 2 * MAX_SCRYPT_MEMORY, key.data(),
                       key.size()) != 1)
        return fail(std::string("scrypt failed: not enough memory?"));
    return key;
}

Parsed<Secret> derive_by_pbkdf2(const json::object& params, ByteView salt, const Secret& password) {
    TRY(const auto rounds, number_in(params, "c"));
    TRY(const auto prf, text_in(params, "prf"));
    if (prf != "hmac-sha256") return fail(std::string("the keystore's prf is not hmac-sha256"));
    if (rounds > MAX_ROUNDS) return fail(std::string("the keystore's number of rounds is out of bounds"));
    Secret key(DERIVED_BYTES);
    const auto text = password.reveal_text();
    if (PKCS5_PBKDF2_HMAC(text.data(), static_cast<int>(text.size()), salt.data(), static_cast<int>(salt.size()),
                          static_cast<int>(rounds), EVP_sha256(), static_cast<int>(key.size()), key.data()) != 1)
        return fail(std::string("pbkdf2 failed"));
    return key;
}

Parsed<Secret> derive_key(const json::object& crypto, const Secret& password) {
    TRY(const auto kdf, text_in(crypto, "kdf"));
    TRY(const auto* params, object_in(crypto, "kdfparams"));
    TRY(const auto size, number_in(*params, "dklen"));
    if (size != DERIVED_BYTES) return fail(std::string("the keystore's dklen is not 32"));
    TRY(const auto salt, bytes_in(*params, "salt", 1, MAX_SALT_BYTES));
    if (kdf == "scrypt") return derive_by_scrypt(*params, salt, password);
    if (kdf == "pbkdf2") return derive_by_pbkdf2(*params, salt, password);
    return fail(std::string("the keystore's kdf is neither scrypt nor pbkdf2"));
}

// The second half of the derived key authenticates, the first decrypts.
bool is_authentic(const Secret& derived, ByteView ciphertext, ByteView mac) {
    Secret message(DERIVED_BYTES / 2 + ciphertext.size());
    std::memcpy(message.data(), derived.reveal().data() + DERIVED_BYTES / 2, DERIVED_BYTES / 2);
    std::memcpy(message.data() + DERIVED_BYTES / 2, ciphertext.data(), ciphertext.size());
    const auto expected = crypto::keccak256(message.reveal());
    return CRYPTO_memcmp(expected.data(), mac.data(), Hash32::SIZE) == 0;
}

Parsed<PrivateKey> decrypt(const Secret& derived, ByteView iv, ByteView ciphertext) {
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    };
    const std::unique_ptr<EVP_CIPHER_CTX, Free> context(EVP_CIPHER_CTX_new());
    Hash32 raw;
    int size = 0;
    const bool ok =
        context != nullptr &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, derived.reveal().data(), iv.data()) == 1 &&
        EVP_DecryptUpdate(context.get(), raw.data(), &size, ciphertext.data(), static_cast<int>(ciphertext.size())) ==
            1;
    PrivateKey key(raw);
    wipe(raw.data(), raw.bytes.size());
    if (!ok || size != static_cast<int>(Hash32::SIZE)) return fail(std::string("aes-128-ctr failed"));
    if (!crypto::address_of_key(key.reveal())) return fail(std::string("not a private key of secp256k1"));
    return key;
}

}  // namespace

Parsed<PrivateKey> open_keystore(std::string_view text, const Secret& password) {
    boost::system::error_code error;
    const auto document = json::parse(text, error);
    if (error || !document.is_object()) return fail(std::string("the keystore is not a JSON object"));
    const auto& root = document.get_object();
    TRY(const auto version, number_in(root, "version"));
    if (version != 3) return fail("the keystore has version " + std::to_string(version) + ", only 3 is supported");
    TRY(const auto* crypto, object_in(root, root.contains("crypto") ? "crypto" : "Crypto"));
    TRY(const auto cipher, text_in(*crypto, "cipher"));
    if (cipher != "aes-128-ctr") return fail(std::string("the keystore's cipher is not aes-128-ctr"));
    TRY(const auto* cipher_params, object_in(*crypto, "cipherparams"));
    TRY(const auto iv, bytes_in(*cipher_params, "iv", IV_BYTES, IV_BYTES));
    TRY(const auto ciphertext, bytes_in(*crypto, "ciphertext", Hash32::SIZE, Hash32::SIZE));
    TRY(const auto mac, bytes_in(*crypto, "mac", Hash32::SIZE, Hash32::SIZE));
    TRY(const auto derived, derive_key(*crypto, password));
    if (!is_authentic(derived, ciphertext, mac)) return fail(std::string("wrong password, or the keystore is damaged"));
    return decrypt(derived, iv, ciphertext);
}

}  // namespace entresol::io
