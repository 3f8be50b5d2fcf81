#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/program/recorder.hpp"

namespace entresol::program {
namespace {

namespace json = boost::json;

json::value ask(l1::Transport& transport, const char* method, std::string_view parameter) {
    const json::object request{
        {"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", json::array{json::string(parameter)}}};
    const auto answer = transport.post(json::serialize(request));
    if (!answer) throw std::runtime_error("the replica does not answer: " + answer.error().message);
    boost::system::error_code error;
    const auto parsed = json::parse(*answer, error);
    const auto* object = error ? nullptr : parsed.if_object();
    if (object == nullptr) throw std::runtime_error("the replica's answer is not JSON");
    if (const auto* refusal = object->if_contains("error"))
        throw std::runtime_error(std::string(method) + " " + std::string(parameter) + ": " + json::serialize(*refusal));
    const auto* result = object->if_contains("result");
    if (result == nullptr) throw std::runtime_error(std::string(method) + " has no result");
    return *result;
}

Bytes read_hex(const json::value& value) {
    const auto* text = value.if_string();
    auto bytes = text == nullptr ? std::nullopt : parse_hex({text->data(), text->size()});
    if (!bytes) throw std::runtime_error("the replica answers with what is no hexadecimal data");
    return *std::move(bytes);
}

}  // namespace

chain::Block Replica::block(const std::string& number_or_hash) const {
    auto block = chain::decode_block(read_hex(ask(*transport_, "debug_getRawBlock", number_or_hash)));
    if (!block) throw std::runtime_error("the replica answers with what is no block");
    return *std::move(block);
}

std::vector<Bytes> Replica::execution_witness(std::uint64_t number) const {
    const auto witness = ask(*transport_, "debug_executionWitness", to_quantity(number));
    std::vector<Bytes> out;
    const auto* object = witness.if_object();
    if (object == nullptr) throw std::runtime_error("the replica answers with what is no witness");
    for (const char* part : {"state", "codes", "headers"}) {
        const auto* list = object->if_contains(part);
        if (list == nullptr || !list->is_array())
            throw std::runtime_error("the replica's witness has no " + std::string(part));
        for (const auto& one : list->as_array()) out.push_back(read_hex(one));
    }
    return out;
}

}  // namespace entresol::program
