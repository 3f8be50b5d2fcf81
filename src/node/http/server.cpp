// The one place where Beast is compiled for the server: it takes most of a minute.
#include "node/http/server.hpp"

#include "node/http/connection.hpp"
#include "node/io/failure.hpp"

namespace entresol::http {
namespace {

constexpr milliseconds ACCEPT_BACKOFF(50), TICK(250), STOPPING_TICK(50);

std::string cannot_listen(const ServerOptions& options, const boost::system::error_code& error) {
    const auto port = std::to_string(options.port);
    if (error == asio::error::address_in_use)
        return "port " + port + " of " + options.host + " is already in use by another program";
    if (error == asio::error::access_denied) return "this user may not listen on port " + port;
    if (error == boost::system::errc::address_not_available) return options.host + " is no address of this machine";
    return "cannot listen on " + options.host + ":" + port + ": " + error.message();
}

}  // namespace

void ServerCore::start() {
    beast::error_code error;
    const auto address = asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
    if (error) throw io::Failure(io::FailureKind::Listen, "not an IP address to listen on: " + options.host);
    on_loopback_ = address.is_loopback();
    const tcp::endpoint endpoint(address, options.port);
    try {
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(asio::socket_base::reuse_address(true));
        acceptor_.bind(endpoint);
        acceptor_.listen(asio::socket_base::max_listen_connections);
        port = acceptor_.local_endpoint().port();
    } catch (const boost::system::system_error& problem) {
        throw io::Failure(io::FailureKind::Listen, cannot_listen(options, problem.code()), options.port);
    }
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] { self->accept(); });
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i) threads_.emplace_back([this] { io_.run(); });
}

void ServerCore::accept() {
    if (stopping) return;
    acceptor_.async_accept(asio::make_strand(io_),
                           [self = shared_from_this()](beast::error_code error, tcp::socket socket) {
                               if (self->stopping) return;
                               if (error) {  // out of file descriptors, most likely: asking again at once would spin
                                   self->backoff_.expires_after(ACCEPT_BACKOFF);
                                   return self->backoff_.async_wait([self](beast::error_code) { self->accept(); });
                               }
                               beast::error_code ignored;
                               ignored = socket.set_option(tcp::no_delay(true), ignored);
                               const auto connection = std::make_shared<Connection>(self, std::move(socket));
                               if (const auto id = self->add(connection)) connection->run(*id);
                               self->accept();
                           });
}

void ServerCore::tick() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
        self->ticks_.expires_after(self->stopping ? STOPPING_TICK : TICK);
        self->ticks_.async_wait([self](beast::error_code error) {  // also when stop() ends the wait
            if (!error || self->stopping) self->on_tick();
        });
    });
}

void ServerCore::on_tick() {
    const auto now = Clock::now();
    for (const auto& peer : peers()) peer->check_deadline(now);
    const std::lock_guard lock(mutex_);
    is_ticking_ = !peers_.empty();
    if (is_ticking_) tick();
}

void ServerCore::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping.exchange(true)) return;
    }
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
        beast::error_code ignored;
        ignored = self->acceptor_.close(ignored);
        self->backoff_.cancel();
        self->ticks_.cancel();
    });
    if (threads_.empty()) return;  // never started
    for (const auto& peer : peers()) peer->begin_shutdown();
    wait_until_gone(milliseconds(options.shutdown_grace_ms));
    for (const auto& peer : peers()) peer->abort();
    wait_until_gone(seconds(1));
    work_.reset();
    io_.stop();
    for (auto& thread : threads_) thread.join();
    ticks_.cancel();
    std::unordered_map<std::uint64_t, std::shared_ptr<Peer>> last;  // no tick asks for another
    {
        const std::lock_guard lock(mutex_);
        last.swap(peers_);
    }
    // What was cancelled still holds its connection, and that this object: let it run out.
    io_.restart();
    io_.poll();
    handlers = {};
}

Server::Server(ServerOptions options, Handlers handlers)
    : core_(std::make_shared<ServerCore>(std::move(options), std::move(handlers))) {}
Server::~Server() { stop(); }
void Server::start() { core_->start(); }
std::uint16_t Server::port() const { return core_->port; }
void Server::stop() { core_->stop(); }

}  // namespace entresol::http
