// Reading positional parameters: each reader either gives a checked value or the error that geth would answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/json/array.hpp>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"
#include "node/rpc/context.hpp"
#include "node/rpc/error.hpp"

namespace entresol::rpc {

class Params {
public:
    explicit Params(const json::array* values) : values_(values) {}

    [[nodiscard]] std::size_t size() const { return values_ == nullptr ? 0 : values_->size(); }
    /// Null where the argument is absent or JSON null.
    [[nodiscard]] const json::value* find(std::size_t i) const;
    [[nodiscard]] RpcResult<const json::value*> require(std::size_t i) const;

    [[nodiscard]] RpcResult<Hash32> hash(std::size_t i) const;
    [[nodiscard]] RpcResult<Address> address(std::size_t i) const;
    [[nodiscard]] RpcResult<Bytes> data(std::size_t i) const;
    [[nodiscard]] RpcResult<U256> quantity(std::size_t i) const;  // "0x…" or a JSON number
    [[nodiscard]] RpcResult<std::uint64_t> quantity64(std::size_t i) const;
    [[nodiscard]] RpcResult<bool> boolean(std::size_t i, bool fallback) const;
    [[nodiscard]] RpcResult<std::string> text(std::size_t i) const;

private:
    const json::array* values_;
};

// The same for single JSON values; `where` begins the error message.
[[nodiscard]] RpcResult<Hash32> read_hash(const json::value& value, const std::string& where);
[[nodiscard]] RpcResult<Address> read_address(const json::value& value, const std::string& where);
[[nodiscard]] RpcResult<Bytes> read_data(const json::value& value, const std::string& where);
[[nodiscard]] RpcResult<U256> read_quantity(const json::value& value, const std::string& where);
[[nodiscard]] RpcResult<std::uint64_t> read_quantity64(const json::value& value, const std::string& where);

enum class Tag : std::uint8_t { Latest, Pending, Safe, Finalized, Earliest };
struct BlockId {
    std::variant<Tag, std::uint64_t, Hash32> id = Tag::Latest;
    bool require_canonical = false;  // EIP-1898
};
/// A tag, number, hash or EIP-1898 object; latest where absent.
[[nodiscard]] RpcResult<BlockId> read_block_id(const json::value* value, const std::string& where);
[[nodiscard]] RpcResult<BlockId> block_id(const Params& params, std::size_t i);

/// The sealed block; null when there is none.
[[nodiscard]] ledger::BlockPtr find_block(const Context& context, const BlockId& id);
/// An error where the block's state is kept no more, which names the oldest one that is.
[[nodiscard]] RpcResult<void> check_state_kept(const Context& context, std::uint64_t number);
/// The state to read: latest and pending are the newest mini-block's.
[[nodiscard]] RpcResult<ledger::StateSnapshot> find_state(const Context& context, const BlockId& id);

}  // namespace entresol::rpc
