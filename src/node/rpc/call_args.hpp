// The transaction object of eth_call and its relatives, and the overrides that go with it.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/evm/vm.hpp"
#include "core/state/account.hpp"
#include "node/rpc/params.hpp"

namespace entresol::rpc {

struct CallArgs {
    Address from;
    std::optional<Address> to;
    std::optional<std::uint64_t> gas;
    std::optional<U256> gas_price;
    std::optional<U256> max_fee_per_gas;
    std::optional<U256> max_priority_fee_per_gas;
    std::optional<U256> max_fee_per_blob_gas;
    std::optional<U256> value;
    std::optional<std::uint64_t> nonce;
    std::optional<std::uint64_t> chain_id;
    Bytes input;
    std::optional<chain::AccessList> access_list;
    std::vector<Hash32> blob_hashes;
    std::vector<chain::Authorization> authorizations;

    /// The most the sender is asked to pay for a unit of gas; zero where no price is named.
    [[nodiscard]] U256 fee_cap() const { return gas_price.value_or(max_fee_per_gas.value_or(U256{})); }
};
[[nodiscard]] RpcResult<CallArgs> read_call_args(const json::value& value, const std::string& where);
/// An unsigned transaction with these arguments; what is missing gets the given nonce and gas.
[[nodiscard]] chain::Transaction make_transaction(const CallArgs& args, std::uint64_t nonce, std::uint64_t gas,
                                                  std::uint64_t chain_id);

struct AccountOverride {
    std::optional<U256> balance;
    std::optional<std::uint64_t> nonce;
    state::CodePtr code;                        // null: unchanged
    std::optional<std::map<U256, U256>> state;  // replaces all storage
    std::map<U256, U256> state_diff;
    std::optional<Address> move_precompile_to;
};
using StateOverrides = std::map<Address, AccountOverride>;
[[nodiscard]] RpcResult<StateOverrides> read_state_overrides(const json::value* value);

/// Which precompiles an override of their address switches off or moves. Fails on moving what is none.
[[nodiscard]] RpcResult<std::vector<evm::PrecompileMove>> read_precompile_moves(const StateOverrides& overrides,
                                                                                const chain::Rules& rules);

struct BlockOverrides {
    std::optional<std::uint64_t> number, time, gas_limit;
    std::optional<U256> base_fee, blob_base_fee, difficulty;
    std::optional<Address> coinbase;
    std::optional<Hash32> prev_randao;
    std::optional<std::vector<chain::Withdrawal>> withdrawals;
};
[[nodiscard]] RpcResult<BlockOverrides> read_block_overrides(const json::value* value);

/// A view with overrides in front.
class OverriddenView final : public state::StateView {
public:
    OverriddenView(std::unique_ptr<state::StateView> base, StateOverrides overrides)
        : base_(std::move(base)), overrides_(std::move(overrides)) {}
    std::optional<state::Account> find_account(const Address& address) override;
    U256 load_storage(const Address& address, const U256& key) override;
    bool has_storage(const Address& address) override;
    state::CodePtr load_code(const Hash32& code_hash) override;
    Hash32 load_block_hash(std::uint64_t number) override { return base_->load_block_hash(number); }
    bool has_failed() const override { return base_->has_failed(); }
    HashSeed hash_seed() const override { return base_->hash_seed(); }

private:
    std::unique_ptr<state::StateView> base_;
    StateOverrides overrides_;
};

}  // namespace entresol::rpc
