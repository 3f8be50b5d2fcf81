#include "node/replay/read_node.hpp"

#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/conformance/fields.hpp"
#include "node/genesis/chain_file.hpp"
#include "node/http/client.hpp"
#include "node/replay/json_parts.hpp"

namespace entresol::replay {
namespace {

constexpr std::size_t MAX_ANSWER_BYTES = 512ULL << 20;  // a witness of a large block
constexpr std::uint64_t TIMEOUT_MS = 120'000;

class Node {
public:
    explicit Node(const std::string& url)
        : client_(url, {.timeout_ms = TIMEOUT_MS, .max_answer_bytes = MAX_ANSWER_BYTES}) {}

    /// Nothing where the node refuses; problem() says how.
    std::optional<json::value> ask(const char* method, json::array params) {
        const json::object request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
        const auto answer = client_.post(json::serialize(request));
        if (!answer) throw std::runtime_error(answer.error());
        boost::system::error_code error;
        auto value = json::parse(*answer, error, {}, {.max_depth = 64});
        if (error || !value.is_object()) throw std::runtime_error(std::string(method) + ": the answer is not JSON-RPC");
        if (const auto* refusal = value.get_object().if_contains("error")) {
            problem_ = std::string(method) + ": " + json::serialize(*refusal);
            return std::nullopt;
        }
        return conformance::member(value.get_object(), "result");
    }
    json::value must_ask(const char* method, json::array params) {
        auto result = ask(method, std::move(params));
        if (!result) throw std::runtime_error(problem_);
        if (result->is_null()) throw std::runtime_error(std::string(method) + ": the node does not have it");
        return std::move(*result);
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    http::Client client_;
    std::string problem_;
};

chain::ChainConfig ask_rules(Node& node) {
    if (const auto file = node.ask("entresol_chainFile", {})) {
        auto parsed = genesis::parse_chain_file(json::serialize(*file));
        if (!parsed) throw std::runtime_error(parsed.error());
        return parsed->rollup.l2;
    }
    const auto id = node.must_ask("eth_chainId", {});
    if (id == json::value("0x1")) return chain::ChainConfig::mainnet();
    throw std::runtime_error("the node's chain is " + json::serialize(id) + ": give --chain with its genesis.json");
}

json::value block_by(const std::string& block) {
    if (block.starts_with("0x") || block == "latest" || block == "safe" || block == "finalized" || block == "earliest")
        return json::value(block);
    if (block.find_first_not_of("0123456789") != std::string::npos || block.empty() || block.size() > 19)
        throw std::runtime_error("no block number, hash or tag: " + block);
    return json::value(to_quantity(std::stoull(block)));
}

void ask_state(Node& node, const std::string& hash, ReplayInput& input) {
    if (const auto witness = node.ask("debug_executionWitness", {to_quantity(input.block.header.number)})) {
        auto read = read_witness(conformance::as_object(*witness, "the witness"));
        for (const auto& header : read.headers)
            if (chain::header_hash(header) == input.block.header.parent_hash) input.parent = header;
        if (!input.parent) throw std::runtime_error("the node's witness does not hold the parent's header");
        input.before = make_witness_state(std::move(read.preimages), *input.parent);
        return;
    }
    const std::string first_problem = node.problem();
    const auto traces = node.ask("debug_traceBlockByHash", {hash, json::object{{"tracer", "prestateTracer"}}});
    if (!traces)
        throw std::runtime_error("the node gives no state before the block: " + first_problem + "; " + node.problem());
    auto accounts = read_prestate(conformance::as_array(*traces, "the traces"));
    accounts.block_hashes[input.block.header.number - 1] = input.block.header.parent_hash;
    input.before = make_partial_state(std::move(accounts));
}

}  // namespace

ReplayInput ask_node(const std::string& url, const std::string& block,
                     const std::optional<chain::ChainConfig>& config) {
    Node node(url);
    ReplayInput input;
    const bool by_hash = block.starts_with("0x") && block.size() == 66;
    const auto answer = node.must_ask(by_hash ? "eth_getBlockByHash" : "eth_getBlockByNumber", {block_by(block), true});
    const auto& object = conformance::as_object(answer, "the block");
    input.block = read_block(object);
    if (input.block.header.number == 0) throw std::runtime_error("the first block of a chain is not executed");
    const std::string hash(conformance::text(object, "hash"));
    input.block_hash = conformance::to_fixed<Hash32>(hash);
    input.name = url + " block " + std::to_string(input.block.header.number);
    input.config = config ? *config : ask_rules(node);
    const auto parent = node.must_ask("eth_getBlockByHash", {to_hex(input.block.header.parent_hash), false});
    input.parent = read_header(conformance::as_object(parent, "the parent"));
    if (const auto receipts = node.ask("eth_getBlockReceipts", {hash}); receipts && receipts->is_array())
        input.receipts = read_receipts(receipts->get_array());
    if (!input.receipts.empty() && input.receipts.size() != input.block.transactions.size())
        throw std::runtime_error("the node has not as many receipts as transactions");
    ask_state(node, hash, input);
    return input;
}

}  // namespace entresol::replay
