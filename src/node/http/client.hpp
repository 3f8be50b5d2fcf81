// HTTP requests to another program: JSON-RPC and beacon endpoints. Blocking, with time-outs and a bounded answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace entresol::http {

/// One endpoint, http://host[:port][/path] or https://…; keeps one connection alive between requests. Thread-safe; requests wait for each other.
class Client {
public:
    struct Options {
        unsigned timeout_s = 20;
        std::size_t max_answer_bytes = 64 * 1024 * 1024;
    };
    explicit Client(const std::string& url) : Client(url, Options{}) {}
    Client(const std::string& url, Options options);
    ~Client();

    /// The answer's body when its status is 200; else what went wrong, in words.
    [[nodiscard]] Result<std::string, std::string> post(std::string_view body);
    /// `path` is appended to the URL's own.
    [[nodiscard]] Result<std::string, std::string> get(std::string_view path);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::http
