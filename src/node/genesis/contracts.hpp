// The compiled contracts and the deployment plan that the build put into the program (contracts/README.md describes both).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

#include <boost/json/object.hpp>

namespace entresol::genesis {

struct Contract {
    Bytes initcode;
    Bytes runtime;
    std::vector<std::string> constructor_types;
};

struct SystemContract {
    Address address;
    Bytes code;
    bool on_l1 = false;
    bool on_l2 = false;
};

struct Contracts {
    std::map<std::string, Contract> by_name;
    boost::json::object plan;
    std::vector<SystemContract> system;
};

/// Throws std::runtime_error when the program was built without them.
[[nodiscard]] Contracts load_contracts();

}  // namespace entresol::genesis
