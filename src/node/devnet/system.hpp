// Everything of the devnet but its servers: both chains over their stores, JSON-RPC of each, batcher, proposer, derivation, explorer. Loading a state
// makes a second one, which takes the first one's place.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "node/devnet/blob_archive.hpp"
#include "node/devnet/chain_node.hpp"
#include "node/devnet/configuration.hpp"
#include "node/devnet/state_archive.hpp"
#include "node/explorer/explorer.hpp"
#include "node/settlement/rollup_node.hpp"
#include "node/sync/client_l1_provider.hpp"
#include "node/sync/ledger_l1_provider.hpp"

namespace entresol::devnet {

struct SystemStores {
    std::shared_ptr<store::BlockStore> l1, l2;
    bool keeps = false;  // on disk: blobs go there too
};

/// Fills empty stores with an archive's chains. The error is in words.
[[nodiscard]] Result<void, std::string> restore(const StateArchive& archive, const Configuration& config,
                                                const SystemStores& stores);

class System final : public BothLayers {
public:
    /// Asked to put an archive's chains in the place of these.
    using Load = std::function<Result<void, std::string>(Bytes archive)>;
    /// `offset_ms`: from the machine's clock to the devnet's.
    System(Options options, Configuration config, SystemStores stores, std::int64_t offset_ms, Load load);
    ~System() override;
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    void start();
    /// Idempotent; finishes what is being written.
    void stop();

    /// For a request in progress: while somebody holds one of these, the system is not idle. It is no ownership.
    [[nodiscard]] std::shared_ptr<const System> hold() const { return {ticket_, this}; }
    [[nodiscard]] std::shared_ptr<rpc::Dispatcher> l1_rpc() const { return {ticket_, l1_rpc_.get()}; }
    [[nodiscard]] std::shared_ptr<rpc::Dispatcher> l2_rpc() const { return {ticket_, l2_rpc_.get()}; }
    [[nodiscard]] bool is_idle() const { return ticket_.use_count() == 1; }
    /// Ends WebSocket connections that follow these chains.
    void close_subscriptions();

    [[nodiscard]] http::Response get_l1(const std::string& target) const;
    [[nodiscard]] http::Response get_l2(const std::string& target) const;
    [[nodiscard]] const Configuration& config() const { return config_; }
    [[nodiscard]] std::uint64_t head_number() const { return l2_->ledger().head()->number(); }  // L2
    /// Before start(). False: one of them is no blob.
    [[nodiscard]] bool restore_blobs(const StateArchive& archive);

    // --- BothLayers
    std::uint64_t snapshot() override;
    bool revert(std::uint64_t id) override;
    void clock_moved() override;
    void head_moved() override;
    Bytes dump() override;
    Result<void, std::string> load(Bytes archive) override { return load_(std::move(archive)); }

private:
    void make_l1();
    void make_l2();
    [[nodiscard]] rpc::Context make_context(ChainNode& node, const char* layer);
    void make_l1_rpc();
    void make_l2_rpc();
    void make_rollup();
    [[nodiscard]] sequencer::BlockTemplate l1_template(const ledger::StoredBlock& parent,
                                                       std::uint64_t timestamp) const;
    void follow_l1_finality();
    void seal_what_was_shown();

    Options options_;
    Configuration config_;
    SystemStores stores_;
    Load load_;
    std::shared_ptr<int> ticket_ = std::make_shared<int>();  // shared with requests in progress
    DevClock clock_;
    crypto::Kzg kzg_ = crypto::Kzg::ceremony();
    BlobArchive blobs_;
    std::unique_ptr<ChainNode> l1_, l2_;
    std::unique_ptr<sync::LedgerL1Provider> l1_provider_;
    std::shared_ptr<rpc::Dispatcher> l1_rpc_, l2_rpc_;
    std::shared_ptr<l1::L1Client> l1_client_;
    std::unique_ptr<explorer::Explorer> explorer_;
    std::unique_ptr<sync::ClientL1Provider> blob_provider_;
    std::unique_ptr<settlement::RollupNode> rollup_;
    bool is_started_ = false;

    struct Snapshot {
        Hash32 l1_head, l2_head;
        std::int64_t offset_ms = 0;
    };
    std::mutex snapshots_mutex_;
    std::map<std::uint64_t, Snapshot> snapshots_;
    std::uint64_t next_snapshot_ = 0;
};

}  // namespace entresol::devnet
