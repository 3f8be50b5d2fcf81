#include "node/bridge/bridge.hpp"

#include "core/codec/abi.hpp"
#include "core/derive/deposit.hpp"

namespace entresol::bridge {
namespace {

constexpr Address MESSAGE_PASSER{{{0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x16}}};

struct Topics {
    Hash32 message_passed =
        codec::abi_event_topic("MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)");
    Hash32 proven = codec::abi_event_topic("WithdrawalProven(bytes32,address,address)");
    Hash32 proven_by = codec::abi_event_topic("WithdrawalProvenExtension1(bytes32,address)");
    Hash32 finalized = codec::abi_event_topic("WithdrawalFinalized(bytes32,bool)");
};
const Topics& topics() {
    static const Topics TOPICS;
    return TOPICS;
}

LogSource l1_source(const std::shared_ptr<l1::L1Client>& client, const Address& portal, std::uint64_t first_block) {
    return {
        .head = [client]() -> l1::L1Result<std::uint64_t> {
            TRY(const auto head, client->header(l1::BlockTag::Latest));
            return head.header.number;
        },
        .hash_of = [client](std::uint64_t number) -> l1::L1Result<Hash32> {
            TRY(const auto block, client->header(number));
            return block.hash;
        },
        .logs = [client, portal](std::uint64_t first, std::uint64_t last) { return client->logs(portal, first, last); },
        .first_block = first_block};
}

// Every L2 block holds the attributes deposit, whose contract emits nothing: a bloom without the message passer skips the block's body.
void collect_messages(const ledger::Ledger& ledger, std::uint64_t number, std::vector<l1::L1Log>& out) {
    const auto header = ledger.find_header(number);
    if (!header || !chain::bloom_may_contain(header->logs_bloom, MESSAGE_PASSER.view())) return;
    const auto block = ledger.find_block(number);
    if (block == nullptr) return;
    std::uint64_t index = 0;
    for (std::size_t i = 0; i < block->outcomes.size(); ++i)
        for (const auto& log : block->outcomes[i].receipt.logs) {
            if (log.address == MESSAGE_PASSER)
                out.push_back({log, block->number(), block->hash, block->tx_hashes[i], index});
            ++index;
        }
}

LogSource l2_source(const ledger::Ledger& ledger) {
    return {.head = [&ledger]() -> l1::L1Result<std::uint64_t> { return ledger.head()->number(); },
            .hash_of = [&ledger](std::uint64_t number) -> l1::L1Result<Hash32> {
                const auto hash = ledger.find_block_hash(number);
                if (!hash) return fail(l1::L1Error{l1::L1ErrorKind::NotFound, "no such block"});
                return *hash;
            },
            .logs = [&ledger](std::uint64_t first, std::uint64_t last) -> l1::L1Result<std::vector<l1::L1Log>> {
                std::vector<l1::L1Log> out;
                for (auto number = first; number <= last; ++number) collect_messages(ledger, number, out);
                return out;
            }};
}

std::optional<Withdrawal> decode_withdrawal(const l1::L1Log& event) {
    const auto& log = event.log;
    if (log.topics.size() != 4 || log.topics[0] != topics().message_passed) return std::nullopt;
    codec::AbiReader reader(log.data);
    const auto value = reader.read_uint();
    const auto gas_limit = reader.read_uint();
    const auto data = reader.read_bytes();
    const auto hash = reader.read_word();
    if (!value || !gas_limit || !data || !hash) return std::nullopt;
    return Withdrawal{.hash = *hash,
                      .nonce = to_u256(log.topics[1]),
                      .from = to_address(log.topics[2]),
                      .to = to_address(log.topics[3]),
                      .value = *value,
                      .gas_limit = *gas_limit,
                      .l2_tx_hash = event.tx_hash,
                      .l2_block_number = event.block_number};
}

}  // namespace

Bridge::Bridge(const std::shared_ptr<l1::L1Client>& l1, const ledger::Ledger& l2, const Address& portal,
               std::uint64_t first_l1_block)
    : l1_(l1),
      portal_(portal),
      l1_times_(l1),
      portal_events_(l1_source(l1, portal, first_l1_block)),
      messages_(l2_source(l2)) {}

std::string Bridge::catch_up() const {
    (void)messages_.catch_up();
    return portal_events_.catch_up();
}

std::vector<Deposit> Bridge::deposits(std::size_t most) const {
    std::vector<Deposit> out;
    auto events = portal_events_.logs();
    for (auto it = events.rbegin(); it != events.rend() && out.size() < most; ++it) {
        if (it->log.topics.empty() || it->log.topics[0] != derive::TRANSACTION_DEPOSITED_TOPIC) continue;
        if (auto tx = derive::decode_deposit(it->log, it->block_hash, it->index))
            out.push_back({std::move(*it), std::move(*tx)});
    }
    return out;
}

std::vector<Withdrawal> Bridge::withdrawals(std::size_t most) const {
    std::vector<Withdrawal> out;
    const auto events = messages_.logs();
    for (auto it = events.rbegin(); it != events.rend() && out.size() < most; ++it)
        if (auto withdrawal = decode_withdrawal(*it)) out.push_back(*withdrawal);
    return out;
}

std::optional<Withdrawal> Bridge::find_withdrawal(const Hash32& hash) const {
    const auto events = messages_.logs();
    for (auto it = events.rbegin(); it != events.rend(); ++it) {
        const auto withdrawal = decode_withdrawal(*it);
        if (withdrawal && (withdrawal->hash == hash || withdrawal->l2_tx_hash == hash)) return withdrawal;
    }
    return std::nullopt;
}

// A withdrawal may be proven again: the last proof counts.
std::map<Hash32, WithdrawalProgress> Bridge::progress() const {
    std::map<Hash32, WithdrawalProgress> out;
    for (auto& event : portal_events_.logs()) {
        const auto& log = event.log;
        if (log.topics.size() < 2) continue;
        if (log.topics[0] == topics().proven_by && log.topics.size() == 3)
            out[log.topics[1]].proof_submitter = to_address(log.topics[2]);
        else if (log.topics[0] == topics().proven)
            out[log.topics[1]].proven = std::move(event);
        else if (log.topics[0] == topics().finalized)
            out[log.topics[1]].finalized = std::move(event);
    }
    return out;
}

std::optional<std::uint64_t> Bridge::ask_number(const Address& contract, const char* signature) const {
    const auto answer = l1_->call(contract, codec::AbiWriter().call(signature));
    if (!answer) return std::nullopt;
    const auto number = codec::AbiReader(*answer).read_u64();
    return number ? std::optional(*number) : std::nullopt;
}

std::optional<BridgePeriods> Bridge::periods() const {
    const std::lock_guard lock(periods_mutex_);
    if (periods_) return periods_;
    const auto factory = l1_->call(portal_, codec::AbiWriter().call("disputeGameFactory()"));
    const auto type = ask_number(portal_, "respectedGameType()");
    const auto maturity = ask_number(portal_, "proofMaturityDelaySeconds()");
    const auto finality = ask_number(portal_, "disputeGameFinalityDelaySeconds()");
    const auto factory_address = factory ? codec::AbiReader(*factory).read_address()
                                         : Result<Address, codec::AbiError>(fail(codec::AbiError::UnexpectedEnd));
    if (!factory_address || !type || !maturity || !finality) return std::nullopt;
    const auto game = l1_->call(*factory_address, codec::AbiWriter().uint(U256{*type}).call("gameImpls(uint32)"));
    const auto game_address = game ? codec::AbiReader(*game).read_address()
                                   : Result<Address, codec::AbiError>(fail(codec::AbiError::UnexpectedEnd));
    if (!game_address) return std::nullopt;
    const auto challenge = ask_number(*game_address, "maxClockDuration()");
    if (!challenge) return std::nullopt;
    periods_ = BridgePeriods{.proof_maturity = *maturity, .challenge = *challenge, .finality_delay = *finality};
    return periods_;
}

std::optional<Address> Bridge::game_of(const Hash32& withdrawal, const Address& submitter) const {
    const auto answer = l1_->call(
        portal_, codec::AbiWriter().word(withdrawal).address(submitter).call("provenWithdrawals(bytes32,address)"));
    if (!answer) return std::nullopt;
    const auto game = codec::AbiReader(*answer).read_address();
    if (!game || game->is_zero()) return std::nullopt;
    return *game;
}

std::string Bridge::why_fallen(const Address& game) const {
    constexpr std::uint64_t CHALLENGER_WINS = 1;  // contracts/src/l1/dispute/DisputeTypes.sol
    if (ask_number(game, "status()") == CHALLENGER_WINS) return "fell in a dispute";
    const auto registry = l1_->call(portal_, codec::AbiWriter().call("anchorStateRegistry()"));
    const auto address = registry ? codec::AbiReader(*registry).read_address()
                                  : Result<Address, codec::AbiError>(fail(codec::AbiError::UnexpectedEnd));
    if (!address) return {};
    const auto struck = l1_->call(*address, codec::AbiWriter().address(game).call("isGameBlacklisted(address)"));
    return struck && codec::AbiReader(*struck).read_bool().value_or(false) ? "was struck out" : "";
}

bool Bridge::is_ready(const Hash32& withdrawal, const Address& submitter) const {
    return l1_
        ->call(portal_, codec::AbiWriter().word(withdrawal).address(submitter).call("checkWithdrawal(bytes32,address)"))
        .has_value();
}

}  // namespace entresol::bridge
