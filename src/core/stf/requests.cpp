#include "core/stf/requests.hpp"

#include "core/base/endian.hpp"
#include "core/crypto/hashes.hpp"
#include "core/stf/block_error.hpp"
#include "core/stf/system_call.hpp"

namespace entresol::stf {

namespace {

constexpr std::uint8_t DEPOSIT_REQUEST_TYPE = 0, WITHDRAWAL_REQUEST_TYPE = 1, CONSOLIDATION_REQUEST_TYPE = 2;
// EIP-7002, EIP-7251
constexpr Address WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS{{{0x00, 0x00, 0x09, 0x61, 0xEf, 0x48, 0x0E, 0xb5, 0x5e, 0x80,
                                                         0xD1, 0x9a, 0xd8, 0x35, 0x79, 0xA6, 0x4c, 0x00, 0x70, 0x02}}};
constexpr Address CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS{
    {{0x00, 0x00, 0xBB, 0xdD, 0xc7, 0xCE, 0x48, 0x86, 0x42, 0xfb,
      0x57, 0x9F, 0x8B, 0x00, 0xf3, 0xa5, 0x90, 0x00, 0x72, 0x51}}};
/// keccak256("DepositEvent(bytes,bytes,bytes,bytes,bytes)"), EIP-6110.
constexpr Hash32 DEPOSIT_EVENT_SIGNATURE_HASH{
    {{0x64, 0x9b, 0xbc, 0x62, 0xd0, 0xe3, 0x13, 0x42, 0xaf, 0xea, 0x4e, 0x5c, 0xd8, 0x2d, 0x40, 0x49,
      0xe7, 0xe1, 0xee, 0x91, 0x2f, 0xc0, 0x88, 0x9a, 0xa7, 0x90, 0x80, 0x3b, 0xe3, 0x90, 0x38, 0xc5}}};

// EIP-6110: five dynamic fields (pubkey, withdrawal credentials, amount, signature, index), where the one valid encoding puts them.
struct DepositField {
    std::size_t offset;  // of the length word
    std::size_t size;
};
constexpr DepositField DEPOSIT_FIELDS[] = {{160, 48}, {256, 32}, {320, 8}, {384, 96}, {512, 8}};
constexpr std::size_t DEPOSIT_EVENT_SIZE = 576;

[[nodiscard]] bool word_is(ByteView data, std::size_t at, std::uint64_t value) {
    return load_be256(data.data() + at) == U256{value};
}

[[nodiscard]] bool append_deposit(Bytes& out, ByteView data) {
    if (data.size() != DEPOSIT_EVENT_SIZE) return false;
    std::size_t head = 0;
    for (const auto& field : DEPOSIT_FIELDS) {
        if (!word_is(data, head, field.offset) || !word_is(data, field.offset, field.size)) return false;
        append(out, data.subspan(field.offset + 32, field.size));
        head += 32;
    }
    return true;
}

Result<Bytes, BlockFailure> call_for_requests(state::Journal& journal, evm::Vm& vm, const chain::Rules& rules,
                                              const Address& contract) {
    auto result = system_call(journal, vm, rules, contract, {});
    if (!result) return block_failure(BlockError::SystemCallFailed, "no code at " + to_hex(contract));
    if (result->status != evm::Status::Success)
        return block_failure(BlockError::SystemCallFailed, to_hex(contract) + ": " + evm::to_string(result->status));
    return std::move(result->output);
}

void add_request(std::vector<Bytes>& requests, std::uint8_t type, ByteView content) {
    if (content.empty()) return;
    Bytes request = {type};
    append(request, content);
    requests.push_back(std::move(request));
}

}  // namespace

Result<Bytes, BlockFailure> collect_deposit_requests(const Address& deposit_contract,
                                                     const std::vector<TxOutcome>& outcomes) {
    Bytes deposits;
    for (const auto& outcome : outcomes)
        for (const auto& log : outcome.receipt.logs) {
            if (log.address != deposit_contract || log.topics.empty() || log.topics[0] != DEPOSIT_EVENT_SIGNATURE_HASH)
                continue;
            if (!append_deposit(deposits, log.data))
                return block_failure(BlockError::RequestsInvalid, "deposit event of another layout");
        }
    return deposits;
}

Result<std::vector<Bytes>, BlockFailure> collect_requests(state::Journal& journal, evm::Vm& vm,
                                                          const chain::Rules& rules, const chain::ChainConfig& config,
                                                          const std::vector<TxOutcome>& outcomes) {
    std::vector<Bytes> requests;
    if (!rules.at_least(chain::Fork::Prague) || rules.is_op()) return requests;  // OP Isthmus: none
    TRY(const Bytes deposits, collect_deposit_requests(config.deposit_contract, outcomes));
    TRY(const Bytes withdrawals, call_for_requests(journal, vm, rules, WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS));
    TRY(const Bytes consolidations, call_for_requests(journal, vm, rules, CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS));
    add_request(requests, DEPOSIT_REQUEST_TYPE, deposits);
    add_request(requests, WITHDRAWAL_REQUEST_TYPE, withdrawals);
    add_request(requests, CONSOLIDATION_REQUEST_TYPE, consolidations);
    return requests;
}

Hash32 compute_requests_hash(const std::vector<Bytes>& requests) {
    Bytes digests;
    for (const auto& request : requests)
        if (request.size() > 1) append(digests, crypto::sha256(request).view());
    return crypto::sha256(digests);
}

}  // namespace entresol::stf
