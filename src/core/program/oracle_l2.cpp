#include "core/program/oracle_l2.hpp"

#include "core/program/oracle_nodes.hpp"

namespace entresol::program {

using derive::Fetched;
using derive::FetchError;

OracleL2::OracleL2(Oracle& oracle, const Hash32& agreed_hash, chain::Header agreed) : oracle_(oracle) {
    settled_.push_back({agreed_hash, std::move(agreed)});
}

Fetched<const OracleL2::Known*> OracleL2::settled(std::uint64_t number) {
    const std::uint64_t newest = settled_.front().header.number;
    if (number > newest) return fail(FetchError::NotFound);
    while (settled_.back().header.number > number) {
        const Hash32 hash = settled_.back().header.parent_hash;
        oracle_.hint(Hint::L2Header, hash);
        const auto encoded = oracle_.find(hash);
        if (!encoded) return fail(FetchError::Temporary);
        auto header = chain::decode_header(*encoded);
        if (!header || header->number + 1 != settled_.back().header.number) return fail(FetchError::NotFound);
        settled_.push_back({hash, *std::move(header)});
    }
    return &settled_[newest - number];
}

const stf::SealedBlock* OracleL2::derived(std::uint64_t number) const {
    const std::uint64_t agreed = settled_.front().header.number;
    if (number <= agreed || number - agreed > derived_.size()) return nullptr;
    return &derived_[number - agreed - 1];
}

Fetched<chain::Block> OracleL2::block_by_number(std::uint64_t number) {
    if (const auto* ours = derived(number)) return ours->block;
    TRY(const Known* known, settled(number));
    chain::Block block;
    block.header = known->header;
    oracle_.hint(Hint::L2Transactions, known->hash);
    const auto encoded = read_ordered_list(oracle_, block.header.transactions_root);
    if (!encoded) return fail(FetchError::Temporary);
    for (const Bytes& one : *encoded) {
        auto tx = chain::decode_transaction(one);
        if (!tx) return fail(FetchError::NotFound);
        block.transactions.push_back(*std::move(tx));
    }
    if (block.header.withdrawals_root) block.withdrawals.emplace();  // OP Stack: always empty
    return block;
}

Fetched<chain::Block> OracleL2::with_first_transaction(std::uint64_t number) {
    TRY(const Known* known, settled(number));
    chain::Block block;
    block.header = known->header;
    oracle_.hint(Hint::L2Transactions, known->hash);
    if (block.header.transactions_root == crypto::EMPTY_TRIE_ROOT) return block;  // genesis
    const auto encoded = read_first(oracle_, block.header.transactions_root);
    if (!encoded) return fail(FetchError::Temporary);
    auto tx = chain::decode_transaction(*encoded);
    if (!tx) return fail(FetchError::NotFound);
    block.transactions.push_back(*std::move(tx));
    return block;
}

std::optional<Bytes> OracleL2::find_node(const Hash32& hash) {
    if (const auto found = nodes_.find(hash); found != nodes_.end()) return found->second;
    return oracle_.find(hash);
}

void OracleL2::put_node(const Hash32& hash, Bytes rlp) { nodes_.insert_or_assign(hash, std::move(rlp)); }

state::CodePtr OracleL2::find_code(const Hash32& code_hash) {
    state::CodePtr& code = codes_[code_hash];
    if (code != nullptr) return code;
    if (const auto bytes = oracle_.find(code_hash)) code = state::make_code(*bytes);
    return code;
}

std::optional<Hash32> OracleL2::hash_of(std::uint64_t number) {
    if (const auto* ours = derived(number)) return ours->hash;
    const auto known = settled(number);
    if (!known) return std::nullopt;
    return (*known)->hash;
}

void OracleL2::append(stf::SealedBlock sealed) {
    for (const auto& [hash, code] : sealed.outcome.diff.codes) codes_.insert_or_assign(hash, code);
    sealed.outcome = {};
    derived_.push_back(std::move(sealed));
}

const chain::Header& OracleL2::head() const {
    return derived_.empty() ? settled_.front().header : derived_.back().block.header;
}

const Hash32& OracleL2::head_hash() const { return derived_.empty() ? settled_.front().hash : derived_.back().hash; }

}  // namespace entresol::program
