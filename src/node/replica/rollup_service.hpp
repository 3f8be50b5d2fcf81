// The answers of optimism_ and entresol_ methods from a rollup node and its ledger; the same for devnet and replica.
#pragma once

#include "node/bridge/bridge.hpp"
#include "node/challenge/dispute_reader.hpp"
#include "node/genesis/chain_file.hpp"
#include "node/replica/expect_status.hpp"
#include "node/rpc/rollup_methods.hpp"
#include "node/settlement/rollup_node.hpp"

namespace entresol::replica {

class RollupService final : public rpc::RollupMethods {
public:
    RollupService(genesis::ChainFile chain_file, settlement::RollupNode& rollup, ledger::Ledger& ledger,
                  std::shared_ptr<bridge::Bridge> bridge, std::shared_ptr<l1::L1Client> l1,
                  std::function<std::uint64_t()> now_ms);

    boost::json::object sync_status() override;
    boost::json::object rollup_config() override;
    boost::json::object chain_file() override;
    Hash32 output_root(const ledger::StoredBlock& block) override;
    boost::json::object block_status(const ledger::StoredBlock& block) override;
    std::optional<boost::json::object> withdrawal_status(const Hash32& hash) override;
    boost::json::array recent_batches(std::size_t most) override;
    boost::json::array proposals(std::size_t most) override;
    Result<boost::json::array, std::string> disputes(std::size_t most) override;
    Result<std::optional<boost::json::object>, std::string> dispute(const Address& game) override;

private:
    [[nodiscard]] std::optional<Hash32> own_root(std::uint64_t number) const;
    [[nodiscard]] Pace pace() const;
    void tell_next(boost::json::object& out, std::uint64_t number) const;

    genesis::ChainFile chain_file_;
    settlement::RollupNode& rollup_;
    ledger::Ledger& ledger_;
    std::shared_ptr<bridge::Bridge> bridge_;
    challenge::DisputeReader disputes_;
    std::function<std::uint64_t()> now_ms_;
};

}  // namespace entresol::replica
