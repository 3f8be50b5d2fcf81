// From a mini-block to finality: what has happened to a transaction, where on L1, and what it waits for.
#include "core/base/hex.hpp"
#include "node/explorer/summaries.hpp"
#include "node/rpc/rollup_methods.hpp"

namespace entresol::explorer {
namespace {

struct Step {
    const char* name;
    bool done = false;
    std::optional<std::uint64_t> at_ms{};
    json::value l1_tx = nullptr, l1_block = nullptr;
    std::string note{};
};

json::object to_json(const Step& step) {
    return {{"name", step.name},
            {"done", step.done},
            {"atMs", step.at_ms ? json::value(*step.at_ms) : json::value(nullptr)},
            {"l1TransactionHash", step.l1_tx},
            {"l1BlockNumber", step.l1_block},
            {"note", step.note.empty() ? json::value(nullptr) : json::value(step.note)}};
}

const json::object* find_object(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr ? value->if_object() : nullptr;
}

std::uint64_t number_in(const json::object& object, std::string_view name) {
    return object.at(name).to_number<std::uint64_t>();
}

Step mini_block_step(const State& state, const ledger::StoredBlock& block, std::size_t tx_index) {
    Step step{.name = "mini-block", .done = true};
    if (const auto mark = state.recent.find_mini_block(block.number(), tx_index)) {
        step.at_ms = mark->made_at_ms;
        step.note = "number " + std::to_string(mark->index) + " of its block";
    } else if (!block.block.transactions.empty() && tx_index < block.block.transactions.size() &&
               block.block.transactions[tx_index].type == chain::TxType::Deposit) {
        step.note = "a deposit comes with its block";
    }
    return step;
}

Step batch_step(const State& state, const json::object& status, bool is_safe) {
    Step step{.name = "batch", .done = is_safe};
    const auto* batch = find_object(status, "batch");
    if (batch == nullptr) {
        // Who did not post it knows the L1 block at which derivation had all of it.
        if (const auto* from = find_object(status, "derivedFrom")) {
            step.l1_block = from->at("number");
            step.at_ms = state.sources.bridge->l1_times().find(number_in(*from, "number"));
        }
        return step;
    }
    step.done = true;
    step.l1_tx = batch->at("l1TransactionHash");
    step.l1_block = batch->at("l1BlockNumber");
    step.at_ms = state.sources.bridge->l1_times().find(number_in(*batch, "l1BlockNumber"));
    step.note = "blocks " + std::to_string(number_in(*batch, "firstBlock")) + " to " +
                std::to_string(number_in(*batch, "lastBlock")) + ", " +
                std::to_string(number_in(*batch, "compressedBytes")) + " bytes of " +
                batch->at("dataAvailability").as_string().c_str();
    return step;
}

Step safe_step(const State& state, const json::object& status, bool is_safe) {
    Step step{.name = "safe", .done = is_safe};
    if (const auto* from = find_object(status, "derivedFrom"); from != nullptr && is_safe) {
        step.l1_block = from->at("number");
        step.at_ms = state.sources.bridge->l1_times().find(number_in(*from, "number"));
        step.note = "derived from L1: every node agrees on it";
    }
    return step;
}

Step proposed_step(const json::object& status) {
    Step step{.name = "proposed"};
    const auto* proposal = find_object(status, "proposal");
    if (proposal == nullptr) return step;
    step.done = true;
    step.at_ms = number_in(*proposal, "createdAt") * 1000;
    const auto& tx = proposal->at("l1TransactionHash");
    if (tx != json::value(to_hex(Hash32{}))) {
        step.l1_tx = tx;
        step.l1_block = proposal->at("l1BlockNumber");
    }
    step.note = proposal->at("resolved").as_bool() ? "its output root stands" : "its output root can be challenged";
    return step;
}

json::array steps_of(const std::vector<Step>& steps) {
    json::array out;
    for (const auto& step : steps) out.push_back(to_json(step));
    return out;
}

}  // namespace

json::object block_timeline(const State& state, const ledger::StoredBlock& block, std::size_t tx_index) {
    const auto status = state.sources.context().rollup->block_status(block);
    const std::string_view now = status.at("status").as_string();
    const bool is_safe = now == "safe" || now == "finalized";
    Step sealed{.name = "sealed", .done = true, .at_ms = block.block.header.timestamp * 1000};
    sealed.note = "block " + std::to_string(block.number());
    Step finalized{.name = "finalized", .done = now == "finalized"};
    if (finalized.done) finalized.note = "the L1 block it was derived from is final";
    return {{"status", status.at("status")},
            {"waitsFor", status.at("waitsFor")},
            {"steps", steps_of({mini_block_step(state, block, tx_index), sealed, batch_step(state, status, is_safe),
                                safe_step(state, status, is_safe), proposed_step(status), finalized})}};
}

json::object early_timeline(const sequencer::MiniBlock* mini_block, const char* status, std::string waits_for) {
    Step shown{.name = "mini-block", .done = mini_block != nullptr};
    if (mini_block != nullptr) {
        shown.at_ms = mini_block->made_at_ms;
        shown.note = "number " + std::to_string(mini_block->index) + " of its block";
    }
    return {{"status", status},
            {"waitsFor", std::move(waits_for)},
            {"steps", steps_of({shown,
                                {.name = "sealed"},
                                {.name = "batch"},
                                {.name = "safe"},
                                {.name = "proposed"},
                                {.name = "finalized"}})}};
}

}  // namespace entresol::explorer
