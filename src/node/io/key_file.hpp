// Where keys come from: files that only their owner can read, or the environment; never the command line, which every user of a machine can list.
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "node/io/secret.hpp"

namespace entresol::io {

/// Where one key is looked for. Empty names are not looked at.
struct KeyLocation {
    std::string file;           // 64 hexadecimal digits, or a web3 keystore version 3
    std::string password_file;  // of the keystore
    std::string environment;    // a variable that holds the hexadecimal digits, as in ENTRESOL_BATCHER_KEY

    [[nodiscard]] bool is_given() const;
};

/// The key, or what is wrong with its place, in words that hold no part of what was read. A variable is emptied once it was read, so that neither
/// child processes nor /proc show it. Not to be called while other threads read the environment.
[[nodiscard]] Result<PrivateKey, std::string> load_private_key(const KeyLocation& location);

/// A file's content when it is a regular file of at most `max_bytes` that belongs to this user (or root) and nobody else may read or write.
[[nodiscard]] Result<Secret, std::string> read_secret_file(const std::string& path, std::size_t max_bytes);

/// 64 hexadecimal digits, "0x" or not, blanks around them allowed.
[[nodiscard]] Result<PrivateKey, std::string> parse_private_key(const Secret& text);

/// Makes the file, readable by its owner alone; never replaces one.
[[nodiscard]] Result<void, std::string> write_secret_file(const std::string& path, const Secret& content);

}  // namespace entresol::io
