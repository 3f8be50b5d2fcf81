// The whole devnet in one process: an L1 with the contracts, the L2 on it, its batcher, proposer and derivation, and a server for each layer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/derive/rollup_config.hpp"
#include "node/settlement/posting.hpp"
#include "node/store/durability.hpp"

namespace entresol::devnet {

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8545;  // L2, where tools look
    std::uint16_t l1_port = 8546;
    std::optional<std::string> datadir;  // nothing: everything is forgotten at the end
    store::Durability durability = store::Durability::Async;
    std::uint64_t l1_chain_id = 1337;
    std::uint64_t l2_chain_id = 31337;
    std::uint64_t l1_block_time_ms = 2000;
    std::uint64_t l2_block_time_ms = 1000;
    std::uint64_t l2_gas_limit = 60'000'000;
    std::uint16_t da_footprint_gas_scalar = 400;  // gas that a byte of data counts for in an L2 block (Jovian)
    std::size_t pool_transactions = 50'000;       // that wait on the L2 at most
    bool automine = false;                        // L2: a block for each transaction
    std::uint64_t l1_safe_lag = 2;                // blocks behind the head
    std::uint64_t l1_finalized_lag = 4;
    std::uint32_t game_type =
        0xE001;           // which claims count: the proposer's alone, or 0xE002, those that anyone may dispute
    Hash32 program_root;  // that disputes run; zero: the chain's own
    std::uint64_t program_entry = 0;
    std::uint64_t challenge_period_s = 12;
    std::uint64_t proof_maturity_s = 6;
    std::uint64_t finality_delay_s = 4;
    std::uint64_t proposal_interval_s = 6;
    std::uint64_t sequencing_window_blocks = 60;
    std::uint64_t exit_window_s = 60;  // that a change of the contracts waits beyond the time of an exit
    settlement::PostingOptions posting;
    std::uint64_t max_head_age_s = 60;  // of a healthy L2
    bool columns = false;               // channels in our own codec, else the OP Stack's
};

class Devnet {
public:
    explicit Devnet(Options options);
    ~Devnet();
    Devnet(const Devnet&) = delete;
    Devnet& operator=(const Devnet&) = delete;

    /// Servers answer when it returns. Throws std::runtime_error in words for the user. `state`: what an earlier devnet dumped, to go on from; its
    /// chain ids, block time and contracts' parameters take the place of the options'.
    void start(const Bytes* state = nullptr);
    /// Both chains as they are now. Between start() and the destructor, also after stop().
    [[nodiscard]] Bytes dump();
    /// Idempotent; finishes what is being written.
    void stop();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t l1_port() const;
    /// Names and addresses of the L1's contracts.
    [[nodiscard]] std::map<std::string, Address> contracts() const;
    [[nodiscard]] derive::RollupConfig rollup_config() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::devnet
