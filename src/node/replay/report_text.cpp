#include "node/replay/report_text.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "core/base/hex.hpp"

namespace entresol::replay {
namespace {

namespace json = boost::json;

constexpr std::size_t MAX_SHOWN = 200;  // characters of one value: bloom filters and code are long

std::string shortened(const std::string& value) {
    if (value.size() <= MAX_SHOWN) return value;
    return value.substr(0, MAX_SHOWN) + "… (" + std::to_string(value.size() / 2 - 1) + " bytes)";
}

void write_finding(std::string& out, const Finding& finding, const TextOptions& options) {
    switch (finding.verdict) {
        case Verdict::Same:
            if (options.lists_same) out += "  same       " + finding.field + "  " + shortened(finding.computed) + "\n";
            break;
        case Verdict::Differs:
            out += "  differs    " + finding.field + "\n      given     " + shortened(finding.given) +
                   "\n      computed  " + shortened(finding.computed) + "\n";
            break;
        case Verdict::Unchecked:
            if (!finding.computed.empty() && !options.lists_same) break;
            out += "  unchecked  " + finding.field + "  " + shortened(finding.computed) +
                   (finding.computed.empty() ? "" : "  ") + "(" + finding.note + ")\n";
            break;
    }
}

void write_transaction(std::string& out, std::size_t index, const TransactionReport& tx, const TextOptions& options) {
    if (!tx.differs() && !options.lists_same) return;
    out += "  transaction " + std::to_string(index) + "  " + to_hex(tx.hash);
    if (!tx.refusal.empty()) {
        out += "  refused: " + tx.refusal + "\n";
        return;
    }
    out += tx.was_executed ? "  " + std::to_string(tx.gas_used) + " gas\n" : "  not executed\n";
    for (const auto& finding : tx.findings) {
        std::string line;
        write_finding(line, finding, options);
        if (line.empty()) continue;
        out += "  " + line;
    }
}

void write_changes(std::string& out, const state::StateDiff& changes) {
    for (const auto& [address, diff] : changes.accounts) {
        out += "  changed    " + to_hex(address);
        if (!diff.account) {
            out += "  gone\n";
            continue;
        }
        out += "  nonce " + std::to_string(diff.account->nonce) + "  balance " + to_decimal(diff.account->balance) +
               "  code " + to_hex(diff.account->code_hash) + "\n";
        if (diff.storage_cleared) out += "      all old storage is gone\n";
        for (const auto& [key, value] : diff.storage)
            out += "      " + to_quantity(key) + " = " + to_quantity(value) + "\n";
    }
}

std::size_t count(const BlockReport& report, Verdict verdict) {
    const auto in = [verdict](const std::vector<Finding>& findings) {
        return static_cast<std::size_t>(
            std::ranges::count_if(findings, [verdict](const auto& f) { return f.verdict == verdict; }));
    };
    std::size_t out = in(report.header) + in(report.accounts);
    for (const auto& tx : report.transactions) out += in(tx.findings);
    return out;
}

// Which of the differences explains the others.
std::string advice(const BlockReport& report) {
    const auto first =
        std::ranges::find_if(report.transactions, [](const auto& tx) { return !tx.refusal.empty() || tx.differs(); });
    if (first != report.transactions.end()) {
        const auto index = first - report.transactions.begin();
        return "transaction " + std::to_string(index) + " is the first that differs; --trace " + std::to_string(index) +
               " prints its steps";
    }
    const auto differs = [&](const char* field) {
        return std::ranges::any_of(report.header, [field](const auto& finding) {
            return finding.field == field && finding.verdict == Verdict::Differs;
        });
    };
    const bool has_receipts =
        std::ranges::any_of(report.transactions, [](const auto& tx) { return !tx.findings.empty(); });
    if ((differs("receiptsRoot") || differs("gasUsed")) && !has_receipts)
        return "with the block's receipts as well (eth_getBlockReceipts), the transaction that differs can be named";
    if (differs("stateRoot") && !differs("receiptsRoot") && report.accounts.empty())
        return "receipts agree and the state does not: --changes lists what was changed here, to be compared with the "
               "other "
               "client's";
    return {};
}

json::array to_json(const std::vector<Finding>& findings) {
    json::array out;
    for (const auto& finding : findings) {
        json::object row{{"field", finding.field}, {"verdict", to_string(finding.verdict)}};
        if (!finding.given.empty()) row["given"] = finding.given;
        if (!finding.computed.empty()) row["computed"] = finding.computed;
        if (!finding.note.empty()) row["note"] = finding.note;
        out.push_back(std::move(row));
    }
    return out;
}

json::object to_json(const TransactionReport& tx, std::size_t index) {
    json::object out{{"index", index}, {"hash", to_hex(tx.hash)}, {"executed", tx.was_executed}};
    if (tx.was_executed) out["gasUsed"] = to_quantity(tx.gas_used);
    if (!tx.refusal.empty()) out["refusal"] = tx.refusal;
    out["findings"] = to_json(tx.findings);
    return out;
}

json::object to_json(const state::StateDiff& changes) {
    json::object out;
    for (const auto& [address, diff] : changes.accounts) {
        json::object row;
        if (diff.account) {
            row = {{"nonce", to_quantity(diff.account->nonce)},
                   {"balance", to_quantity(diff.account->balance)},
                   {"codeHash", to_hex(diff.account->code_hash)}};
        } else {
            row["gone"] = true;
        }
        if (diff.storage_cleared) row["storageCleared"] = true;
        json::object storage;
        for (const auto& [key, value] : diff.storage) storage[to_quantity(key)] = to_quantity(value);
        if (!storage.empty()) row["storage"] = std::move(storage);
        out[to_hex(address)] = std::move(row);
    }
    return out;
}

}  // namespace

std::string to_text(const BlockReport& report, const TextOptions& options) {
    std::string out = report.name + ": number " + std::to_string(report.number) + ", " + report.fork + ", " +
                      std::to_string(report.transactions.size()) + " transactions, " + to_hex(report.given_hash) + "\n";
    if (!report.must_be_refused.empty()) out += "  must be refused: " + report.must_be_refused + "\n";
    if (!report.broken_rule.empty()) out += "  not valid: " + report.broken_rule + "\n";
    for (const auto& finding : report.header) write_finding(out, finding, options);
    for (std::size_t i = 0; i < report.transactions.size(); ++i)
        write_transaction(out, i, report.transactions[i], options);
    for (const auto& finding : report.accounts) write_finding(out, finding, options);
    if (options.lists_changes) write_changes(out, report.changes);
    if (const auto words = advice(report); !words.empty() && report.differs()) out += "  " + words + "\n";
    return out + "  " + std::to_string(count(report, Verdict::Same)) + " fields same, " +
           std::to_string(count(report, Verdict::Differs)) + " different, " +
           std::to_string(count(report, Verdict::Unchecked)) + " unchecked\n";
}

json::object to_json(const BlockReport& report) {
    json::object out{{"name", report.name},
                     {"number", to_quantity(report.number)},
                     {"fork", report.fork},
                     {"hash", to_hex(report.given_hash)},
                     {"differs", report.differs()}};
    if (!report.must_be_refused.empty()) out["mustBeRefused"] = report.must_be_refused;
    if (!report.broken_rule.empty()) out["brokenRule"] = report.broken_rule;
    out["header"] = to_json(report.header);
    json::array transactions;
    for (std::size_t i = 0; i < report.transactions.size(); ++i)
        transactions.push_back(to_json(report.transactions[i], i));
    out["transactions"] = std::move(transactions);
    out["accounts"] = to_json(report.accounts);
    out["changes"] = to_json(report.changes);
    return out;
}

}  // namespace entresol::replay
