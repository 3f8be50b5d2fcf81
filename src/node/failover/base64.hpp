// Base64 with padding (RFC 4648 section 4): how etcd's JSON writes keys and values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entresol::failover {

[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// Nothing for any text that encode_base64 does not write.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace entresol::failover
