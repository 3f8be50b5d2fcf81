#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/app/commands.hpp"
#include "node/app/version.hpp"

namespace entresol::app {

Command add_version_command(CLI::App& app) {
    auto* command = app.add_subcommand("version", "Print the version");
    auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "Print one JSON object");
    command->footer("Examples:\n  entresol version\n  entresol version --json");
    return [json] {
#ifdef NDEBUG
        constexpr const char* BUILD = "release";
#else
        constexpr const char* BUILD = "debug";
#endif
        const std::string version(VERSION);
        print(*json ? boost::json::serialize(boost::json::object{
                          {"name", "entresol"}, {"version", version}, {"build", BUILD}, {"compiler", __VERSION__}}) +
                          "\n"
                    : "entresol " + version + "\n");
        return 0;
    };
}

}  // namespace entresol::app
