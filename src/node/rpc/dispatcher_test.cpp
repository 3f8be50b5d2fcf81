#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/filters.hpp"
#include "node/rpc/service.hpp"
#include "node/rpc/subscriptions.hpp"
#include "node/store/block_store.hpp"

namespace entresol::rpc {
namespace {

class Recorder final : public http::WebSocketSession {
public:
    void send(std::string message) override { messages.push_back(std::move(message)); }
    void close() override { is_closed = true; }
    std::uint64_t id() const override { return 7; }
    std::vector<std::string> messages;
    bool is_closed = false;
};

class DispatcherTest : public ::testing::Test {
protected:
    std::string ask(std::string_view body, const Caller& caller = {}) {
        std::string answer = "no answer";
        dispatcher->handle(body, caller, [&](std::string text) { answer = std::move(text); });
        return answer;
    }
    std::int64_t error_of(std::string_view body) { return json::parse(ask(body)).at("error").at("code").as_int64(); }
    json::value result_of(std::string_view body) { return json::parse(ask(body)).at("result"); }

    ledger::Ledger ledger{
        chain::ChainConfig::all_active(99), {}, std::make_shared<store::BlockStore>(store::make_memory_store())};
    io::Loop loop{[] { return std::uint64_t{1'000}; }};
    std::uint64_t now_ms = 1'000;
    std::shared_ptr<Dispatcher> dispatcher = make_dispatcher(Context{.ledger = ledger,
                                                                     .loop = loop,
                                                                     .sequencer = nullptr,
                                                                     .now_ms = [this] { return now_ms; },
                                                                     .client_version = "test",
                                                                     .limits = {},
                                                                     .filters = {},
                                                                     .subscriptions = {},
                                                                     .dev = {},
                                                                     .rollup = {},
                                                                     .forward_transaction = {},
                                                                     .check_sidecar = {}});
};

TEST_F(DispatcherTest, MalformedInputGetsTheCodesOfJsonRpc) {
    struct Row {
        const char* body;
        int code;
    };
    const Row rows[] = {
        {"", PARSE_ERROR},
        {"{", PARSE_ERROR},
        {"\xff\xfe", PARSE_ERROR},
        {"[]", INVALID_REQUEST},
        {"1", INVALID_REQUEST},
        {R"({"jsonrpc":"2.0","id":1})", INVALID_REQUEST},
        {R"({"jsonrpc":"2.0","id":1,"method":5})", INVALID_REQUEST},
        {R"({"jsonrpc":"2.0","id":{},"method":"eth_chainId"})", INVALID_REQUEST},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_nothing"})", METHOD_NOT_FOUND},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}})", INVALID_PARAMS},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_getBalance"})", INVALID_PARAMS},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x12"]})", INVALID_PARAMS},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_getBlockByHash","params":["zz"]})", INVALID_PARAMS},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"topics":5}]})", INVALID_PARAMS},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_simulateV1","params":[{"blockStateCalls":[]}]})", INVALID_PARAMS},
        {R"({"jsonrpc":"2.0","id":1,"method":"debug_traceCall","params":[{},"latest",{"timeout":"soon"}]})",
         INVALID_PARAMS},
        {R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]})", METHOD_NOT_FOUND},  // plain HTTP
    };
    for (const auto& row : rows) EXPECT_EQ(error_of(row.body), row.code) << row.body;
}

TEST_F(DispatcherTest, DeepNestingIsRefusedBeforeItCosts) {
    EXPECT_EQ(error_of(std::string(1'000'000, '[')), PARSE_ERROR);
}

TEST_F(DispatcherTest, BatchesAnswerInOrderAndWithoutNotifications) {
    const auto answers =
        json::parse(
            ask(R"([{"id":1,"method":"eth_chainId"},{"method":"eth_chainId"},7,{"id":"b","method":"net_version"}])"))
            .as_array();
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].at("result"), "0x63");
    EXPECT_EQ(answers[1].at("error").at("code"), INVALID_REQUEST);
    EXPECT_EQ(answers[2].at("id"), "b");
    EXPECT_EQ(answers[2].at("result"), "99");
    EXPECT_EQ(ask(R"({"method":"eth_chainId"})"), "");
    EXPECT_EQ(ask(R"([{"method":"eth_chainId"}])"), "");
}

// Sends that stand side by side are taken together; each keeps its own answer.
TEST_F(DispatcherTest, SendsOfABatchAreAnsweredOneByOne) {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = 99;
    Hash32 key;
    key.bytes.back() = 1;
    ASSERT_TRUE(chain::sign_transaction(tx, key));
    std::vector<Bytes> forwarded;
    dispatcher->context().forward_transaction = [&](Bytes raw, const std::function<void(json::value)>& done) {
        forwarded.push_back(std::move(raw));
        done(json::object{{"result", true}});
    };
    const auto send = [](const std::string& id, const std::string& params) {
        return R"({"id":)" + id + R"(,"method":"eth_sendRawTransaction","params":[)" + params + "]}";
    };
    const std::string good = '"' + to_hex(chain::encode(tx)) + '"';
    const auto answers = json::parse(ask("[" + send("1", good) + "," + send("2", "\"0x02c0\"") + "," + send("3", "") +
                                         R"(,{"id":4,"method":"eth_chainId"},)" + send("\"five\"", good) + "]"))
                             .as_array();
    ASSERT_EQ(answers.size(), 5U);
    const auto hash = to_hex(chain::transaction_hash(tx));
    EXPECT_EQ(answers[0].at("id"), 1);
    EXPECT_EQ(answers[0].at("result"), json::string_view(hash));
    EXPECT_EQ(answers[1].at("error").at("code"), SERVER_ERROR);
    EXPECT_EQ(answers[2].at("error").at("code"), INVALID_PARAMS);
    EXPECT_EQ(answers[3].at("result"), "0x63");
    EXPECT_EQ(answers[4].at("id"), "five");
    EXPECT_EQ(answers[4].at("result"), json::string_view(hash));
    EXPECT_EQ(forwarded, (std::vector<Bytes>{chain::encode(tx), chain::encode(tx)}));
}

TEST_F(DispatcherTest, TooManyRequestsInABatchAreRefused) {
    std::string body = "[1";
    for (std::size_t i = 0; i < Limits{}.max_batch; ++i) body += ",1";
    EXPECT_EQ(error_of(body + "]"), INVALID_REQUEST);
}

TEST_F(DispatcherTest, FiltersGatherAndExpire) {
    const std::string id(result_of(R"({"id":1,"method":"eth_newBlockFilter"})").as_string());
    const std::string poll = R"({"id":1,"method":"eth_getFilterChanges","params":[")" + id + R"("]})";
    dispatcher->context().filters->on_head_change({.removed = {}, .added = {ledger.head()}}, now_ms);
    EXPECT_EQ(result_of(poll).as_array().size(), 1U);
    EXPECT_EQ(result_of(poll).as_array().size(), 0U);
    now_ms += 5 * 60 * 1000 + 1;
    EXPECT_EQ(error_of(poll), SERVER_ERROR);
}

TEST_F(DispatcherTest, SubscriptionsBelongToTheirConnection) {
    const auto session = std::make_shared<Recorder>();
    const Caller caller{.session = session};
    const std::string id(json::parse(ask(R"({"id":1,"method":"eth_subscribe","params":["newHeads"]})", caller))
                             .at("result")
                             .as_string());
    dispatcher->context().subscriptions->on_head_change({.removed = {}, .added = {ledger.head()}});
    ASSERT_EQ(session->messages.size(), 1U);
    const auto message = json::parse(session->messages[0]);
    EXPECT_EQ(message.at("params").at("subscription"), json::string_view(id));
    EXPECT_EQ(message.at("params").at("result").at("number"), "0x0");
    dispatcher->context().subscriptions->forget(session->id());
    dispatcher->context().subscriptions->on_head_change({.removed = {}, .added = {ledger.head()}});
    EXPECT_EQ(session->messages.size(), 1U);
}

TEST_F(DispatcherTest, ClosingAllSubscriptionsEndsOnlyTheConnectionsThatHaveSome) {
    const auto follows = std::make_shared<Recorder>(), asks = std::make_shared<Recorder>();
    (void)ask(R"({"id":1,"method":"eth_subscribe","params":["newHeads"]})", {.session = follows});
    (void)ask(R"({"id":1,"method":"eth_chainId"})", {.session = asks});
    dispatcher->context().subscriptions->close_all();
    EXPECT_TRUE(follows->is_closed);
    EXPECT_FALSE(asks->is_closed);
    dispatcher->context().subscriptions->on_head_change({.removed = {}, .added = {ledger.head()}});
    EXPECT_TRUE(follows->messages.empty());
}

}  // namespace
}  // namespace entresol::rpc
