#include "node/http/client.hpp"

#include <mutex>
#include <optional>
#include <stdexcept>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "node/io/failure.hpp"

namespace entresol::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

struct Url {
    bool tls = false;
    std::string host, port, path;
};

Url parse_url(std::string_view text) {
    Url url;
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos)
        throw io::Failure(io::FailureKind::Usage, "not a URL (http://host:port expected): " + std::string(text));
    const auto scheme = text.substr(0, scheme_end);
    if (scheme != "http" && scheme != "https")
        throw io::Failure(io::FailureKind::Usage, "only http and https URLs are supported: " + std::string(text));
    url.tls = scheme == "https";
    text.remove_prefix(scheme_end + 3);
    const auto slash = text.find('/');
    auto authority = text.substr(0, slash);
    url.path = slash == std::string_view::npos ? "" : std::string(text.substr(slash));
    while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    url.port = has_port ? std::string(authority.substr(colon + 1)) : url.tls ? "443" : "80";
    url.host = std::string(has_port ? authority.substr(0, colon) : authority);
    if (url.host.empty()) throw io::Failure(io::FailureKind::Usage, "the URL names no host");
    return url;
}

}  // namespace

struct Client::Impl {
    Url url;
    Options options;
    std::mutex mutex;
    asio::io_context io;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::optional<beast::tcp_stream> plain;
    std::optional<TlsStream> secure;

    beast::tcp_stream& lowest() { return url.tls ? secure->next_layer() : *plain; }
    [[nodiscard]] bool is_open() const { return plain.has_value() || secure.has_value(); }
    void close() {
        plain.reset();
        secure.reset();
    }

    // Runs one asynchronous step to its end: that way time-outs hold also for blocking callers.
    template <typename Start>
    void finish(Start start) {
        std::optional<beast::error_code> outcome;
        lowest().expires_after(std::chrono::seconds(options.timeout_s));
        start([&outcome](beast::error_code error, auto&&...) { outcome = error; });
        io.restart();
        io.run();
        if (!outcome) throw std::runtime_error("the request was abandoned");
        if (*outcome) throw beast::system_error(*outcome);
    }

    void connect() {
        if (url.tls)
            secure.emplace(io, tls);
        else
            plain.emplace(io);
        tcp::resolver resolver(io);
        const auto endpoints = resolver.resolve(url.host, url.port);
        finish([&](auto done) { lowest().async_connect(endpoints, std::move(done)); });
        lowest().socket().set_option(tcp::no_delay(true));
        if (!url.tls) return;
        if (SSL_set_tlsext_host_name(secure->native_handle(), url.host.c_str()) != 1)
            throw std::runtime_error("TLS refused the host name");
        secure->set_verify_callback(asio::ssl::host_name_verification(url.host));
        finish([&](auto done) { secure->async_handshake(asio::ssl::stream_base::client, std::move(done)); });
    }

    template <typename Stream>
    bhttp::response<bhttp::string_body> exchange(Stream& stream, bhttp::request<bhttp::string_body>& request) {
        finish([&](auto done) { bhttp::async_write(stream, request, std::move(done)); });
        beast::flat_buffer buffer;
        bhttp::response_parser<bhttp::string_body> parser;
        parser.body_limit(options.max_answer_bytes);
        finish([&](auto done) { bhttp::async_read(stream, buffer, parser, std::move(done)); });
        return parser.release();
    }

    Result<std::string, std::string> request(bhttp::verb verb, std::string_view path, std::string_view body) {
        const std::lock_guard lock(mutex);
        const std::string target = url.path + std::string(path);
        bhttp::request<bhttp::string_body> message(verb, target.empty() ? "/" : target, 11);
        message.set(bhttp::field::host, url.host + ":" + url.port);
        message.set(bhttp::field::content_type, "application/json");
        message.set(bhttp::field::accept, "application/json");
        message.keep_alive(true);
        message.body() = std::string(body);
        message.prepare_payload();
        // A kept connection may have been closed by the other side meanwhile: once more on a fresh one.
        for (int attempt = is_open() ? 0 : 1; attempt < 2; ++attempt) {
            try {
                if (!is_open()) connect();
                auto response = url.tls ? exchange(*secure, message) : exchange(*plain, message);
                if (!response.keep_alive()) close();
                if (response.result_int() == 200) return std::move(response.body());
                return fail("HTTP status " + std::to_string(response.result_int()) + " from " + url.host + ":" +
                            url.port);
            } catch (const std::exception& problem) {
                close();
                if (attempt == 1) return fail("cannot reach " + url.host + ":" + url.port + ": " + problem.what());
            }
        }
        return fail("cannot reach " + url.host + ":" + url.port);
    }
};

Client::Client(const std::string& url, Options options) : impl_(std::make_unique<Impl>()) {
    impl_->url = parse_url(url);
    impl_->options = options;
    impl_->tls.set_default_verify_paths();
    impl_->tls.set_verify_mode(asio::ssl::verify_peer);
}
Client::~Client() = default;

Result<std::string, std::string> Client::post(std::string_view body) {
    return impl_->request(bhttp::verb::post, "", body);
}
Result<std::string, std::string> Client::get(std::string_view path) {
    return impl_->request(bhttp::verb::get, path, "");
}

}  // namespace entresol::http
