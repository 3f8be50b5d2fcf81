#include "node/http/server.hpp"

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

namespace entresol::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using Request = bhttp::request<bhttp::string_body>;

std::string to_string(beast::string_view view) { return {view.data(), view.size()}; }

bool is_loopback_name(std::string_view host) {
    if (host.starts_with("[::1]")) return true;
    host = host.substr(0, host.rfind(':') == std::string_view::npos ? host.size() : host.rfind(':'));
    return host == "localhost" || host == "127.0.0.1" || host.ends_with(".localhost");
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    ServerOptions options;
    Handlers handlers;
    asio::io_context io;
    std::optional<tcp::acceptor> acceptor;
    std::vector<std::thread> threads;
    std::atomic<std::size_t> connections{0};
    std::atomic<std::uint64_t> next_session{1};
    std::atomic<bool> stopping{false};
    bool on_loopback = true;

    Impl(ServerOptions o, Handlers h) : options(std::move(o)), handlers(std::move(h)) {}

    void accept();
    [[nodiscard]] bool host_is_allowed(std::string_view host) const {
        if (is_loopback_name(host)) return true;
        for (const auto& allowed : options.allowed_hosts)
            if (host == allowed || host.starts_with(allowed + ":")) return true;
        return !on_loopback && options.allowed_hosts.empty();
    }
    /// Counts a connection as long as it lives.
    struct Slot {
        std::shared_ptr<Impl> server;
        explicit Slot(std::shared_ptr<Impl> s) : server(std::move(s)) { ++server->connections; }
        ~Slot() { --server->connections; }
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
    };
};

namespace {

// One WebSocket. All members are touched on its strand only.
template <typename Impl>
class WebSocket final : public WebSocketSession, public std::enable_shared_from_this<WebSocket<Impl>> {
public:
    WebSocket(std::shared_ptr<Impl> server, beast::tcp_stream stream, std::shared_ptr<typename Impl::Slot> slot)
        : server_(std::move(server)), slot_(std::move(slot)), id_(server_->next_session++), ws_(std::move(stream)) {}

    void run(Request request) {
        beast::get_lowest_layer(ws_).expires_never();
        auto timeouts = beast::websocket::stream_base::timeout::suggested(beast::role_type::server);
        timeouts.idle_timeout = std::chrono::seconds(server_->options.idle_timeout_s);
        timeouts.keep_alive_pings = true;
        ws_.set_option(timeouts);
        ws_.read_message_max(server_->options.max_body_bytes);
        ws_.async_accept(request, [self = this->shared_from_this()](beast::error_code error) {
            if (!error) self->read();
        });
    }

    void send(std::string message) override {
        asio::post(ws_.get_executor(), [self = this->shared_from_this(), message = std::move(message)]() mutable {
            if (self->closed_) return;
            if (self->queue_.size() >= self->server_->options.max_queued_messages) return self->close();
            self->queue_.push_back(std::move(message));
            if (self->queue_.size() == 1) self->write();
        });
    }
    [[nodiscard]] std::uint64_t id() const override { return id_; }

private:
    void read() {
        ws_.async_read(buffer_, [self = this->shared_from_this()](beast::error_code error, std::size_t) {
            if (error) return self->close();
            std::string message = beast::buffers_to_string(self->buffer_.data());
            self->buffer_.consume(self->buffer_.size());
            self->server_->handlers.message(self, std::move(message));
            self->read();
        });
    }
    void write() {
        ws_.text(true);
        ws_.async_write(asio::buffer(queue_.front()),
                        [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                            if (error) return self->close();
                            self->queue_.pop_front();
                            if (!self->queue_.empty()) self->write();
                        });
    }
    void close() {
        if (std::exchange(closed_, true)) return;
        beast::get_lowest_layer(ws_).close();
        if (server_->handlers.closed) server_->handlers.closed(id_);
    }

    std::shared_ptr<Impl> server_;
    std::shared_ptr<typename Impl::Slot> slot_;
    std::uint64_t id_;
    beast::websocket::stream<beast::tcp_stream> ws_;
    beast::flat_buffer buffer_;
    std::deque<std::string> queue_;
    bool closed_ = false;
};

// One HTTP connection: reads a request, answers it, reads the next.
template <typename Impl>
class Connection final : public std::enable_shared_from_this<Connection<Impl>> {
public:
    Connection(std::shared_ptr<Impl> server, tcp::socket socket)
        : server_(std::move(server)),
          slot_(std::make_shared<typename Impl::Slot>(server_)),
          stream_(std::move(socket)) {}

    void run() {
        asio::dispatch(stream_.get_executor(), [self = this->shared_from_this()] { self->read(); });
    }

private:
    void read() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(server_->options.max_header_bytes));
        parser_->body_limit(server_->options.max_body_bytes);
        stream_.expires_after(
            std::chrono::seconds(is_first_ ? server_->options.request_timeout_s : server_->options.idle_timeout_s));
        is_first_ = false;
        bhttp::async_read(
            stream_, buffer_, *parser_,
            [self = this->shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
    }

    void on_read(beast::error_code error) {
        if (error == bhttp::error::body_limit) return refuse(413, "the request body is too large\n");
        if (error == bhttp::error::header_limit) return refuse(431, "the request header is too large\n");
        if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message ||
            error == beast::error::timeout)
            return shut();
        if (error)
            return error.category() == bhttp::make_error_code(bhttp::error::bad_method).category()
                       ? refuse(400, "malformed request\n")
                       : shut();
        Request request = parser_->release();
        keep_alive_ = request.keep_alive();
        version_ = request.version();
        head_only_ = request.method() == bhttp::verb::head;
        if (!server_->host_is_allowed(to_string(request[bhttp::field::host])))
            return respond({.status = 403,
                            .content_type = "text/plain",
                            .body = "this host name is not served here\n",
                            .headers = {}});
        if (beast::websocket::is_upgrade(request)) {
            if (!server_->handlers.message)
                return respond(
                    {.status = 404, .content_type = "text/plain", .body = "no WebSocket here\n", .headers = {}});
            std::make_shared<WebSocket<Impl>>(server_, std::move(stream_), slot_)->run(std::move(request));
            return;
        }
        stream_.expires_never();  // the handler may take its time
        route(std::move(request));
    }

    void route(Request request) {
        std::string target = to_string(request.target());
        Respond done = [self = this->shared_from_this()](Response response) {
            asio::post(self->stream_.get_executor(),
                       [self, response = std::move(response)]() mutable { self->respond(std::move(response)); });
        };
        switch (request.method()) {
            case bhttp::verb::post:
                return server_->handlers.post(std::move(target), std::move(request.body()), std::move(done));
            case bhttp::verb::get:
            case bhttp::verb::head:
                if (server_->handlers.get) return server_->handlers.get(std::move(target), std::move(done));
                return respond({.status = 404, .content_type = "text/plain", .body = "not found\n", .headers = {}});
            case bhttp::verb::options:
                return respond({.status = 204,
                                .content_type = "",
                                .body = "",
                                .headers = {{"Access-Control-Allow-Methods", "POST, GET, OPTIONS"},
                                            {"Access-Control-Allow-Headers", "content-type"},
                                            {"Access-Control-Max-Age", "600"}}});
            default:
                return respond({.status = 405,
                                .content_type = "text/plain",
                                .body = "method not allowed\n",
                                .headers = {{"Allow", "POST, GET, HEAD, OPTIONS"}}});
        }
    }

    void refuse(unsigned status, const char* message) {
        keep_alive_ = false;
        respond({.status = status, .content_type = "text/plain", .body = message, .headers = {}});
    }

    void respond(Response response) {
        response_.emplace();
        response_->version(version_);
        response_->result(response.status);
        response_->set(bhttp::field::access_control_allow_origin, server_->options.allowed_origin);
        if (!response.content_type.empty()) response_->set(bhttp::field::content_type, response.content_type);
        for (const auto& [name, value] : response.headers) response_->set(name, value);
        response_->keep_alive(keep_alive_);
        const auto size = response.body.size();
        if (!head_only_) response_->body() = std::move(response.body);
        if (response.status != 204) response_->content_length(size);
        stream_.expires_after(std::chrono::seconds(server_->options.idle_timeout_s));
        bhttp::async_write(stream_, *response_,
                           [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                               if (error || !self->keep_alive_ || self->server_->stopping) return self->shut();
                               self->read();
                           });
    }

    void shut() {
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

    std::shared_ptr<Impl> server_;
    std::shared_ptr<typename Impl::Slot> slot_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<bhttp::request_parser<bhttp::string_body>> parser_;
    std::optional<bhttp::response<bhttp::string_body>> response_;
    bool keep_alive_ = false;
    bool head_only_ = false;
    bool is_first_ = true;
    unsigned version_ = 11;
};

}  // namespace

void Server::Impl::accept() {
    acceptor->async_accept(asio::make_strand(io),
                           [self = shared_from_this()](beast::error_code error, tcp::socket socket) {
                               if (self->stopping || error == asio::error::operation_aborted) return;
                               if (!error && self->connections < self->options.max_connections) {
                                   beast::error_code ignored;
                                   socket.set_option(tcp::no_delay(true), ignored);
                                   std::make_shared<Connection<Impl>>(self, std::move(socket))->run();
                               }
                               self->accept();
                           });
}

Server::Server(ServerOptions options, Handlers handlers)
    : impl_(std::make_shared<Impl>(std::move(options), std::move(handlers))) {}

Server::~Server() { stop(); }

void Server::start() {
    auto& s = *impl_;
    beast::error_code error;
    const auto address = asio::ip::make_address(s.options.host == "localhost" ? "127.0.0.1" : s.options.host, error);
    if (error) throw std::runtime_error("not an IP address to listen on: " + s.options.host);
    s.on_loopback = address.is_loopback();
    const tcp::endpoint endpoint(address, s.options.port);
    try {
        s.acceptor.emplace(s.io);
        s.acceptor->open(endpoint.protocol());
        s.acceptor->set_option(asio::socket_base::reuse_address(true));
        s.acceptor->bind(endpoint);
        s.acceptor->listen(asio::socket_base::max_listen_connections);
    } catch (const std::exception& problem) {
        throw std::runtime_error("cannot listen on " + s.options.host + ":" + std::to_string(s.options.port) + ": " +
                                 problem.what());
    }
    s.accept();
    for (unsigned i = 0; i < std::max(1U, s.options.threads); ++i) s.threads.emplace_back([&s] { s.io.run(); });
}

std::uint16_t Server::port() const { return impl_->acceptor ? impl_->acceptor->local_endpoint().port() : 0; }

void Server::stop() {
    if (impl_->stopping.exchange(true)) return;
    impl_->io.stop();
    for (auto& thread : impl_->threads)
        if (thread.joinable()) thread.join();
}

}  // namespace entresol::http
