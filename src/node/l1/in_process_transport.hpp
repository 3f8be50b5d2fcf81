// Requests to the embedded L1 without a socket: the same text in, the same text out.
#pragma once

#include <functional>

#include "node/l1/transport.hpp"

namespace entresol::l1 {

class InProcessTransport final : public Transport {
public:
    /// `handle` answers a JSON-RPC body, `get_path` a beacon path (empty: not found). Both may be called from any thread.
    InProcessTransport(std::function<std::string(std::string_view)> handle,
                       std::function<std::string(std::string_view)> get_path)
        : handle_(std::move(handle)), get_path_(std::move(get_path)) {}

    L1Result<std::string> post(std::string_view body) override { return handle_(body); }
    L1Result<std::string> get(std::string_view path) override {
        auto answer = get_path_(path);
        if (answer.empty()) return fail(L1Error{L1ErrorKind::NotFound, "nothing at " + std::string(path)});
        return answer;
    }

private:
    std::function<std::string(std::string_view)> handle_;
    std::function<std::string(std::string_view)> get_path_;
};

}  // namespace entresol::l1
