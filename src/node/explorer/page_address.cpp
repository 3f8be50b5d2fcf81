// An account: what it holds now, and its transactions. There is no index by address: blocks are looked through, a bounded number a request.
#include "core/base/hex.hpp"
#include "core/derive/deposit.hpp"
#include "node/explorer/summaries.hpp"

namespace entresol::explorer {
namespace {

constexpr std::uint64_t MAX_SCANNED_BLOCKS = 5'000;
constexpr std::size_t MAX_SCANNED_TRANSACTIONS = 100'000;

// Predeploys of the OP Stack: 0x4200…, by their last byte.
struct Predeploy {
    std::uint8_t last_byte;
    const char* name;
};
constexpr Predeploy PREDEPLOYS[] = {
    {0x06, "WETH"},
    {0x07, "L2CrossDomainMessenger"},
    {0x0F, "GasPriceOracle"},
    {0x10, "L2StandardBridge"},
    {0x11, "SequencerFeeVault"},
    {0x12, "OptimismMintableERC20Factory"},
    {0x15, "L1Block"},
    {0x16, "L2ToL1MessagePasser"},
    {0x19, "BaseFeeVault"},
    {0x1A, "L1FeeVault"},
    {0x1B, "OperatorFeeVault"},
};
constexpr Address MULTICALL3{{{0xcA, 0x11, 0xbd, 0xe0, 0x59, 0x77, 0xb3, 0x63, 0x11, 0x67,
                               0x02, 0x88, 0x62, 0xbE, 0x2a, 0x17, 0x39, 0x76, 0xCA, 0x11}}};

bool concerns(const ledger::StoredBlock& block, std::size_t i, const Address& address) {
    const auto& to = block.block.transactions[i].to;
    const auto& created = block.outcomes[i].created;
    return block.senders[i] == address || (to && *to == address) || (!to && created && *created == address);
}

struct Scan {
    json::array transactions;
    json::value next;
};

// Whole blocks: a page may be longer than the limit by what one block holds, so that it can go on at a block's number.
Scan scan(const State& state, const Request& request, const Address& address) {
    Scan out;
    const auto& ledger = state.sources.ledger();
    std::uint64_t number = ledger.head()->number();
    if (request.before) {
        if (*request.before == 0) return out;
        number = std::min(number, *request.before - 1);
    }
    std::size_t transactions = 0;
    for (std::uint64_t blocks = 0;; ++blocks, --number) {
        if (blocks == MAX_SCANNED_BLOCKS || transactions > MAX_SCANNED_TRANSACTIONS ||
            out.transactions.size() >= request.limit) {
            out.next = number + 1;
            return out;
        }
        const auto block = ledger.find_block(number);
        if (block == nullptr) return out;
        transactions += block->tx_hashes.size();
        for (std::size_t i = block->tx_hashes.size(); i-- > 0;)
            if (concerns(*block, i, address)) out.transactions.push_back(transaction_summary(state, *block, i));
        if (number == 0) return out;
    }
}

json::array shown_in_mini_blocks(const State& state, const Address& address) {
    json::array out;
    const auto* sequencer = state.sources.context().sequencer;
    if (sequencer == nullptr) return out;
    const auto preview = sequencer->preview();
    for (std::size_t i = preview->transactions.size(); i-- > 0;) {
        const auto& shown = *preview->transactions[i];
        const bool is_its = shown.sender == address || (shown.tx.to && *shown.tx.to == address) ||
                            (!shown.tx.to && shown.outcome.created && *shown.outcome.created == address);
        if (is_its) out.push_back(transaction_summary(*preview, i));
    }
    return out;
}

}  // namespace

std::string known_name(const State& state, const Address& address) {
    Address base = derive::L1_BLOCK_PREDEPLOY;
    for (const auto& predeploy : PREDEPLOYS) {
        base.bytes[19] = predeploy.last_byte;
        if (address == base) return predeploy.name;
    }
    if (address == MULTICALL3) return "Multicall3";
    if (address == derive::L1_INFO_DEPOSITOR) return "L1 attributes depositor";
    for (const auto& [name, contract] : state.sources.contracts)
        if (contract == address) return name + " (on L1)";
    return {};
}

ApiResult<json::object> address_page(const State& state, const Request& request) {
    const auto address = parse_fixed<Address>(request.path[1]);
    if (!address) return bad_request("not an address");
    const auto view = state.sources.context().newest_state().open();
    const auto account = view->find_account(*address).value_or(state::Account{});
    const auto code = view->load_code(account.code_hash);
    auto found = scan(state, request, *address);
    auto transactions = request.before ? json::array() : shown_in_mini_blocks(state, *address);
    for (auto& transaction : found.transactions) transactions.push_back(std::move(transaction));
    const std::size_t code_bytes = code != nullptr ? code->size : 0;
    const auto label = known_name(state, *address);
    return json::object{{"address", to_hex(*address)},
                        {"balance", to_decimal(account.balance)},
                        {"nonce", account.nonce},
                        {"codeBytes", code_bytes},
                        {"codeHash", to_hex(account.code_hash)},
                        {"isContract", code_bytes != 0},
                        {"label", label.empty() ? json::value(nullptr) : json::value(label)},
                        {"transactions", std::move(transactions)},
                        {"next", std::move(found.next)}};
}

}  // namespace entresol::explorer
