// Accounts, code and the view through which the state transition reads them.
#pragma once

#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/seeded_hash.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::state {

struct Account {
    std::uint64_t nonce = 0;
    U256 balance;
    Hash32 code_hash = crypto::EMPTY_CODE_HASH;
    [[nodiscard]] bool is_empty() const {
        return nonce == 0 && balance.is_zero() && code_hash == crypto::EMPTY_CODE_HASH;
    }  // EIP-161
    bool operator==(const Account&) const = default;
};

/// Contract code with what the interpreter needs to run it, made once and shared: jump destinations, padding so that PUSH never reads past the end.
struct Code {
    Bytes bytes;           // original code followed by 33 zero bytes
    Bytes fused;           // what runs: the same with sequences named by their first byte (fused_code.hpp)
    std::size_t size = 0;  // without the padding
    std::vector<std::uint64_t> jump_dests;  // one bit a byte of code
    [[nodiscard]] ByteView view() const { return {bytes.data(), size}; }
    [[nodiscard]] bool is_jump_dest(std::uint64_t offset) const {
        return offset < size && ((jump_dests[offset / 64] >> (offset % 64)) & 1) != 0;
    }
};
using CodePtr = std::shared_ptr<const Code>;
/// Initcode runs once: naming its sequences would cost more than it saves.
enum class CodeUse : std::uint8_t { Contract, Initcode };
[[nodiscard]] CodePtr make_code(ByteView code, CodeUse use = CodeUse::Contract);

/// Read-only state before a block or transaction. Not thread-safe. When something cannot be read (a witness lacks it), the view answers with empty
/// values and has_failed() turns true for good: the state transition checks it before anything it computed is believed.
class StateView {
public:
    virtual ~StateView() = default;
    [[nodiscard]] virtual std::optional<Account> find_account(const Address& address) = 0;
    [[nodiscard]] virtual U256 load_storage(const Address& address, const U256& key) = 0;
    /// True when the account's storage trie is not empty (EIP-7610).
    [[nodiscard]] virtual bool has_storage(const Address& address) = 0;
    [[nodiscard]] virtual CodePtr load_code(const Hash32& code_hash) = 0;
    /// Hash of one of the last 256 blocks, for BLOCKHASH; zero when out of reach.
    [[nodiscard]] virtual Hash32 load_block_hash(std::uint64_t number) = 0;
    [[nodiscard]] virtual bool has_failed() const = 0;
    /// For tables over this view whose keys transactions choose. Nothing that is computed depends on it.
    [[nodiscard]] virtual HashSeed hash_seed() const { return {}; }
};

}  // namespace entresol::state
