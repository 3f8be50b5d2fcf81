// For the test that replays the public RPC exchanges: how an answer is compared with the recorded one.
#pragma once

#include <optional>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace entresol::rpc::testing {

namespace json = boost::json;

/// Where the two values differ, or nothing.
inline std::optional<std::string> find_difference(const json::value& expected, const json::value& found,
                                                  const std::string& path = "") {
    const auto differ = [&] {
        return path + ": expected " + json::serialize(expected).substr(0, 300) + ", found " +
               json::serialize(found).substr(0, 300);
    };
    if (expected.is_object() && found.is_object()) {
        for (const auto& [key, value] : expected.get_object()) {
            const auto* other = found.get_object().if_contains(key);
            if (other == nullptr) return path + "." + std::string(key) + " is missing";
            if (auto difference = find_difference(value, *other, path + "." + std::string(key))) return difference;
        }
        for (const auto& [key, value] : found.get_object())
            if (!expected.get_object().contains(key)) return path + "." + std::string(key) + " should not be there";
        return std::nullopt;
    }
    if (expected.is_array() && found.is_array()) {
        if (expected.get_array().size() != found.get_array().size())
            return path + ": expected " + std::to_string(expected.get_array().size()) + " entries, found " +
                   std::to_string(found.get_array().size());
        for (std::size_t i = 0; i < expected.get_array().size(); ++i)
            if (auto difference = find_difference(expected.get_array()[i], found.get_array()[i],
                                                  path + "[" + std::to_string(i) + "]"))
                return difference;
        return std::nullopt;
    }
    return expected == found ? std::nullopt : std::optional(differ());
}

/// The same for exchanges of which only the form is fixed: every recorded field is there, with a value of the same kind.
inline std::optional<std::string> find_shape_difference(const json::value& expected, const json::value& found,
                                                        const std::string& path = "") {
    if (expected.is_null() || (expected.is_number() && found.is_number())) return std::nullopt;
    if (expected.kind() != found.kind())
        return path + ": expected the kind of " + json::serialize(expected).substr(0, 200) + ", found " +
               json::serialize(found).substr(0, 200);
    if (expected.is_object()) {
        for (const auto& [key, value] : expected.get_object()) {
            const auto* other = found.get_object().if_contains(key);
            const bool is_map = key.starts_with("0x");  // names that are data
            if (other == nullptr && !is_map) return path + "." + std::string(key) + " is missing";
            if (other == nullptr) continue;
            if (auto difference = find_shape_difference(value, *other, path + "." + std::string(key)))
                return difference;
        }
    }
    if (expected.is_array() && expected.get_array().size() == found.get_array().size()) {
        for (std::size_t i = 0; i < expected.get_array().size(); ++i)
            if (auto difference = find_shape_difference(expected.get_array()[i], found.get_array()[i],
                                                        path + "[" + std::to_string(i) + "]"))
                return difference;
    } else if (expected.is_array()) {
        return path + ": expected " + std::to_string(expected.get_array().size()) + " entries, found " +
               std::to_string(found.get_array().size());
    }
    return std::nullopt;
}

}  // namespace entresol::rpc::testing
