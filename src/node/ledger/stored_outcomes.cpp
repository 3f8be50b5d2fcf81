#include "node/ledger/stored_outcomes.hpp"

#include "core/codec/rlp.hpp"

namespace entresol::ledger {
namespace {

using codec::RlpError;
using codec::RlpReader;

Bytes encode_one(const Address& sender, const stf::TxOutcome& outcome) {
    Bytes payload;
    codec::append_fixed(payload, sender);
    codec::append_string(payload, chain::encode(outcome.receipt));
    codec::append_uint(payload, outcome.gas_used);
    codec::append_uint(payload, outcome.gas_refunded);
    codec::append_uint(payload, outcome.blob_gas_used);
    codec::append_uint(payload, outcome.effective_gas_price);
    codec::append_string(payload, outcome.created ? outcome.created->view() : ByteView{});
    codec::append_uint(payload, static_cast<std::uint64_t>(outcome.status));
    codec::append_uint(payload, outcome.l1_fee);
    codec::append_uint(payload, outcome.operator_fee);
    codec::append_uint(payload, outcome.l1_gas_used);
    codec::append_uint(payload, outcome.da_footprint);
    return payload;
}

Result<void, RlpError> decode_one(RlpReader item, StoredOutcomes& into) {
    stf::TxOutcome outcome;
    TRY(const Address sender, item.read_fixed<Address>());
    TRY(const ByteView receipt_rlp, item.read_string());
    auto receipt = chain::decode_receipt(receipt_rlp);
    if (!receipt) return fail(RlpError::ExpectedList);
    outcome.receipt = std::move(*receipt);
    TRY(outcome.gas_used, item.read_u64());
    TRY(outcome.gas_refunded, item.read_u64());
    TRY(outcome.blob_gas_used, item.read_u64());
    TRY(outcome.effective_gas_price, item.read_u256());
    TRY(const ByteView created, item.read_string());
    if (created.size() == Address::SIZE) outcome.created = from_bytes<Address>(created);
    TRY(const std::uint64_t status, item.read_u64());
    if (status > static_cast<std::uint64_t>(evm::Status::PrecompileFailure)) return fail(RlpError::IntegerOverflow);
    outcome.status = static_cast<evm::Status>(status);
    TRY(outcome.l1_fee, item.read_u256());
    TRY(outcome.operator_fee, item.read_u256());
    TRY(outcome.l1_gas_used, item.read_u64());
    TRY(outcome.da_footprint, item.read_u64());
    TRY_VOID(item.expect_end());
    into.senders.push_back(sender);
    into.outcomes.push_back(std::move(outcome));
    return {};
}

}  // namespace

Bytes encode_outcomes(const std::vector<Address>& senders, const std::vector<stf::TxOutcome>& outcomes) {
    CHECK(senders.size() == outcomes.size());
    Bytes payload;
    for (std::size_t i = 0; i < senders.size(); ++i) codec::append_list(payload, encode_one(senders[i], outcomes[i]));
    Bytes out;
    codec::append_list(out, payload);
    return out;
}

std::optional<StoredOutcomes> decode_outcomes(ByteView rlp) {
    RlpReader reader(rlp);
    auto list = reader.read_list();
    if (!list) return std::nullopt;
    StoredOutcomes result;
    while (!list->empty()) {
        auto item = list->read_list();
        if (!item || !decode_one(*item, result)) return std::nullopt;
    }
    return result;
}

}  // namespace entresol::ledger
