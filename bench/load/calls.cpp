#include "calls.hpp"

#include <memory>
#include <stdexcept>

#include "connection.hpp"
#include "process.hpp"

namespace entresol::load {

Called call_repeatedly(const CallOptions& options) {
    std::string body;
    for (std::size_t i = 0; i < options.batch; ++i) {
        if (options.batch > 1) body += i == 0 ? '[' : ',';
        body += R"({"jsonrpc":"2.0","id":)" + std::to_string(i + 1) + R"(,"method":")" + options.method +
                R"(","params":[)" + options.params + "]}";
    }
    if (options.batch > 1) body += ']';
    std::vector<std::unique_ptr<Connection>> connections;
    std::vector<Connection*> all;
    for (std::size_t i = 0; i < options.connections; ++i) {
        connections.push_back(std::make_unique<Connection>(options.port));
        all.push_back(connections.back().get());
    }
    Called out;
    std::vector<bool> ready;
    const double server_before = cpu_s(options.server), own_before = cpu_s(0), began = now_s();
    for (auto* connection : all) connection->send(body);
    while (now_s() - began < options.seconds) {
        wait_for_any(all, 1000, ready);
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!ready[i] || !all[i]->advance()) continue;
            if (all[i]->answer().find(R"("error":)") != std::string_view::npos)
                throw std::runtime_error(std::string(all[i]->answer().substr(0, 300)));
            out.calls += options.batch;
            all[i]->send(body);
        }
    }
    out.seconds = now_s() - began;
    out.server_cpu_s = cpu_s(options.server) - server_before;
    out.generator_cpu_s = cpu_s(0) - own_before;
    return out;
}

}  // namespace entresol::load
