#include "core/stf/execute_message.hpp"

namespace entresol::stf {

namespace {

// EIP-7702.
constexpr std::int64_t PER_EMPTY_ACCOUNT_COST = 25'000;
constexpr std::int64_t PER_AUTH_BASE_COST = 12'500;

Bytes make_delegation(const Address& target) {
    Bytes code = {0xef, 0x01, 0x00};
    append(code, target.view());
    return code;
}

// The numbers are the steps of the EIP's "Behavior".
void apply_authorization(state::Journal& journal, const chain::Authorization& tuple, const chain::Rules& rules) {
    if (!tuple.chain_id.is_zero() && tuple.chain_id != U256{rules.chain_id}) return;  // 1
    if (tuple.nonce == ~std::uint64_t{0}) return;                                     // 2
    const auto authority = chain::recover_authority(tuple);                           // 3
    if (!authority) return;
    journal.warm_account(*authority);  // 4
    const auto code = journal.code(*authority);
    if (code->size != 0 && !evm::parse_delegation(code->view())) return;                               // 5
    if (journal.nonce(*authority) != tuple.nonce) return;                                              // 6
    if (journal.exists(*authority)) journal.add_refund(PER_EMPTY_ACCOUNT_COST - PER_AUTH_BASE_COST);   // 7
    journal.set_code(*authority, tuple.address.is_zero() ? Bytes{} : make_delegation(tuple.address));  // 8
    journal.set_nonce(*authority, tuple.nonce + 1);                                                    // 9
}

}  // namespace

void apply_authorizations(state::Journal& journal, const chain::Transaction& tx, const chain::Rules& rules) {
    for (const auto& tuple : tx.authorizations) apply_authorization(journal, tuple, rules);
}

}  // namespace entresol::stf
