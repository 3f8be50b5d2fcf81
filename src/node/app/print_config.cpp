#include "node/app/print_config.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace entresol::app {
namespace {

namespace json = boost::json;

// The value in force: the last word of the command line that gives it, else the default.
std::string value_of(const Invocation& call, const Flag& flag) {
    std::string value = flag.takes_value() ? flag.default_value : "false";
    const std::string word = "--" + flag.name;
    for (std::size_t i = 0; i < call.words.size(); ++i) {
        if (call.words[i].starts_with(word + "=")) value = call.words[i].substr(word.size() + 1);
        if (call.words[i] != word) continue;
        if (!flag.takes_value())
            value = "true";
        else if (i + 1 < call.words.size())
            value = call.words[i + 1];
    }
    return value;
}

json::value typed_value(const Flag& flag, const std::string& text) {
    if (!flag.takes_value()) return text == "true" || text == "1" || text == "on" || text == "yes";
    if (flag.kind != ValueKind::Number) return json::string(text);
    boost::system::error_code error;
    auto number = json::parse(text, error);
    return error || !number.is_number() ? json::value(json::string(text)) : number;
}

}  // namespace

// A JSON string is a TOML basic string as well; so are numbers and booleans.
std::string print_config_toml(const Invocation& call) {
    std::string out = "# What is in force for '" + call.command->title() +
                      "'. Flags win over the environment, the environment over this file, the file over defaults.\n[";
    for (std::size_t i = 0; i < call.command->path.size(); ++i) out += (i == 0 ? "" : ".") + call.command->path[i];
    out += "]\n";
    for (const auto& flag : call.command->flags) {
        if (!flag.is_setting) continue;
        const auto value = value_of(call, flag);
        const auto source = call.source_of(flag.name);
        const bool is_set = !value.empty();
        std::string line =
            is_set ? flag.name + " = " + json::serialize(typed_value(flag, value)) : "# " + flag.name + " is not set";
        if (is_set) {
            line.resize(std::max<std::size_t>(line.size() + 2, 40), ' ');
            line += std::string("# ") + name_of(source.source) + (source.place.empty() ? "" : ": " + source.place);
        }
        out += line + "\n";
    }
    return out;
}

std::string print_config_json(const Invocation& call) {
    json::object settings;
    for (const auto& flag : call.command->flags) {
        if (!flag.is_setting) continue;
        const auto value = value_of(call, flag);
        const auto source = call.source_of(flag.name);
        json::object entry{{"value", value.empty() ? json::value() : typed_value(flag, value)},
                           {"source", name_of(source.source)}};
        if (!source.place.empty()) entry["place"] = source.place;
        settings[flag.name] = std::move(entry);
    }
    return json::serialize(json::object{{"command", call.command->title()}, {"settings", std::move(settings)}}) + "\n";
}

}  // namespace entresol::app
