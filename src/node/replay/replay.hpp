// One block executed again, and every field of its header, receipts and accounts compared with what was given.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/chain/block.hpp"
#include "core/chain/forks.hpp"
#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"
#include "node/conformance/step_lines.hpp"

namespace entresol::replay {

/// The state before a block, and how the root after it is found.
class StateBefore {
public:
    virtual ~StateBefore() = default;
    /// A fresh view; it lives as long as this does.
    [[nodiscard]] virtual std::unique_ptr<state::StateView> open() = 0;
    /// Nothing where no root can follow; why() says why.
    [[nodiscard]] virtual std::optional<stf::BlockFailure> commit(const state::StateDiff& diff,
                                                                  const chain::Rules& rules, Hash32& state_root,
                                                                  std::optional<Hash32>& message_passer_root) = 0;
    /// Empty where a root can follow.
    [[nodiscard]] virtual std::string why_no_root() const { return {}; }
};
/// Preimages by hash. Throws std::runtime_error when the parent's root is not among them.
[[nodiscard]] std::unique_ptr<StateBefore> make_witness_state(std::vector<Bytes> preimages,
                                                              const chain::Header& parent);
/// All accounts there are. Throws std::runtime_error when they do not give the parent's root.
[[nodiscard]] std::unique_ptr<StateBefore> make_whole_state(state::MemoryState accounts, const chain::Header& parent);
/// Only what a tracer named; everything else counts as empty.
[[nodiscard]] std::unique_ptr<StateBefore> make_partial_state(state::MemoryState accounts);

struct GivenReceipt {
    chain::Receipt receipt;
    std::optional<std::uint64_t> gas_used;
    std::optional<U256> effective_gas_price;
    std::optional<Address> contract_address;
};
/// What an account is after a transaction, as far as it was told.
struct GivenAccount {
    std::optional<U256> balance;
    std::optional<std::uint64_t> nonce;
    std::optional<Bytes> code;
    std::map<U256, U256> storage;
};
using GivenAccounts = std::map<Address, GivenAccount>;

struct ReplayInput {
    std::string name;  // where it comes from, for the report
    chain::ChainConfig config;
    std::optional<chain::Header> parent;
    chain::Block block;
    bool has_header = true;  // false: only what is known before execution; the hash tells whether the rest is right
    std::optional<Hash32> block_hash;  // where it was told apart from the header
    std::unique_ptr<StateBefore> before;
    std::vector<GivenReceipt> receipts;       // one a transaction, or none
    std::vector<GivenAccounts> after_each;    // one a transaction, or none
    std::optional<state::MemoryState> after;  // all accounts after the block
    std::string must_be_refused;              // why a suite says that this block is not valid; empty: it is
};

enum class Verdict : std::uint8_t { Same, Differs, Unchecked };
[[nodiscard]] const char* to_string(Verdict verdict);

struct Finding {
    std::string field;
    Verdict verdict = Verdict::Same;
    std::string given, computed;  // as JSON-RPC would show them; `given` may be empty when unchecked
    std::string note;             // why it is unchecked
};

struct TransactionReport {
    Hash32 hash;
    std::string refusal;  // why it may not be in the block
    std::uint64_t gas_used = 0;
    bool was_executed = false;
    std::vector<Finding> findings;
    [[nodiscard]] bool differs() const;
};

struct BlockReport {
    std::string name;
    std::uint64_t number = 0;
    std::string fork;
    Hash32 given_hash, computed_hash;
    std::string broken_rule;  // of the header or body, before execution: what validation says
    std::vector<Finding> header;
    std::vector<TransactionReport> transactions;
    std::vector<Finding> accounts;  // of the state after the block
    state::StateDiff changes;       // what the execution changed
    std::string must_be_refused;
    [[nodiscard]] bool differs() const;
    /// Without a difference, or with one where the block must be refused.
    [[nodiscard]] bool is_as_expected() const { return differs() != must_be_refused.empty(); }
};

/// Where to send one transaction's EIP-3155 lines.
struct TraceRequest {
    std::size_t transaction = 0;
    conformance::StepLineOptions lines;
    conformance::StepLines::Write write;
};

[[nodiscard]] BlockReport replay_block(const ReplayInput& input, const TraceRequest* trace = nullptr);

}  // namespace entresol::replay
