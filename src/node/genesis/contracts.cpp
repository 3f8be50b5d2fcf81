#include "node/genesis/contracts.hpp"

#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <entresol_embedded/contract_artifacts.hpp>
#include <entresol_embedded/deploy_plan.hpp>

#include "core/base/hex.hpp"

namespace entresol::genesis {
namespace {

namespace json = boost::json;

json::value parse_embedded(std::span<const embedded::File> files, std::string_view name) {
    for (const auto& file : files)
        if (file.name == name) return json::parse({reinterpret_cast<const char*>(file.data.data()), file.data.size()});
    throw std::runtime_error("this program was built without " + std::string(name) + ": run ./dev build");
}

Bytes hex_field(const json::object& object, const char* name) {
    const auto bytes = parse_hex(std::string_view(object.at(name).as_string()));
    if (!bytes) throw std::runtime_error(std::string("contract artifacts: ") + name + " is not hex");
    return *bytes;
}

Contract read_contract(const json::object& artifact) {
    Contract contract{.initcode = hex_field(artifact, "initcode"),
                      .runtime = hex_field(artifact, "runtime"),
                      .constructor_types = {}};
    for (const auto& item : artifact.at("abi").as_array()) {
        if (item.as_object().at("type").as_string() != "constructor") continue;
        for (const auto& input : item.as_object().at("inputs").as_array())
            contract.constructor_types.emplace_back(input.as_object().at("type").as_string());
    }
    return contract;
}

}  // namespace

Contracts load_contracts() {
    Contracts contracts;
    const auto artifacts = parse_embedded(embedded::contract_artifacts(), "artifacts.json");
    for (const auto& [name, artifact] : artifacts.as_object())
        if (!name.starts_with("_")) contracts.by_name.emplace(name, read_contract(artifact.as_object()));
    contracts.plan = parse_embedded(embedded::deploy_plan(), "plan.json").as_object();
    const auto system = parse_embedded(embedded::deploy_plan(), "system_contracts.json");
    for (const auto& entry : system.as_object().at("contracts").as_array()) {
        const auto& fields = entry.as_object();
        SystemContract contract{.address = from_bytes<Address>(hex_field(fields, "address")),
                                .code = hex_field(fields, "code")};
        for (const auto& layer : fields.at("layers").as_array())
            (layer.as_string() == "l1" ? contract.on_l1 : contract.on_l2) = true;
        contracts.system.push_back(std::move(contract));
    }
    return contracts;
}

}  // namespace entresol::genesis
