#include "node/app/chain_file_option.hpp"

#include <fstream>
#include <iterator>

#include "node/io/failure.hpp"

namespace entresol::app {

genesis::ChainFile load_chain_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw io::Failure(io::FailureKind::Usage, "cannot read the chain file " + path);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    auto parsed = genesis::parse_chain_file(text);
    if (!parsed) throw io::Failure(io::FailureKind::Usage, path + ": " + parsed.error());
    return std::move(*parsed);
}

}  // namespace entresol::app
