// Requests to an L1 over HTTP.
#pragma once

#include "node/http/client.hpp"
#include "node/l1/transport.hpp"

namespace entresol::l1 {

class HttpTransport final : public Transport {
public:
    explicit HttpTransport(const std::string& url) : client_(url) {}

    L1Result<std::string> post(std::string_view body) override { return to_l1(client_.post(body)); }
    L1Result<std::string> get(std::string_view path) override { return to_l1(client_.get(path)); }

    /// Ends requests in progress and refuses later ones, so that who stops need not wait for them. Any thread.
    void cancel() { client_.cancel(); }

private:
    static L1Result<std::string> to_l1(Result<std::string, std::string> answer) {
        if (!answer) return fail(L1Error{L1ErrorKind::Unreachable, answer.error()});
        return std::move(*answer);
    }
    http::Client client_;
};

}  // namespace entresol::l1
