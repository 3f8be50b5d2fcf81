#include "sealed.hpp"

#include <charconv>
#include <stdexcept>
#include <unordered_set>

#include <boost/json/parse.hpp>

#include "core/crypto/keccak.hpp"

namespace entresol::load {
namespace {

namespace json = boost::json;

std::string hash_text(ByteView raw) {
    const Hash32 hash = crypto::keccak256(raw);
    return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

json::value result_of(Connection& connection, const std::string& method, const std::string& params) {
    const auto text =
        connection.call(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":[)" + params + "]}");
    auto answer = json::parse(json::string_view(text.data(), text.size()));
    auto* result = answer.as_object().if_contains("result");
    if (result == nullptr) throw std::runtime_error(method + ": " + std::string(text.substr(0, 300)));
    return std::move(*result);
}

std::string quantity(std::uint64_t value) {
    char digits[16];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value, 16);
    return "\"0x" + std::string(digits, end) + "\"";
}

std::string bytes_of(json::string_view hex) {
    std::string out;
    for (std::size_t i = 2; i + 1 < hex.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
        out.push_back(static_cast<char>(value));
    }
    return out;
}

}  // namespace

std::uint64_t block_number(Connection& connection) {
    const auto result = result_of(connection, "eth_blockNumber", "");
    const auto& text = result.as_string();
    std::uint64_t number = 0;
    std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
    return number;
}

Sealed count_sealed(Connection& connection, const Workload& workload, std::uint64_t first_block,
                    std::uint64_t last_block) {
    std::unordered_set<std::string> wanted;
    wanted.reserve(workload.size());
    for (std::size_t i = 0; i < workload.size(); ++i) wanted.insert(hash_text(workload.raw(i)));
    Sealed sealed;
    for (auto number = first_block; number <= last_block; ++number) {
        const auto receipts = result_of(connection, "eth_getBlockReceipts", quantity(number));
        for (const auto& receipt : receipts.as_array()) {
            const auto& fields = receipt.as_object();
            if (wanted.erase(bytes_of(fields.at("transactionHash").as_string())) == 0) continue;
            ++sealed.found;
            if (fields.at("status").as_string() == "0x1") ++sealed.succeeded;
        }
    }
    return sealed;
}

}  // namespace entresol::load
