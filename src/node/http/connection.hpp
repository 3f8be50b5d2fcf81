// One HTTP connection of a server. Includes Beast: for server.cpp alone.
#pragma once

#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>

#include "node/http/web_socket.hpp"

namespace entresol::http {

inline constexpr std::size_t READ_BYTES = 4096, READ_BODY_BYTES = 64 * 1024;
inline constexpr seconds LINGER_TIME(2);

inline std::string_view view_of(beast::string_view text) { return {text.data(), text.size()}; }

// Waits for a request, reads it, has it answered, waits for the next. Members are touched on its strand only, but for the deadline.
// A small request costs one turn of the event loop: what one read brought is parsed at once, and an answer is written at once while the socket has room.
class Connection final : public Peer, public std::enable_shared_from_this<Connection> {
public:
    Connection(std::shared_ptr<ServerCore> core, tcp::socket socket)
        : core_(std::move(core)), socket_(std::move(socket)) {}

    void run(std::uint64_t id) {
        asio::dispatch(socket_.get_executor(), [self = shared_from_this(), id] {
            self->id_ = id;
            beast::error_code error;
            if (self->socket_.non_blocking(true, error)) return self->end();
            self->wait_for_request(seconds(self->core_->options.request_timeout_s));
        });
    }
    void begin_shutdown() override {
        asio::post(socket_.get_executor(), [self = shared_from_this()] {
            if (self->phase_ == Phase::Waiting || self->phase_ == Phase::Lingering) self->end();
        });
    }
    void abort() override {
        asio::post(socket_.get_executor(), [self = shared_from_this()] { self->end(); });
    }
    void check_deadline(Clock::time_point now) override {
        if (now < deadline_.load()) return;
        asio::post(socket_.get_executor(), [self = shared_from_this()] {
            if (Clock::now() >= self->deadline_.load()) self->end();
        });
    }

private:
    enum class Phase : std::uint8_t { Waiting, Reading, Answering, Writing, Lingering, Ended };

    // The right to answer one request. Dropped unused, it answers for who forgot.
    struct Answer {
        Answer(std::weak_ptr<Connection> c, std::uint64_t r) : connection(std::move(c)), request(r) {}
        Answer(const Answer&) = delete;
        Answer& operator=(const Answer&) = delete;
        ~Answer() { give(plain(500, "no answer\n")); }
        void give(Response response) {
            if (given.exchange(true)) return;
            if (const auto self = connection.lock())
                asio::dispatch(self->socket_.get_executor(),
                               [weak = connection, id = request, response = std::move(response)]() mutable {
                                   const auto alive = weak.lock();
                                   if (alive == nullptr || alive->phase_ != Phase::Answering || alive->request_ != id)
                                       return;
                                   alive->respond(std::move(response));
                               });
        }
        std::weak_ptr<Connection> connection;
        std::uint64_t request;
        std::atomic<bool> given{false};
    };

    static Response plain(unsigned status, const char* text) {
        return {.status = status, .content_type = "text/plain", .body = text, .headers = {}};
    }

    void expire_after(Clock::duration patience) { deadline_.store(Clock::now() + patience); }
    void expire_never() { deadline_.store(Clock::time_point::max()); }

    // The time a request may take begins with its first byte.
    void wait_for_request(seconds patience) {
        phase_ = Phase::Waiting;
        if (core_->stopping) return end();
        if (buffer_.size() > 0) return begin_request();
        expire_after(patience);
        read_some(READ_BYTES);
    }

    void read_some(std::size_t size) {
        socket_.async_read_some(buffer_.prepare(size),
                                [self = shared_from_this()](beast::error_code error, std::size_t got) {
                                    if (error || self->phase_ == Phase::Ended) return self->end();
                                    self->buffer_.commit(got);
                                    if (self->phase_ == Phase::Waiting) return self->begin_request();
                                    self->parse();
                                });
    }

    void begin_request() {
        phase_ = Phase::Reading;
        ++request_;
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(core_->options.max_header_bytes));
        parser_->body_limit(core_->options.max_body_bytes);
        parser_->eager(false);  // the header alone: it may be refused
        is_head_ = false;
        may_keep_ = false;
        expire_after(seconds(core_->options.request_timeout_s));
        parse();
    }

    // As far as what has been read goes; reads on where the request is not whole.
    void parse() {
        const bool had_header = parser_->is_header_done();
        while (buffer_.size() > 0 && !parser_->is_done()) {
            beast::error_code error;
            const std::size_t used = parser_->put(buffer_.data(), error);
            buffer_.consume(used);
            if (error && error != bhttp::error::need_more) return on_bad_request(error);
            if (!had_header && parser_->is_header_done()) return on_header();
            if (error || used == 0) break;
        }
        if (parser_->is_done()) return on_request();
        // Lines of a chunked body, which count as neither header nor body.
        if (buffer_.size() > core_->options.max_header_bytes) return on_bad_request(bhttp::error::header_limit);
        const bool has_length = had_header && parser_->content_length_remaining().has_value();
        const std::uint64_t missing = has_length ? *parser_->content_length_remaining() : 0;
        read_some(std::clamp<std::uint64_t>(missing, READ_BYTES, READ_BODY_BYTES));
    }

    void on_bad_request(beast::error_code error) {
        static const auto& http_errors = bhttp::make_error_code(bhttp::error::bad_method).category();
        if (phase_ == Phase::Ended) return;
        if (error == bhttp::error::body_limit) return respond(plain(413, "the request body is too large\n"));
        if (error == bhttp::error::header_limit) return respond(plain(431, "the request header is too large\n"));
        if (error.category() != http_errors) return end();
        respond(plain(400, "malformed request\n"));
    }

    // Who may not call is told before its body is read.
    void on_header() {
        if (phase_ == Phase::Ended) return;
        const auto& head = parser_->get();
        version_ = head.version();
        is_head_ = head.method() == bhttp::verb::head;
        const auto host = view_of(head[bhttp::field::host]);
        origin_ = std::string(view_of(head[bhttp::field::origin]));
        if (!core_->is_host_allowed(host)) return respond(plain(403, "this host name is not served here\n"));
        if (!core_->is_origin_allowed(origin_, host)) return respond(plain(403, "pages of this origin may not call\n"));
        if (beast::websocket::is_upgrade(head)) return upgrade();
        if (parser_->is_done()) return on_request();
        if (!beast::iequals(head[bhttp::field::expect], "100-continue")) return read_body();
        static constexpr std::string_view CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(socket_, asio::buffer(CONTINUE),
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (error || self->phase_ == Phase::Ended) return self->end();
                              self->read_body();
                          });
    }

    void upgrade() {
        if (!core_->handlers.message) return respond(plain(404, "no WebSocket here\n"));
        const auto socket = std::make_shared<WebSocket>(core_, beast::tcp_stream(std::move(socket_)), id_);
        phase_ = Phase::Ended;
        if (core_->replace(id_, socket))
            socket->run(parser_->get());
        else
            core_->remove(id_);
    }

    void read_body() {
        parser_->eager(true);
        parse();
    }

    void on_request() {
        if (phase_ == Phase::Ended) return;
        phase_ = Phase::Answering;
        expire_never();  // the handler may take its time
        auto& request = parser_->get();
        may_keep_ = request.keep_alive();
        wants_gzip_ = accepts_gzip(view_of(request[bhttp::field::accept_encoding]));
        known_etags_ = std::string(view_of(request[bhttp::field::if_none_match]));
        const auto answer = std::make_shared<Answer>(weak_from_this(), request_);
        try {
            route(request, [answer](Response response) { answer->give(std::move(response)); });
        } catch (const std::exception& problem) {
            io::log_error("http", std::string("a request could not be handled: ") + problem.what());
            answer->give(plain(500, "internal error\n"));
        }
    }

    void route(bhttp::request<bhttp::string_body>& request, Respond done) {
        auto target = std::string(view_of(request.target()));
        switch (request.method()) {
            case bhttp::verb::post:
                if (core_->handlers.post)
                    return core_->handlers.post(std::move(target), std::move(request.body()), std::move(done));
                return done(plain(404, "not found\n"));
            case bhttp::verb::get:
            case bhttp::verb::head:
                if (core_->handlers.get) return core_->handlers.get(std::move(target), std::move(done));
                return done(plain(404, "not found\n"));
            case bhttp::verb::options:
                return done({.status = 204,
                             .content_type = "",
                             .body = "",
                             .headers = {{"Access-Control-Allow-Methods", "POST, GET, OPTIONS"},
                                         {"Access-Control-Allow-Headers", "content-type"},
                                         {"Access-Control-Max-Age", "600"}}});
            default: {
                auto refusal = plain(405, "method not allowed\n");
                refusal.headers = {{"Allow", "POST, GET, HEAD, OPTIONS"}};
                return done(std::move(refusal));
            }
        }
    }

    void respond(Response response) {
        phase_ = Phase::Writing;
        auto& out = response_.emplace();
        out.version(version_);
        out.result(response.status);
        put_origin(out);
        if (!response.content_type.empty()) out.set(bhttp::field::content_type, response.content_type);
        for (const auto& [name, value] : response.headers) out.set(name, value);
        if (!response.gzip_body.empty()) {
            out.insert(bhttp::field::vary, "Accept-Encoding");
            if (wants_gzip_) {
                out.set(bhttp::field::content_encoding, "gzip");
                response.body = std::move(response.gzip_body);
            }
        }
        if (out.count(bhttp::field::etag) != 0 && has_etag(known_etags_, view_of(out[bhttp::field::etag])))
            out.result(bhttp::status::not_modified);
        may_keep_ = may_keep_ && !core_->stopping;
        out.keep_alive(may_keep_);
        const bool has_content = out.result_int() != 204 && out.result_int() != 304;
        if (has_content) out.content_length(response.body.size());
        if (has_content && !is_head_) out.body() = std::move(response.body);
        expire_after(seconds(core_->options.idle_timeout_s));
        serializer_.emplace(out);
        beast::error_code error;
        bhttp::write(socket_, *serializer_, error);
        if (error != asio::error::would_block) return on_written(error);
        bhttp::async_write(socket_, *serializer_, [self = shared_from_this()](beast::error_code late, std::size_t) {
            self->on_written(late);
        });
    }

    void on_written(beast::error_code error) {
        if (error || phase_ == Phase::Ended) return end();
        if (!may_keep_) return begin_linger();
        const seconds patience(core_->options.idle_timeout_s);
        if (buffer_.size() == 0) return wait_for_request(patience);
        // The next one is here already: in a turn of its own, however many there are.
        phase_ = Phase::Waiting;
        asio::post(socket_.get_executor(), [self = shared_from_this(), patience] {
            if (self->phase_ != Phase::Ended) self->wait_for_request(patience);
        });
    }

    void put_origin(bhttp::response<bhttp::string_body>& out) const {
        const auto& allowed = core_->options.allowed_origin;
        if (allowed == "*") return out.set(bhttp::field::access_control_allow_origin, "*");
        out.set(bhttp::field::vary, "Origin");
        if (!allowed.empty() && origin_ == allowed) out.set(bhttp::field::access_control_allow_origin, origin_);
    }

    // A socket closed with unread input resets, and the answer may be lost on its way: read what still comes, for a while.
    void begin_linger() {
        phase_ = Phase::Lingering;
        beast::error_code ignored;
        ignored = socket_.shutdown(tcp::socket::shutdown_send, ignored);
        expire_after(core_->stopping ? milliseconds(100) : milliseconds(LINGER_TIME));
        linger();
    }
    void linger() {
        buffer_.consume(buffer_.size());
        socket_.async_read_some(buffer_.prepare(READ_BYTES),
                                [self = shared_from_this()](beast::error_code error, std::size_t) {
                                    if (error || self->phase_ == Phase::Ended) return self->end();
                                    self->linger();
                                });
    }

    void end() {
        if (std::exchange(phase_, Phase::Ended) == Phase::Ended) return;
        beast::error_code ignored;
        ignored = socket_.close(ignored);
        core_->remove(id_);
    }

    std::shared_ptr<ServerCore> core_;  // first, so that it goes last
    std::uint64_t id_ = 0;
    tcp::socket socket_;
    std::atomic<Clock::time_point> deadline_{Clock::time_point::max()};
    beast::flat_buffer buffer_;
    std::optional<bhttp::request_parser<bhttp::string_body>> parser_;
    std::optional<bhttp::response<bhttp::string_body>> response_;
    std::optional<bhttp::response_serializer<bhttp::string_body>> serializer_;  // of response_
    Phase phase_ = Phase::Waiting;
    std::uint64_t request_ = 0;
    std::string origin_, known_etags_;
    bool may_keep_ = false;
    bool is_head_ = false;
    bool wants_gzip_ = false;
    unsigned version_ = 11;
};

}  // namespace entresol::http
