#include "node/http/client.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <stdexcept>

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "node/http/url.hpp"
#include "node/io/failure.hpp"

namespace entresol::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Request = bhttp::request<bhttp::string_body>;

Url require_url(const std::string& text) {
    auto url = parse_url(text);
    if (!url) throw io::Failure(io::FailureKind::Usage, url.error());
    return std::move(*url);
}

// Between requests the other side has nothing to say: an end, an error or bytes all mean that the connection is of no more use.
bool is_quiet(int socket) {
    char byte = 0;
    const auto size = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

struct Client::Impl {
    Impl(Url u, Options o) : url(std::move(u)), options(o) {
        tls.set_default_verify_paths();
        tls.set_verify_mode(asio::ssl::verify_peer);
    }

    const Url url;
    const Options options;
    std::mutex mutex;  // one request at a time
    std::atomic<bool> cancelled{false};
    asio::io_context io;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::optional<beast::tcp_stream> plain;
    std::optional<TlsStream> secure;
    Clock::time_point deadline, last_used;

    beast::tcp_stream& lowest() { return url.tls ? secure->next_layer() : *plain; }
    [[nodiscard]] bool is_open() const { return plain.has_value() || secure.has_value(); }
    void close() {
        plain.reset();
        secure.reset();
    }
    void close_unless_usable() {
        if (is_open() && (Clock::now() - last_used > std::chrono::milliseconds(options.keep_idle_ms) ||
                          !is_quiet(lowest().socket().native_handle())))
            close();
    }

    // Runs one asynchronous step to its end: that way the deadline and cancel() hold also for blocking callers.
    template <typename Start>
    void finish(Start start) {
        std::optional<beast::error_code> outcome;
        lowest().expires_at(deadline);
        start([&outcome](beast::error_code error, auto&&...) { outcome = error; });
        io.restart();
        io.run();
        if (cancelled) throw std::runtime_error("cancelled");
        if (!outcome) throw std::runtime_error("the request was abandoned");
        if (*outcome) throw beast::system_error(*outcome);
    }

    tcp::resolver::results_type resolve() {
        tcp::resolver resolver(io);
        std::optional<beast::error_code> outcome;
        tcp::resolver::results_type found;
        resolver.async_resolve(url.host, url.port, [&](beast::error_code error, tcp::resolver::results_type results) {
            outcome = error;
            found = std::move(results);
        });
        io.restart();
        io.run_until(deadline);
        if (cancelled) throw std::runtime_error("cancelled");
        if (!outcome) {
            resolver.cancel();
            io.restart();
            io.run();  // its handler refers to this frame
            throw std::runtime_error("the host's name was not resolved in time");
        }
        if (*outcome) throw beast::system_error(*outcome);
        return found;
    }

    void connect() {
        const auto endpoints = resolve();
        if (url.tls)
            secure.emplace(io, tls);
        else
            plain.emplace(io);
        finish([&](auto done) { lowest().async_connect(endpoints, std::move(done)); });
        lowest().socket().set_option(tcp::no_delay(true));
        if (!url.tls) return;
        // RFC 6066 section 3: no addresses in the name indication.
        beast::error_code no_address;
        (void)asio::ip::make_address(url.host, no_address);
        if (no_address && SSL_set_tlsext_host_name(secure->native_handle(), url.host.c_str()) != 1)
            throw std::runtime_error("TLS refused the host name");
        secure->set_verify_callback(asio::ssl::host_name_verification(url.host));
        finish([&](auto done) { secure->async_handshake(asio::ssl::stream_base::client, std::move(done)); });
    }

    template <typename Stream>
    bhttp::response<bhttp::string_body> exchange(Stream& stream, Request& request) {
        finish([&](auto done) { bhttp::async_write(stream, request, std::move(done)); });
        beast::flat_buffer buffer;
        bhttp::response_parser<bhttp::string_body> parser;
        parser.body_limit(options.max_answer_bytes);
        finish([&](auto done) { bhttp::async_read(stream, buffer, parser, std::move(done)); });
        return parser.release();
    }

    Result<std::string, std::string> answer(Request& message) {
        auto response = url.tls ? exchange(*secure, message) : exchange(*plain, message);
        last_used = Clock::now();
        if (!response.keep_alive()) close();
        if (response.result_int() == 200) return std::move(response.body());
        return fail("HTTP status " + std::to_string(response.result_int()) + " from " + url.authority());
    }

    Result<std::string, std::string> request(bhttp::verb verb, std::string_view path, std::string_view body) {
        const std::lock_guard lock(mutex);
        const std::string target = url.path + std::string(path);
        Request message(verb, target.empty() ? "/" : target, 11);
        message.set(bhttp::field::host, url.authority());
        message.set(bhttp::field::content_type, "application/json");
        message.set(bhttp::field::accept, "application/json");
        message.keep_alive(true);
        message.body() = std::string(body);
        message.prepare_payload();
        deadline = Clock::now() + std::chrono::milliseconds(options.timeout_ms);
        close_unless_usable();
        // RFC 9110 section 9.2.2: only what is safe to do twice is tried twice.
        for (bool may_retry = is_open() && verb == bhttp::verb::get;; may_retry = false) {
            try {
                if (cancelled) throw std::runtime_error("cancelled");
                if (!is_open()) connect();
                return answer(message);
            } catch (const std::exception& problem) {
                close();
                if (!may_retry || cancelled) return fail("cannot reach " + url.authority() + ": " + problem.what());
            }
        }
    }
};

Client::Client(const std::string& url, Options options) : impl_(std::make_unique<Impl>(require_url(url), options)) {}
Client::~Client() = default;

Result<std::string, std::string> Client::post(std::string_view body) {
    return impl_->request(bhttp::verb::post, "", body);
}
Result<std::string, std::string> Client::get(std::string_view path) {
    return impl_->request(bhttp::verb::get, path, "");
}

void Client::cancel() {
    impl_->cancelled = true;
    // Runs within the request in progress, which alone touches the streams.
    asio::post(impl_->io, [impl = impl_.get()] {
        if (impl->is_open()) impl->lowest().cancel();
    });
}

}  // namespace entresol::http
