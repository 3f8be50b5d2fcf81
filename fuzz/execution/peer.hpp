// Another client behind a pipe: cases go in as bytes, an answer a line comes back.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "core/base/bytes.hpp"

namespace entresol::fuzz {

class Peer {
public:
    /// Starts the program. Throws std::runtime_error.
    Peer(std::string name, const std::string& program);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    /// One line for each of the encoded cases. Throws std::runtime_error when the program ended, with how many it had answered.
    [[nodiscard]] std::vector<std::string> ask(const std::vector<Bytes>& cases);

private:
    void read_some(std::vector<std::string>& lines);

    std::string name_;
    pid_t child_ = -1;
    int to_ = -1, from_ = -1;
    std::string unread_;
};

}  // namespace entresol::fuzz
