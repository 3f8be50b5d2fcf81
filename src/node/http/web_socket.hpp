// One WebSocket of a server. Includes Beast: for server.cpp alone.
#pragma once

#include <deque>

#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "node/http/server_core.hpp"
#include "node/io/log.hpp"

namespace entresol::http {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

// Members are touched on its strand only, but for the atomic ones.
class WebSocket final : public WebSocketSession, public Peer, public std::enable_shared_from_this<WebSocket> {
public:
    WebSocket(std::shared_ptr<ServerCore> core, beast::tcp_stream stream, std::uint64_t id)
        : core_(std::move(core)), id_(id), ws_(std::move(stream)) {}

    void run(const bhttp::request<bhttp::string_body>& request) {
        beast::get_lowest_layer(ws_).expires_never();
        auto timeouts = beast::websocket::stream_base::timeout::suggested(beast::role_type::server);
        timeouts.idle_timeout = seconds(core_->options.idle_timeout_s);
        timeouts.keep_alive_pings = true;
        ws_.set_option(timeouts);
        ws_.auto_fragment(false);
        ws_.read_message_max(core_->options.max_message_bytes);
        ws_.async_accept(request, [self = shared_from_this()](beast::error_code error) {
            if (error) return self->finish();
            self->is_open_ = true;
            self->read();
        });
    }

    void send(std::string message) override {
        if (closed_) return;
        const auto size = message.size();
        const auto bytes_before = queued_bytes_.fetch_add(size);
        const auto messages_before = queued_messages_.fetch_add(1);
        if (messages_before >= core_->options.max_queued_messages ||
            (messages_before > 0 && bytes_before + size > core_->options.max_queued_bytes))
            return abort();
        // A weak reference: what is still queued when the server has stopped must not keep it alive.
        asio::post(ws_.get_executor(), [weak = weak_from_this(), message = std::move(message)]() mutable {
            const auto self = weak.lock();
            if (self == nullptr || self->closed_) return;
            self->queue_.push_back(std::move(message));
            if (self->queue_.size() == 1) self->write();
        });
    }
    void close() override { begin_shutdown(); }
    [[nodiscard]] std::uint64_t id() const override { return id_; }

    void begin_shutdown() override {
        asio::post(ws_.get_executor(), [self = shared_from_this()] {
            if (self->closed_) return;
            if (!self->is_open_) return self->finish();  // in the handshake
            self->ws_.async_close(beast::websocket::close_code::going_away,
                                  [self](beast::error_code) { self->finish(); });
        });
    }
    void abort() override {
        asio::post(ws_.get_executor(), [self = shared_from_this()] { self->finish(); });
    }

private:
    void read() {
        ws_.async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (error) return self->finish();
            self->on_message(beast::buffers_to_string(self->buffer_.data()));
        });
    }
    void on_message(std::string message) {
        buffer_.consume(buffer_.size());
        try {
            core_->handlers.message(shared_from_this(), std::move(message));
        } catch (const std::exception& problem) {
            io::log_error("http", std::string("a WebSocket message could not be handled: ") + problem.what());
            return finish();
        }
        // Who does not read its answers is not read from: TCP makes it wait.
        is_held_back_ = is_queue_half_full();
        if (!is_held_back_) read();
    }
    [[nodiscard]] bool is_queue_half_full() const {
        return queued_messages_ > core_->options.max_queued_messages / 2 ||
               queued_bytes_ > core_->options.max_queued_bytes / 2;
    }
    void write() {
        ws_.text(true);
        ws_.async_write(asio::buffer(queue_.front()),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                            if (error) return self->finish();
                            self->queued_bytes_ -= self->queue_.front().size();
                            --self->queued_messages_;
                            self->queue_.pop_front();
                            if (!self->queue_.empty()) self->write();
                            if (self->is_held_back_ && !self->is_queue_half_full()) {
                                self->is_held_back_ = false;
                                self->read();
                            }
                        });
    }
    void finish() {
        if (closed_.exchange(true)) return;
        beast::get_lowest_layer(ws_).close();
        core_->remove(id_);
        if (!is_open_ || !core_->handlers.closed) return;
        try {
            core_->handlers.closed(id_);
        } catch (const std::exception& problem) {
            io::log_error("http", std::string("the end of a WebSocket could not be handled: ") + problem.what());
        }
    }

    std::shared_ptr<ServerCore> core_;  // first, so that it goes last
    const std::uint64_t id_;
    beast::websocket::stream<beast::tcp_stream> ws_;
    beast::flat_buffer buffer_;
    std::deque<std::string> queue_;
    bool is_open_ = false;
    bool is_held_back_ = false;
    std::atomic<bool> closed_{false};
    std::atomic<std::size_t> queued_bytes_{0};  // also what is on its way to queue_
    std::atomic<std::size_t> queued_messages_{0};
};

}  // namespace entresol::http
