#include "case.hpp"

#include "append.hpp"

#include <sstream>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"

namespace entresol::fuzz {
namespace {

/// Little-endian numbers, 32-byte words as big-endian bytes, lengths before what varies.
class Writer {
public:
    Bytes out;
    void u8(std::uint64_t value) { out.push_back(static_cast<std::uint8_t>(value)); }
    void u32(std::uint64_t value) {
        for (int i = 0; i < 4; ++i) u8(value >> (8 * i));
    }
    void u64(std::uint64_t value) {
        for (int i = 0; i < 8; ++i) u8(value >> (8 * i));
    }
    void word(const U256& value) { append(out, to_hash32(value)); }
    void bytes(ByteView value) {
        u32(value.size());
        append(out, value);
    }
};

void write_authorization(Writer& w, const chain::Authorization& authorization) {
    const auto authority = chain::recover_authority(authorization);
    w.word(authorization.chain_id);
    append(w.out, authorization.address);
    w.u64(authorization.nonce);
    w.u8(authorization.y_parity.limb[0]);
    w.word(authorization.signature.r);
    w.word(authorization.signature.s);
    w.u8(authority ? 1 : 0);
    append(w.out, authority.value_or(Address{}));
}

void write_transaction(Writer& w, const Case& given) {
    const auto& tx = given.tx;
    w.u8(static_cast<std::uint64_t>(tx.type));
    append(w.out, given.sender);
    w.u64(tx.nonce);
    w.u64(tx.gas_limit);
    w.word(tx.max_fee_per_gas);
    w.word(tx.max_priority_fee_per_gas);
    w.u8(tx.to ? 1 : 0);
    append(w.out, tx.to.value_or(Address{}));
    w.word(tx.value);
    w.bytes(tx.data);
    w.u32(tx.access_list.size());
    for (const auto& entry : tx.access_list) {
        append(w.out, entry.address);
        w.u32(entry.storage_keys.size());
        for (const auto& key : entry.storage_keys) append(w.out, key);
    }
    w.word(tx.max_fee_per_blob_gas);
    w.u32(tx.blob_hashes.size());
    for (const auto& hash : tx.blob_hashes) append(w.out, hash);
    w.u32(tx.authorizations.size());
    for (const auto& authorization : tx.authorizations) write_authorization(w, authorization);
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

void write_tx_json(std::ostringstream& out, const Case& given) {
    const auto& tx = given.tx;
    out << R"("transaction":{"nonce":")" << to_quantity(tx.nonce) << R"(","gasLimit":[")" << to_quantity(tx.gas_limit)
        << R"("],"value":[")" << to_quantity(tx.value) << R"("],"data":[")" << to_hex(tx.data) << R"("],"to":")"
        << (tx.to ? to_hex(*tx.to) : "") << R"(","sender":")" << to_hex(given.sender) << R"(","secretKey":")"
        << to_hex(given.sender_key) << "\"";
    const bool dynamic = tx.type != chain::TxType::Legacy && tx.type != chain::TxType::AccessList;
    if (dynamic)
        out << R"(,"maxFeePerGas":")" << to_quantity(tx.max_fee_per_gas) << R"(","maxPriorityFeePerGas":")"
            << to_quantity(tx.max_priority_fee_per_gas) << "\"";
    else
        out << R"(,"gasPrice":")" << to_quantity(tx.max_fee_per_gas) << "\"";
    if (tx.type != chain::TxType::Legacy) {
        out << R"(,"accessLists":[[)";
        for (std::size_t i = 0; i < tx.access_list.size(); ++i) {
            out << (i == 0 ? "" : ",") << R"({"address":")" << to_hex(tx.access_list[i].address)
                << R"(","storageKeys":[)";
            for (std::size_t k = 0; k < tx.access_list[i].storage_keys.size(); ++k)
                out << (k == 0 ? "" : ",") << quoted(to_hex(tx.access_list[i].storage_keys[k]));
            out << "]}";
        }
        out << "]]";
    }
    if (tx.type == chain::TxType::Blob) {
        out << R"(,"maxFeePerBlobGas":")" << to_quantity(tx.max_fee_per_blob_gas) << R"(","blobVersionedHashes":[)";
        for (std::size_t i = 0; i < tx.blob_hashes.size(); ++i)
            out << (i == 0 ? "" : ",") << quoted(to_hex(tx.blob_hashes[i]));
        out << "]";
    }
    if (tx.type == chain::TxType::SetCode) {
        out << R"(,"authorizationList":[)";
        for (std::size_t i = 0; i < tx.authorizations.size(); ++i) {
            const auto& a = tx.authorizations[i];
            out << (i == 0 ? "" : ",") << R"({"chainId":")" << to_quantity(a.chain_id) << R"(","address":")"
                << to_hex(a.address) << R"(","nonce":")" << to_quantity(a.nonce) << R"(","v":")"
                << to_quantity(a.y_parity) << R"(","r":")" << to_quantity(a.signature.r) << R"(","s":")"
                << to_quantity(a.signature.s) << R"(","signer":")"
                << to_hex(chain::recover_authority(a).value_or(Address{})) << "\"}";
        }
        out << "]";
    }
    out << "}";
}

}  // namespace

Bytes encode_case(const Case& given) {
    Writer w;
    w.u32(0);
    w.u8(static_cast<std::uint64_t>(given.fork));
    w.u64(given.number);
    w.u64(given.timestamp);
    w.u64(given.gas_limit);
    append(w.out, given.coinbase);
    w.u64(given.base_fee);
    append(w.out, given.prev_randao);
    w.u64(given.excess_blob_gas);
    write_transaction(w, given);
    w.u32(given.accounts.size());
    for (const auto& [address, account] : given.accounts) {
        append(w.out, address);
        w.u64(account.nonce);
        w.word(account.balance);
        w.bytes(account.code);
        w.u32(account.storage.size());
        for (const auto& [key, value] : account.storage) {
            w.word(key);
            w.word(value);
        }
    }
    const auto size = w.out.size() - 4;
    for (std::size_t i = 0; i < 4; ++i) w.out[i] = static_cast<std::uint8_t>(size >> (8 * i));
    return std::move(w.out);
}

std::string to_state_test(const Case& given, const Hash32& root, const Hash32& logs_rlp_hash) {
    std::ostringstream out;
    out << R"({"seed_)" << given.seed << R"(":{"env":{"currentCoinbase":")" << to_hex(given.coinbase)
        << R"(","currentGasLimit":")" << to_quantity(given.gas_limit) << R"(","currentNumber":")"
        << to_quantity(given.number) << R"(","currentTimestamp":")" << to_quantity(given.timestamp)
        << R"(","currentDifficulty":")" << to_quantity(load_be(given.prev_randao.view())) << R"(","currentRandom":")"
        << to_hex(given.prev_randao) << R"(","currentBaseFee":")" << to_quantity(given.base_fee)
        << R"(","currentExcessBlobGas":")" << to_quantity(given.excess_blob_gas) << R"("},"pre":{)";
    bool first = true;
    for (const auto& [address, account] : given.accounts) {
        out << (first ? "" : ",") << quoted(to_hex(address)) << R"(:{"nonce":")" << to_quantity(account.nonce)
            << R"(","balance":")" << to_quantity(account.balance) << R"(","code":")" << to_hex(account.code)
            << R"(","storage":{)";
        bool first_slot = true;
        for (const auto& [key, value] : account.storage) {
            out << (first_slot ? "" : ",") << quoted(to_quantity(key)) << ":" << quoted(to_quantity(value));
            first_slot = false;
        }
        out << "}}";
        first = false;
    }
    out << "},";
    write_tx_json(out, given);
    out << R"(,"post":{")" << chain::to_string(given.fork) << R"(":[{"hash":")" << to_hex(root) << R"(","logs":")"
        << to_hex(logs_rlp_hash) << R"(","indexes":{"data":0,"gas":0,"value":0}}]},"config":{"chainid":"0x1"}}})";
    return out.str() + "\n";
}

Answer Answer::parse(const std::string& line) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    Answer answer;
    answer.supported = kind != "S";
    answer.accepted = kind == "A";
    if (!answer.accepted) {
        words >> answer.refusal;
        return answer;
    }
    words >> answer.gas >> answer.status >> answer.output >> answer.logs >> answer.root >> answer.accounts;
    return answer;
}

std::string Answer::to_line() const {
    if (!supported) return "S";
    if (!accepted) return "R " + refusal;
    return "A " + gas + " " + status + " " + output + " " + logs + " " + root + " " + accounts;
}

std::string find_difference(const Answer& a, const Answer& b) {
    if (!a.supported || !b.supported) return {};
    if (a.accepted != b.accepted) return "accepted";
    if (!a.accepted) return {};
    const struct {
        const char* name;
        const std::string& left;
        const std::string& right;
    } fields[] = {{"gas", a.gas, b.gas},    {"status", a.status, b.status}, {"output", a.output, b.output},
                  {"logs", a.logs, b.logs}, {"state root", a.root, b.root}, {"accounts", a.accounts, b.accounts}};
    for (const auto& field : fields)
        if (field.left != "-" && field.right != "-" && field.left != field.right) return field.name;
    return {};
}

}  // namespace entresol::fuzz
