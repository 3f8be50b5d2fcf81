#include "node/archive/beacon_routes.hpp"

#include <charconv>
#include <limits>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"

namespace entresol::archive {
namespace {

namespace json = boost::json;

constexpr std::string_view SIDECARS = "/eth/v1/beacon/blob_sidecars/";
constexpr std::size_t MAX_INDICES = 128;  // more than a block has blobs

http::Response respond(unsigned status, const json::value& body) {
    return {.status = status, .content_type = "application/json", .body = json::serialize(body), .headers = {}};
}
http::Response refuse(unsigned status, const char* message) {
    return respond(status, json::object{{"code", status}, {"message", message}});
}
http::Response give(json::value data) { return respond(200, json::object{{"data", std::move(data)}}); }

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string_view take_until(std::string_view& text, char separator) {
    const auto part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

// Beacon API, getBlobSidecars: indices=0,1 or indices=0&indices=1; other parameters mean nothing here.
std::optional<std::vector<std::uint64_t>> parse_indices(std::string_view query) {
    constexpr std::string_view NAME = "indices=";
    std::vector<std::uint64_t> indices;
    while (!query.empty()) {
        auto part = take_until(query, '&');
        if (!part.starts_with(NAME)) continue;
        part.remove_prefix(NAME.size());
        while (!part.empty()) {
            const auto index = parse_number(take_until(part, ','));
            if (!index || indices.size() == MAX_INDICES) return std::nullopt;
            indices.push_back(*index);
        }
    }
    return indices;
}

http::Response answer_sidecars(std::string_view rest, BlobArchive& archive, const SlotClock& clock) {
    const auto slot = parse_number(take_until(rest, '?'));
    if (!slot) return refuse(400, "a slot number is expected");
    const auto indices = parse_indices(rest);
    if (!indices) return refuse(400, "malformed indices");
    if (*slot > (std::numeric_limits<std::uint64_t>::max() - clock.genesis_time) / clock.seconds_per_slot)
        return refuse(404, "no block at this slot");
    const auto sidecars = archive.sidecars(clock.genesis_time + *slot * clock.seconds_per_slot, *indices);
    // A beacon node would say that there are none; an archive only knows that it has none.
    if (sidecars.empty()) return refuse(404, "no blobs of this slot are archived here");
    json::array data;
    for (const auto& sidecar : sidecars)
        data.push_back(json::object{{"index", std::to_string(sidecar.index)},
                                    {"blob", to_hex(sidecar.blob)},
                                    {"kzg_commitment", to_hex(sidecar.commitment)},
                                    {"kzg_proof", to_hex(sidecar.proof)}});
    return give(std::move(data));
}

}  // namespace

std::optional<http::Response> answer_beacon(const std::string& target, BlobArchive& archive) {
    if (!target.starts_with("/eth/v1/")) return std::nullopt;
    if (target == "/eth/v1/node/version") return give(json::object{{"version", "entresol-archive"}});
    const auto clock = archive.clock();
    if (!clock) return refuse(503, "no blob has been archived yet");
    if (target == "/eth/v1/beacon/genesis")
        return give(json::object{{"genesis_time", std::to_string(clock->genesis_time)}});
    if (target == "/eth/v1/config/spec")
        return give(json::object{{"SECONDS_PER_SLOT", std::to_string(clock->seconds_per_slot)}});
    if (!target.starts_with(SIDECARS)) return refuse(404, "this archive serves genesis, spec and blob_sidecars");
    return answer_sidecars(std::string_view(target).substr(SIDECARS.size()), archive, *clock);
}

}  // namespace entresol::archive
