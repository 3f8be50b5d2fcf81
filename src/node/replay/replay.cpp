#include "node/replay/replay.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/stf/requests.hpp"
#include "core/stf/state_root.hpp"
#include "core/stf/validate_body.hpp"
#include "node/replay/compare.hpp"

namespace entresol::replay {
namespace {

using chain::Fork;
using chain::OpFork;

bool any_differs(const std::vector<Finding>& findings) {
    return std::ranges::any_of(findings, [](const auto& f) { return f.verdict == Verdict::Differs; });
}

Hash32 hash_ommers(const std::vector<chain::Header>& ommers) {
    Bytes payload, list;
    for (const auto& ommer : ommers) append(payload, chain::encode(ommer));
    codec::append_list(list, payload);
    return crypto::keccak256(list);
}

std::string fork_name(const chain::Rules& rules) {
    return std::string(rules.is_op() ? chain::to_string(rules.op) : chain::to_string(rules.fork));
}

/// One block's execution; what it could not work out is in left_out, by the header's field.
class Execution {
public:
    Execution(const ReplayInput& input, const TraceRequest* trace)
        : input_(input),
          trace_(trace),
          rules_(input.config.rules_at(input.block.header.number, input.block.header.timestamp)),
          computed_(input.block.header),
          view_(input.before->open()),
          journal_(*view_) {}

    BlockReport run() {
        BlockReport report;
        report.name = input_.name;
        report.must_be_refused = input_.must_be_refused;
        report.number = input_.block.header.number;
        report.fork = fork_name(rules_);
        work_out_from_parent(report);
        work_out_from_body();
        execute(report);
        report.header = compare_headers(input_.block.header, computed_, input_.has_header, left_out_);
        report.changes = std::move(outcome_.diff);
        if (input_.after && left_out_.empty())
            report.accounts = compare_states(*input_.after, *input_.before->open(), report.changes);
        report.given_hash = input_.block_hash.value_or(chain::header_hash(input_.block.header));
        report.computed_hash = chain::header_hash(computed_);
        report.header.push_back(left_out_.empty() ? compared("hash", report.given_hash, report.computed_hash)
                                                  : unchecked("hash", "not every field could be worked out"));
        return report;
    }

private:
    void work_out_from_parent(BlockReport& report) {
        if (!input_.parent) {
            for (const char* field : {"number", "parentHash", "baseFeePerGas", "excessBlobGas"})
                left_out_[field] = "the parent's header is not given";
            return;
        }
        const auto& parent = *input_.parent;
        if (input_.has_header)
            if (const auto valid = stf::validate_header(computed_, parent, input_.config); !valid)
                report.broken_rule = std::string(stf::to_string(valid.error().error)) + ": " + valid.error().detail;
        computed_.number = parent.number + 1;
        computed_.parent_hash = chain::header_hash(parent);
        if (computed_.base_fee_per_gas)
            computed_.base_fee_per_gas = stf::compute_base_fee(parent, input_.config, computed_.timestamp);
        if (computed_.excess_blob_gas) computed_.excess_blob_gas = stf::compute_excess_blob_gas(parent, rules_);
    }

    void work_out_from_body() {
        const auto& block = input_.block;
        computed_.ommers_hash = block.ommers.empty() ? chain::EMPTY_OMMERS_HASH : hash_ommers(block.ommers);
        computed_.transactions_root = chain::compute_transactions_root(block.transactions);
        if (computed_.withdrawals_root && block.withdrawals && !rules_.at_least(OpFork::Isthmus))
            computed_.withdrawals_root = chain::compute_withdrawals_root(*block.withdrawals);
    }

    // The given header decides what the transactions see: a wrong one is told of, and what it causes is not told again.
    void execute(BlockReport& report) {
        const auto& header = input_.block.header;
        const auto context = stf::make_block_context(header, rules_);
        evm::Vm vm(journal_, context);
        stf::begin_block(journal_, vm, header, rules_);
        stf::BlockProgress progress;
        std::string stopped;
        for (std::size_t i = 0; i < input_.block.transactions.size(); ++i) {
            auto& told = report.transactions.emplace_back();
            told.hash = chain::transaction_hash(input_.block.transactions[i]);
            if (!stopped.empty()) continue;
            stopped = execute_one(i, context, vm, progress, told);
        }
        if (stopped.empty()) stopped = end(vm, progress);
        if (stopped.empty() && journal_.has_failed()) stopped = "the state before lacks something that was read";
        if (stopped.empty()) {
            work_out_root();
            return;
        }
        if (report.broken_rule.empty()) report.broken_rule = stopped;
        for (const char* field : {"gasUsed", "blobGasUsed", "logsBloom", "receiptsRoot", "requestsHash", "stateRoot"})
            left_out_[field] = stopped;
        if (rules_.at_least(OpFork::Isthmus)) left_out_["withdrawalsRoot"] = stopped;
    }

    // Why the block ends here; empty where it goes on.
    std::string execute_one(std::size_t index, const evm::BlockContext& context, evm::Vm& vm,
                            stf::BlockProgress& progress, TransactionReport& told) {
        const auto& tx = input_.block.transactions[index];
        const auto sender =
            rules_.at_least(Fork::Homestead) ? chain::recover_sender(tx) : chain::recover_sender_frontier(tx);
        if (!sender) return refuse(told, index, "its signature is not valid");
        auto outcome = trace_ != nullptr && trace_->transaction == index
                           ? execute_traced(context, progress, tx, *sender)
                           : stf::apply_transaction(journal_, vm, context, progress, tx, *sender);
        if (!outcome) return refuse(told, index, stf::to_string(outcome.error()));
        if (!rules_.at_least(Fork::Byzantium)) put_post_state(*outcome);
        told.was_executed = true;
        told.gas_used = outcome->gas_used;
        if (index < input_.receipts.size()) told.findings = compare_receipt(input_.receipts[index], *outcome);
        if (index < input_.after_each.size()) {
            auto accounts = compare_accounts(input_.after_each[index], journal_);
            told.findings.insert(told.findings.end(), std::make_move_iterator(accounts.begin()),
                                 std::make_move_iterator(accounts.end()));
        }
        outcome_.transactions.push_back(std::move(*outcome));
        return {};
    }

    static std::string refuse(TransactionReport& told, std::size_t index, std::string why) {
        told.refusal = std::move(why);
        return "transaction " + std::to_string(index) + " is refused: " + told.refusal;
    }

    Result<stf::TxOutcome, stf::TxError> execute_traced(const evm::BlockContext& context, stf::BlockProgress& progress,
                                                        const chain::Transaction& tx, const Address& sender) {
        conformance::StepLines lines(trace_->lines, trace_->write);
        lines.begin(journal_, rules_);
        evm::Vm vm(journal_, context, &lines);
        auto outcome = stf::apply_transaction(journal_, vm, context, progress, tx, sender);
        lines.end();
        return outcome;
    }

    // Receipts before EIP-658 hold the root after their transaction.
    void put_post_state(stf::TxOutcome& outcome) {
        so_far_.merge(journal_.diff_since_mark());
        Hash32 root;
        std::optional<Hash32> unused;
        if (input_.before->why_no_root().empty() && !input_.before->commit(so_far_, rules_, root, unused))
            outcome.receipt.post_state = root;
        else
            left_out_["receiptsRoot"] = "receipts before Byzantium hold state roots, and " + reason_for_no_root();
    }

    std::string end(evm::Vm& vm, const stf::BlockProgress& progress) {
        auto requests = stf::end_block(journal_, vm, input_.block, rules_, input_.config, outcome_.transactions);
        if (!requests) return std::string(stf::to_string(requests.error().error)) + ": " + requests.error().detail;
        outcome_.requests = std::move(*requests);
        outcome_.diff = journal_.take_diff();
        stf::summarize(outcome_, progress);
        computed_.gas_used = outcome_.gas_used;
        computed_.logs_bloom = outcome_.logs_bloom;
        computed_.receipts_root = chain::compute_receipts_root(outcome_.receipts());
        if (computed_.blob_gas_used) computed_.blob_gas_used = stf::header_blob_gas(progress, rules_);
        if (computed_.requests_hash) computed_.requests_hash = outcome_.requests_hash;
        return {};
    }

    std::string reason_for_no_root() const {
        const auto why = input_.before->why_no_root();
        return why.empty() ? "the state before lacks nodes on the way to what changed" : why;
    }

    void work_out_root() {
        std::optional<Hash32> message_passer_root;
        const bool has_root = input_.before->why_no_root().empty();
        if (!has_root ||
            input_.before->commit(outcome_.diff, rules_, computed_.state_root, message_passer_root).has_value()) {
            left_out_["stateRoot"] = reason_for_no_root();
            if (rules_.at_least(OpFork::Isthmus)) left_out_["withdrawalsRoot"] = reason_for_no_root();
        } else if (message_passer_root) {
            computed_.withdrawals_root = message_passer_root;
        }
    }

    const ReplayInput& input_;
    const TraceRequest* trace_;
    chain::Rules rules_;
    chain::Header computed_;
    std::unique_ptr<state::StateView> view_;
    state::Journal journal_;
    state::StateDiff so_far_;
    stf::BlockOutcome outcome_;
    std::map<std::string, std::string> left_out_;
};

}  // namespace

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Same: return "same";
        case Verdict::Differs: return "differs";
        case Verdict::Unchecked: return "unchecked";
    }
    return "";
}

bool TransactionReport::differs() const { return !refusal.empty() || any_differs(findings); }

bool BlockReport::differs() const {
    return !broken_rule.empty() || any_differs(header) || any_differs(accounts) ||
           std::ranges::any_of(transactions, [](const auto& tx) { return tx.differs(); });
}

BlockReport replay_block(const ReplayInput& input, const TraceRequest* trace) {
    if (input.before == nullptr) throw std::runtime_error("the state before the block is not given");
    if (trace != nullptr && trace->transaction >= input.block.transactions.size())
        throw std::runtime_error("the block has " + std::to_string(input.block.transactions.size()) +
                                 " transactions, none with index " + std::to_string(trace->transaction));
    return Execution(input, trace).run();
}

}  // namespace entresol::replay
