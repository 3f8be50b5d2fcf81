#include "node/l1/client.hpp"

#include <atomic>
#include <mutex>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/l1/parse.hpp"

namespace entresol::l1 {
namespace {

namespace json = boost::json;

L1Error bad_answer(std::string message) { return {L1ErrorKind::BadAnswer, std::move(message)}; }

L1Result<json::value> parse_json(const std::string& text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    if (error) return fail(bad_answer("the answer is not JSON"));
    return value;
}

const char* tag_name(BlockTag tag) {
    switch (tag) {
        case BlockTag::Safe: return "safe";
        case BlockTag::Finalized: return "finalized";
        case BlockTag::Latest: break;
    }
    return "latest";
}

L1Result<U256> as_quantity(const json::value& value, const char* what) {
    const auto number = value.is_string() ? parse_quantity(std::string_view(value.get_string())) : std::nullopt;
    if (!number) return fail(bad_answer(std::string(what) + " is not a quantity"));
    return *number;
}

// A header is what it hashes to: a wrong field, by fault or by malice, shows here.
L1Result<L1Block> to_block(const json::value& value, const Hash32* expected_hash) {
    if (value.is_null()) return fail(L1Error{L1ErrorKind::NotFound, "block not found"});
    const auto* object = value.if_object();
    auto header = object != nullptr ? parse_header(*object) : std::nullopt;
    const auto claimed = object != nullptr ? field_fixed<Hash32>(*object, "hash") : std::nullopt;
    if (!header || !claimed) return fail(bad_answer("malformed block"));
    L1Block block{.hash = chain::header_hash(*header), .header = std::move(*header), .transactions = {}};
    if (block.hash != *claimed || (expected_hash != nullptr && block.hash != *expected_hash))
        return fail(bad_answer("block " + to_hex(*claimed) + " does not hash to what it claims: its fields give " +
                               to_hex(block.hash)));
    return block;
}

}  // namespace

struct L1Client::Impl {
    std::shared_ptr<Transport> execution;
    std::shared_ptr<Transport> beacon;
    std::function<const crypto::Kzg&()> kzg;
    std::atomic<std::uint64_t> next_id{1};
    std::mutex beacon_mutex;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> beacon_clock;  // genesis time and seconds a slot

    L1Result<json::value> request(const char* method, json::array params) {
        const json::object body{
            {"jsonrpc", "2.0"}, {"id", next_id++}, {"method", method}, {"params", std::move(params)}};
        TRY(const auto text, execution->post(json::serialize(body)));
        TRY(auto response, parse_json(text));
        auto* object = response.if_object();
        if (object == nullptr) return fail(bad_answer("the answer is not a JSON-RPC response"));
        if (const auto* error = object->if_contains("error"); error != nullptr && error->is_object()) {
            const auto* message = error->get_object().if_contains("message");
            return fail(L1Error{L1ErrorKind::Rejected, message != nullptr && message->is_string()
                                                           ? message->get_string().c_str()
                                                           : "error without a message"});
        }
        auto* result = object->if_contains("result");
        if (result == nullptr) return fail(bad_answer("the answer has neither result nor error"));
        return std::move(*result);
    }

    L1Result<std::pair<std::uint64_t, std::uint64_t>> load_beacon_clock() {
        const std::lock_guard lock(beacon_mutex);
        if (beacon_clock) return *beacon_clock;
        TRY(const auto genesis_text, beacon->get("/eth/v1/beacon/genesis"));
        TRY(const auto spec_text, beacon->get("/eth/v1/config/spec"));
        TRY(const auto genesis, parse_json(genesis_text));
        TRY(const auto spec, parse_json(spec_text));
        const auto decimal = [](const json::value& answer, const char* name) -> std::optional<std::uint64_t> {
            const auto* object = answer.if_object();
            const auto* data = object != nullptr ? object->if_contains("data") : nullptr;
            const auto* field = data != nullptr && data->is_object() ? data->get_object().if_contains(name) : nullptr;
            const auto number = field != nullptr && field->is_string()
                                    ? parse_decimal(std::string_view(field->get_string()))
                                    : std::nullopt;
            return number && number->fits_u64() ? std::optional(number->limb[0]) : std::nullopt;
        };
        const auto time = decimal(genesis, "genesis_time");
        const auto seconds = decimal(spec, "SECONDS_PER_SLOT");
        if (!time || !seconds || *seconds == 0)
            return fail(bad_answer("the beacon API gives no genesis time or slot length"));
        beacon_clock = {*time, *seconds};
        return *beacon_clock;
    }
};

L1Client::L1Client(std::shared_ptr<Transport> execution, std::shared_ptr<Transport> beacon,
                   std::function<const crypto::Kzg&()> kzg)
    : impl_(std::make_shared<Impl>()) {
    impl_->execution = std::move(execution);
    impl_->beacon = std::move(beacon);
    impl_->kzg = std::move(kzg);
}

L1Result<std::uint64_t> L1Client::chain_id() {
    TRY(const auto value, impl_->request("eth_chainId", {}));
    TRY(const auto number, as_quantity(value, "chain id"));
    return number.saturate_u64();
}

L1Result<L1Block> L1Client::header(BlockTag tag) {
    TRY(const auto value, impl_->request("eth_getBlockByNumber", {tag_name(tag), false}));
    return to_block(value, nullptr);
}

L1Result<L1Block> L1Client::header(std::uint64_t number) {
    TRY(const auto value, impl_->request("eth_getBlockByNumber", {to_quantity(number), false}));
    TRY(auto block, to_block(value, nullptr));
    if (block.header.number != number)
        return fail(
            bad_answer("asked for block " + std::to_string(number) + ", got " + std::to_string(block.header.number)));
    return block;
}

L1Result<L1Block> L1Client::header(const Hash32& hash) {
    TRY(const auto value, impl_->request("eth_getBlockByHash", {to_hex(hash), false}));
    return to_block(value, &hash);
}

L1Result<L1Block> L1Client::block(const Hash32& hash) {
    TRY(const auto value, impl_->request("eth_getBlockByHash", {to_hex(hash), true}));
    TRY(auto block, to_block(value, &hash));
    const auto* list = value.get_object().if_contains("transactions");
    if (list == nullptr || !list->is_array()) return fail(bad_answer("block without transactions"));
    for (const auto& entry : list->get_array()) {
        auto tx = entry.is_object() ? parse_transaction(entry.get_object()) : std::nullopt;
        if (!tx) return fail(bad_answer("malformed transaction in block " + to_hex(hash)));
        block.transactions.push_back(std::move(*tx));
    }
    if (chain::compute_transactions_root(block.transactions) != block.header.transactions_root)
        return fail(bad_answer("the transactions of block " + to_hex(hash) + " do not match its header"));
    return block;
}

L1Result<std::vector<chain::Receipt>> L1Client::receipts(const L1Block& block) {
    TRY(const auto value, impl_->request("eth_getBlockReceipts", {to_hex(block.hash)}));
    if (value.is_null()) return fail(L1Error{L1ErrorKind::NotFound, "receipts not found"});
    if (!value.is_array()) return fail(bad_answer("malformed receipts"));
    std::vector<chain::Receipt> receipts;
    for (const auto& entry : value.get_array()) {
        auto receipt = entry.is_object() ? parse_receipt(entry.get_object()) : std::nullopt;
        if (!receipt) return fail(bad_answer("malformed receipt in block " + to_hex(block.hash)));
        receipts.push_back(std::move(*receipt));
    }
    if (chain::compute_receipts_root(receipts) != block.header.receipts_root)
        return fail(bad_answer("the receipts of block " + to_hex(block.hash) + " do not match its header"));
    return receipts;
}

// A proof that holds costs a tenth of the commitment; one that does not proves nothing: some servers have only those of cells.
static bool belongs_to(const crypto::Kzg& kzg, ByteView blob, const crypto::KzgCommitment& commitment,
                       const std::optional<crypto::KzgProof>& proof) {
    return (proof && kzg.verify_blob(blob, commitment, *proof)) || kzg.commit(blob) == commitment;
}

L1Result<std::vector<Bytes>> L1Client::blobs(const chain::Header& header, std::span<const Hash32> versioned_hashes) {
    if (impl_->beacon == nullptr || !impl_->kzg)
        return fail(L1Error{L1ErrorKind::NotFound, "the batch is in blobs and no beacon API was given"});
    TRY(const auto clock, impl_->load_beacon_clock());
    if (header.timestamp < clock.first) return fail(bad_answer("the block is older than the beacon chain"));
    const auto slot = (header.timestamp - clock.first) / clock.second;
    TRY(const auto text, impl_->beacon->get("/eth/v1/beacon/blob_sidecars/" + std::to_string(slot)));
    TRY(const auto answer, parse_json(text));
    const auto* object = answer.if_object();
    const auto* data = object != nullptr ? object->if_contains("data") : nullptr;
    if (data == nullptr || !data->is_array()) return fail(bad_answer("malformed blob sidecars"));
    std::vector<Bytes> out;
    for (const auto& wanted : versioned_hashes) {
        std::optional<Bytes> found;
        for (const auto& entry : data->get_array()) {
            const auto* sidecar = entry.if_object();
            const auto commitment =
                sidecar != nullptr ? field_fixed<crypto::KzgCommitment>(*sidecar, "kzg_commitment") : std::nullopt;
            if (!commitment || crypto::kzg_to_versioned_hash(*commitment) != wanted) continue;
            auto blob = field_bytes(*sidecar, "blob");
            if (!blob || blob->size() != crypto::BYTES_PER_BLOB) return fail(bad_answer("a blob of the wrong size"));
            if (!belongs_to(impl_->kzg(), *blob, *commitment, field_fixed<crypto::KzgProof>(*sidecar, "kzg_proof")))
                return fail(bad_answer("a blob does not match its commitment"));
            found = std::move(blob);
            break;
        }
        if (!found)
            return fail(
                L1Error{L1ErrorKind::NotFound, "blob " + to_hex(wanted) + " is not at slot " + std::to_string(slot)});
        out.push_back(std::move(*found));
    }
    return out;
}

L1Result<BeaconClock> L1Client::beacon_clock() {
    if (impl_->beacon == nullptr) return fail(L1Error{L1ErrorKind::NotFound, "no beacon API was given"});
    TRY(const auto clock, impl_->load_beacon_clock());
    return BeaconClock{clock.first, clock.second};
}

L1Result<std::uint64_t> L1Client::nonce(const Address& address, bool pending) {
    TRY(const auto value, impl_->request("eth_getTransactionCount", {to_hex(address), pending ? "pending" : "latest"}));
    TRY(const auto number, as_quantity(value, "nonce"));
    return number.saturate_u64();
}

L1Result<U256> L1Client::balance(const Address& address) {
    TRY(const auto value, impl_->request("eth_getBalance", {to_hex(address), "latest"}));
    return as_quantity(value, "balance");
}

L1Result<FeeSuggestion> L1Client::suggest_fees() {
    FeeSuggestion out;
    TRY(const auto tip, impl_->request("eth_maxPriorityFeePerGas", {}));
    TRY(out.tip, as_quantity(tip, "priority fee"));
    TRY(const auto head, header(BlockTag::Latest));
    out.base_fee = head.header.base_fee_per_gas.value_or(U256{});
    const auto blob_fee = impl_->request("eth_blobBaseFee", {});
    if (!blob_fee && blob_fee.error().kind != L1ErrorKind::Rejected) return fail(blob_fee.error());
    out.blob_base_fee = U256{1};  // older nodes do not know the method
    if (blob_fee) {
        TRY(out.blob_base_fee, as_quantity(*blob_fee, "blob base fee"));
        out.has_blobs = true;
    }
    return out;
}

L1Result<std::uint64_t> L1Client::estimate_gas(const Address& from, const Address& to, ByteView data,
                                               const U256& value) {
    TRY(const auto answer, impl_->request("eth_estimateGas", {json::object{{"from", to_hex(from)},
                                                                           {"to", to_hex(to)},
                                                                           {"input", to_hex(data)},
                                                                           {"value", to_quantity(value)}}}));
    TRY(const auto number, as_quantity(answer, "gas"));
    return number.saturate_u64();
}

L1Result<Bytes> L1Client::call(const Address& to, ByteView data, std::optional<std::uint64_t> block_number) {
    const json::value at = block_number ? json::value(to_quantity(*block_number)) : json::value("latest");
    TRY(const auto answer, impl_->request("eth_call", {json::object{{"to", to_hex(to)}, {"input", to_hex(data)}}, at}));
    auto bytes = answer.is_string() ? parse_hex(std::string_view(answer.get_string())) : std::nullopt;
    if (!bytes) return fail(bad_answer("call result is not hex data"));
    return std::move(*bytes);
}

L1Result<Hash32> L1Client::send_raw(ByteView raw) {
    TRY(const auto answer, impl_->request("eth_sendRawTransaction", {to_hex(raw)}));
    const auto hash = answer.is_string() ? parse_fixed<Hash32>(std::string_view(answer.get_string())) : std::nullopt;
    if (!hash) return fail(bad_answer("transaction hash expected"));
    return *hash;
}

L1Result<std::optional<L1Receipt>> L1Client::find_receipt(const Hash32& tx_hash) {
    TRY(const auto answer, impl_->request("eth_getTransactionReceipt", {to_hex(tx_hash)}));
    if (answer.is_null()) return std::optional<L1Receipt>{};
    const auto* object = answer.if_object();
    auto receipt = object != nullptr ? parse_receipt(*object) : std::nullopt;
    const auto number = object != nullptr ? field_u64(*object, "blockNumber") : std::nullopt;
    const auto hash = object != nullptr ? field_fixed<Hash32>(*object, "blockHash") : std::nullopt;
    if (!receipt || !number || !hash) return fail(bad_answer("malformed receipt"));
    return std::optional<L1Receipt>{L1Receipt{.succeeded = receipt->succeeded,
                                              .block_number = *number,
                                              .block_hash = *hash,
                                              .gas_used = field_u64(*object, "gasUsed").value_or(0),
                                              .logs = std::move(receipt->logs)}};
}

L1Result<std::vector<L1Log>> L1Client::logs(const Address& contract, std::uint64_t first, std::uint64_t last) {
    const json::object filter{
        {"address", to_hex(contract)}, {"fromBlock", to_quantity(first)}, {"toBlock", to_quantity(last)}};
    TRY(const auto answer, impl_->request("eth_getLogs", {filter}));
    if (!answer.is_array()) return fail(bad_answer("malformed logs"));
    std::vector<L1Log> out;
    for (const auto& value : answer.get_array()) {
        const auto* object = value.if_object();
        auto log = object != nullptr ? parse_log(*object) : std::nullopt;
        const auto number = object != nullptr ? field_u64(*object, "blockNumber") : std::nullopt;
        const auto hash = object != nullptr ? field_fixed<Hash32>(*object, "blockHash") : std::nullopt;
        const auto tx_hash = object != nullptr ? field_fixed<Hash32>(*object, "transactionHash") : std::nullopt;
        const auto index = object != nullptr ? field_u64(*object, "logIndex") : std::nullopt;
        if (!log || !number || !hash || !tx_hash || !index || *number < first || *number > last)
            return fail(bad_answer("malformed log"));
        out.push_back({std::move(*log), *number, *hash, *tx_hash, *index});
    }
    return out;
}

}  // namespace entresol::l1
