#include "node/replica/rollup_service.hpp"

#include <algorithm>

#include "core/base/hex.hpp"
#include "node/replica/disputes_json.hpp"

namespace entresol::replica {
namespace {

namespace json = boost::json;

json::object l2_ref(const derive::RollupConfig& config, const ledger::StoredBlock& block) {
    json::object out{{"hash", to_hex(block.hash)},
                     {"number", block.number()},
                     {"parentHash", to_hex(block.block.header.parent_hash)},
                     {"timestamp", block.block.header.timestamp}};
    if (const auto ref = derive::make_l2_block_ref(config, block.block)) {
        out["l1origin"] = json::object{{"hash", to_hex(ref->l1_origin.hash)}, {"number", ref->l1_origin.number}};
        out["sequenceNumber"] = ref->sequence_number;
    }
    return out;
}

json::object batch_to_json(const settlement::BatchPosition& batch) {
    json::array transactions;
    for (const auto& hash : batch.l1_tx_hashes) transactions.push_back(json::value(to_hex(hash)));
    return {{"l1TransactionHash", to_hex(batch.l1_tx_hash)},
            {"l1TransactionHashes", std::move(transactions)},
            {"l1BlockNumber", batch.l1_block_number},
            {"l1BlockHash", to_hex(batch.l1_block_hash)},
            {"channelId", to_hex(batch.channel_id)},
            {"firstBlock", batch.first_l2_block},
            {"lastBlock", batch.last_l2_block},
            {"rawBytes", batch.raw_bytes},
            {"compressedBytes", batch.compressed_bytes},
            {"dataAvailability", batch.in_blobs ? "blobs" : "calldata"}};
}

json::object proposal_to_json(const settlement::Proposal& proposal) {
    return {{"l2BlockNumber", proposal.l2_block_number},
            {"outputRoot", to_hex(proposal.output_root)},
            {"l1TransactionHash", to_hex(proposal.l1_tx_hash)},
            {"l1BlockNumber", proposal.l1_block_number},
            {"game", to_hex(proposal.game)},
            {"createdAt", proposal.created_at},
            {"resolved", proposal.resolved},
            {"status", to_string(proposal.status)}};
}

// Zero where the chain file does not name it: L1 then has no answer.
Address factory_of(const genesis::ChainFile& file) {
    const auto found = file.contracts.find("dispute_game_factory");
    return found == file.contracts.end() ? Address{} : found->second;
}

}  // namespace

RollupService::RollupService(genesis::ChainFile chain_file, settlement::RollupNode& rollup, ledger::Ledger& ledger,
                             std::shared_ptr<bridge::Bridge> bridge, std::shared_ptr<l1::L1Client> l1,
                             std::function<std::uint64_t()> now_ms)
    : chain_file_(std::move(chain_file)),
      rollup_(rollup),
      ledger_(ledger),
      bridge_(std::move(bridge)),
      disputes_(std::move(l1), factory_of(chain_file_)),
      now_ms_(std::move(now_ms)) {}

json::object RollupService::sync_status() {
    const auto status = rollup_.status();
    const auto& config = chain_file_.rollup;
    return {{"current_l1", json::object{{"hash", to_hex(status.current_l1.hash)},
                                        {"number", status.current_l1.number},
                                        {"parentHash", to_hex(status.current_l1.parent_hash)},
                                        {"timestamp", status.current_l1.timestamp}}},
            {"head_l1", json::object{{"number", status.head_l1}}},
            {"safe_l1", json::object{{"number", status.safe_l1}}},
            {"finalized_l1", json::object{{"number", status.finalized_l1}}},
            {"unsafe_l2", l2_ref(config, *ledger_.head())},
            {"safe_l2", l2_ref(config, *ledger_.safe())},
            {"finalized_l2", l2_ref(config, *ledger_.finalized())},
            {"resets", status.resets},
            {"problem", status.problem}};
}

json::object RollupService::rollup_config() { return genesis::rollup_to_json(chain_file_.rollup); }
json::object RollupService::chain_file() { return genesis::to_json(chain_file_); }
Hash32 RollupService::output_root(const ledger::StoredBlock& block) { return settlement::compute_output_root(block); }

json::object RollupService::block_status(const ledger::StoredBlock& block) {
    const auto number = block.number();
    json::object out{
        {"blockNumber", number}, {"blockHash", to_hex(block.hash)}, {"sealedAt", block.block.header.timestamp}};
    if (!ledger_.is_canonical(block)) {
        out["status"] = "orphaned";
        out["waitsFor"] = "nothing: this block was replaced";
        out["nextStatus"] = nullptr;
        out["nextStatusExpectedAt"] = nullptr;
        return out;
    }
    if (const auto batch = rollup_.batch_position(number)) out["batch"] = batch_to_json(*batch);
    if (const auto from = rollup_.derived_from(number))
        out["derivedFrom"] = json::object{{"hash", to_hex(from->hash)}, {"number", from->number}};
    for (const auto& proposal :
         rollup_.proposals()) {  // newest first: the last that covers it is the first that was made
        if (proposal.l2_block_number < number) break;
        if (proposal.status == settlement::GameStatus::ChallengerWins) continue;
        out["proposal"] = proposal_to_json(proposal);
    }
    const bool safe = number <= ledger_.safe()->number(), finalized = number <= ledger_.finalized()->number();
    out["status"] = finalized ? "finalized" : safe ? "safe" : "sealed";
    out["waitsFor"] = finalized               ? "nothing"
                      : safe                  ? "finality of the L1 block it was derived from"
                      : out.contains("batch") ? "derivation from L1"
                                              : "its batch on L1";
    tell_next(out, number);
    return out;
}

Pace RollupService::pace() const {
    const auto status = rollup_.status();
    const auto& config = chain_file_.rollup;
    Pace out{.l1_number = status.current_l1.number,
             .l1_time_s = status.current_l1.timestamp,
             .genesis_l1_number = config.l1_genesis.number,
             .genesis_time_s = config.l2_genesis_timestamp,
             .head_l1 = status.head_l1,
             .finalized_l1 = status.finalized_l1,
             .safe_l2 = ledger_.safe()->number()};
    const auto source = rollup_.derived_from(out.safe_l2);
    if (!source) return out;
    out.safe_from_l1 = source->number;
    // Sources never go back: halving finds the first block of the newest batch.
    std::uint64_t below = config.l2_genesis.number, first = out.safe_l2;
    while (below + 1 < first) {
        const std::uint64_t middle = below + (first - below) / 2;
        const auto from = rollup_.derived_from(middle);
        (from && from->number == source->number ? first : below) = middle;
    }
    out.before_l2 = below;
    const auto before = rollup_.derived_from(below);
    out.before_from_l1 = before ? before->number : config.l1_genesis.number;
    return out;
}

void RollupService::tell_next(json::object& out, std::uint64_t number) const {
    const std::string_view status = out.at("status").as_string();
    out["nextStatus"] = nullptr;
    out["nextStatusExpectedAt"] = nullptr;
    if (status == "finalized") return;
    const auto known = pace();
    std::optional<std::uint64_t> expected;
    if (status == "safe") {
        out["nextStatus"] = "finalized";
        if (const auto from = rollup_.derived_from(number)) expected = expect_final_time(known, from->number);
    } else {
        out["nextStatus"] = "safe";
        if (const auto l1 = expect_safe_in_l1(known, number)) expected = expect_l1_time(known, *l1);
    }
    if (expected) out["nextStatusExpectedAt"] = std::max(*expected, now_ms_() / 1000);
}

std::optional<json::object> RollupService::withdrawal_status(const Hash32& hash) {
    const auto problem = bridge_->catch_up();
    const auto withdrawal = bridge_->find_withdrawal(hash);
    if (!withdrawal) return std::nullopt;
    const auto all_progress = bridge_->progress();
    const auto known = all_progress.find(withdrawal->hash);
    std::vector<bridge::Output> outputs;
    for (const auto& proposal : rollup_.proposals())
        if (proposal.status != settlement::GameStatus::ChallengerWins)
            outputs.push_back({proposal.l2_block_number, proposal.game});
    const auto status = bridge_->status_of(
        *withdrawal, known == all_progress.end() ? bridge::WithdrawalProgress{} : known->second, outputs, now_ms_());
    json::object out{{"withdrawalHash", to_hex(withdrawal->hash)},
                     {"l2TransactionHash", to_hex(withdrawal->l2_tx_hash)},
                     {"l2BlockNumber", withdrawal->l2_block_number},
                     {"sender", to_hex(withdrawal->from)},
                     {"target", to_hex(withdrawal->to)},
                     {"value", to_quantity(withdrawal->value)},
                     {"status", bridge::to_string(status.state)},
                     {"waitsFor", status.waits_for}};
    if (status.game) out["game"] = to_hex(*status.game);
    if (status.proven_at_ms) out["provenAt"] = *status.proven_at_ms / 1000;
    if (status.prove_tx) out["proveTransactionHash"] = to_hex(*status.prove_tx);
    if (status.finalize_tx) out["finalizeTransactionHash"] = to_hex(*status.finalize_tx);
    if (!problem.empty()) out["problem"] = problem;
    return out;
}

json::array RollupService::recent_batches(std::size_t most) {
    json::array out;
    for (const auto& batch : rollup_.recent_batches(most)) out.push_back(batch_to_json(batch));
    return out;
}

json::array RollupService::proposals(std::size_t most) {
    json::array out;
    for (const auto& proposal : rollup_.proposals()) {
        if (out.size() >= most) break;
        out.push_back(proposal_to_json(proposal));
    }
    return out;
}

std::optional<Hash32> RollupService::own_root(std::uint64_t number) const {
    const auto block = number <= ledger_.head()->number() ? ledger_.find_block(number) : nullptr;
    return block == nullptr ? std::nullopt : std::optional(settlement::compute_output_root(*block));
}

Result<json::array, std::string> RollupService::disputes(std::size_t most) {
    const auto claims = disputes_.list(most);
    if (!claims) return fail(claims.error().message);
    json::array out;
    for (const auto& claim : *claims) out.push_back(claim_to_json(claim, own_root(claim.l2_block_number)));
    return out;
}

Result<std::optional<json::object>, std::string> RollupService::dispute(const Address& game) {
    const auto found = disputes_.find(game);
    if (!found) return fail(found.error().message);
    if (!*found) return std::optional<json::object>{};
    auto out = claim_to_json((*found)->claim, own_root((*found)->claim.l2_block_number));
    add_moves(out, **found);
    return std::optional(std::move(out));
}

}  // namespace entresol::replica
