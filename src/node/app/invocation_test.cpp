#include "node/app/invocation.hpp"

#include <gtest/gtest.h>

#include "node/app/completion.hpp"
#include "node/app/config_file.hpp"
#include "node/app/print_config.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

Flag number(const char* name, const char* value) {
    return {.name = name,
            .description = "",
            .type = "UINT",
            .default_value = value,
            .choices = {},
            .kind = ValueKind::Number};
}
Flag truth(const char* name) {
    return {.name = name, .description = "", .type = "", .default_value = "", .choices = {}};
}

// entresol (serve | key (new)), smaller than the real one.
CommandInfo catalogue() {
    auto config = number("config", "");
    config.kind = ValueKind::File;
    config.is_setting = false;
    auto help = truth("help");
    help.is_setting = false;
    const CommandInfo serve{.path = {"serve"},
                            .description = "Serve",
                            .footer = "",
                            .flags = {help, number("port", "1"), number("depth", "2"), truth("fast"), config},
                            .arguments = {},
                            .commands = {}};
    const CommandInfo make{.path = {"key", "new"},
                           .description = "New",
                           .footer = "",
                           .flags = {help, truth("fast")},
                           .arguments = {{"FILE", "", {}, ValueKind::File}},
                           .commands = {}};
    const CommandInfo key{
        .path = {"key"}, .description = "Keys", .footer = "", .flags = {help}, .arguments = {}, .commands = {make}};
    return {.path = {}, .description = "", .footer = "", .flags = {help}, .arguments = {}, .commands = {serve, key}};
}

const char* empty_environment(const char*) { return nullptr; }
const char* some_environment(const char* name) {
    const std::string_view asked(name);
    return asked == "ENTRESOL_PORT" ? "70" : asked == "ENTRESOL_DEPTH" ? "" : nullptr;
}

std::string error_of(const std::vector<std::string>& words) {
    try {
        (void)read_invocation(catalogue(), words, empty_environment);
    } catch (const io::Failure& failure) {
        EXPECT_EQ(failure.kind(), io::FailureKind::Usage);
        return failure.what();
    }
    return "";
}

std::string parse_error_of(std::string_view text) {
    try {
        (void)parse_config("f", text, catalogue());
    } catch (const io::Failure& failure) {
        return failure.what();
    }
    return "";
}

TEST(InvocationTest, FlagsMayStandBeforeTheirCommand) {
    const auto root = catalogue();
    const auto call = read_invocation(root, {"--port", "5", "serve", "--fast"}, empty_environment);
    EXPECT_EQ(call.command->title(), "entresol serve");
    EXPECT_EQ(call.words, (std::vector<std::string>{"serve", "--port", "5", "--fast"}));
}

TEST(InvocationTest, AValueIsNoCommand) {
    const auto root = catalogue();
    EXPECT_EQ(read_invocation(root, {"--port", "key", "serve"}, empty_environment).command->title(), "entresol serve");
    EXPECT_EQ(read_invocation(root, {"key", "new", "serve"}, empty_environment).words,
              (std::vector<std::string>{"key", "new", "serve"}));
}

TEST(InvocationTest, TheEnvironmentAddsWhatNoFlagGave) {
    const auto root = catalogue();
    const auto call = read_invocation(root, {"serve"}, some_environment);
    EXPECT_EQ(call.words, (std::vector<std::string>{"serve", "--port=70"}));
    EXPECT_EQ(call.source_of("port").source, Source::Environment);
    EXPECT_EQ(call.source_of("depth").source, Source::Default) << "empty is as not set";
    const auto flag = read_invocation(root, {"serve", "--port=5"}, some_environment);
    EXPECT_EQ(flag.words, (std::vector<std::string>{"serve", "--port=5"}));
    EXPECT_EQ(flag.source_of("port").source, Source::Flag);
}

TEST(InvocationTest, HelpDropsAllElse) {
    const auto root = catalogue();
    for (const auto& words :
         {std::vector<std::string>{"serve", "--port", "x", "--help"}, {"help", "serve"}, {"serve", "-h"}}) {
        const auto call = read_invocation(root, words, some_environment);
        EXPECT_TRUE(call.wants_help);
        EXPECT_EQ(call.words, (std::vector<std::string>{"serve", "--help"}));
    }
}

TEST(InvocationTest, MistakesAreNamed) {
    EXPECT_EQ(error_of({}), "'entresol' needs a command\none of: serve key");
    EXPECT_EQ(error_of({"--fast"}), "'entresol' needs a command\none of: serve key");
    EXPECT_EQ(error_of({"key"}), "'entresol key' needs a command\none of: new");
    EXPECT_EQ(error_of({"sevre"}), "'entresol' has no command 'sevre'\ndid you mean serve?");
    EXPECT_EQ(error_of({"serve", "--prot"}), "'entresol serve' has no flag --prot\ndid you mean --port?");
    EXPECT_EQ(error_of({"key", "new", "--port=1"}), "'entresol key new' has no flag --port");
}

TEST(ConfigFileTest, ATablePerCommandAndTheTopForAll) {
    const auto file = parse_config(
        "f", "fast = true\nport = 1\n[serve]\nport = 2\ndepth = [3, 4]\n[key.new]\nfast = false\n", catalogue());
    EXPECT_EQ(file.find({"serve"}, "port")->values, (std::vector<std::string>{"2"}));
    EXPECT_EQ(file.find({"serve"}, "port")->line, 4U);
    EXPECT_EQ(file.find({"serve"}, "depth")->values, (std::vector<std::string>{"3", "4"}));
    EXPECT_EQ(file.find({"serve"}, "fast")->values, (std::vector<std::string>{"true"}));
    EXPECT_EQ(file.find({"key", "new"}, "fast")->values, (std::vector<std::string>{"false"}));
    EXPECT_EQ(file.find({"serve"}, "help"), nullptr);
}

TEST(ConfigFileTest, WhatNoCommandKnowsIsRefusedWithItsLine) {
    EXPECT_EQ(parse_error_of("\n[serve]\nprot = 1\n"),
              "f, line 3: 'prot' is no setting of entresol serve\ndid you mean port?");
    EXPECT_EQ(parse_error_of("[serv]\n"), "f, line 1: no command is called 'serv'\ndid you mean serve?");
    EXPECT_EQ(parse_error_of("[key.nwe]\n"), "f, line 1: no command is called 'nwe'\ndid you mean new?");
    EXPECT_NE(parse_error_of("[serve]\nconfig = 'x'\n"), "");
    EXPECT_NE(parse_error_of("[serve]\nport = 1\nport = 2\n").find("line 3"), std::string::npos);
    EXPECT_NE(parse_error_of("[serve]\nport = 12:00:00\n").find("line 2"), std::string::npos);
}

TEST(CompletionTest, FollowsCommandFlagAndValue) {
    const auto root = catalogue();
    const auto words = [&](const std::vector<std::string>& typed) { return complete(root, typed); };
    EXPECT_EQ(words({"s"}), (std::vector<std::string>{"serve\tServe"}));
    EXPECT_EQ(words({"key", "n"}), (std::vector<std::string>{"new\tNew"}));
    EXPECT_EQ(words({"key", "new", ""}), (std::vector<std::string>{":file"}));
    EXPECT_EQ(words({"serve", "--port", ""}), (std::vector<std::string>{}));
    EXPECT_EQ(words({"serve", "--port", "1", "--f"}), (std::vector<std::string>{"--fast\t"}));
    EXPECT_EQ(words({"serve", "--config="}), (std::vector<std::string>{":file"}));
    EXPECT_EQ(words({"nothing", "--f"}), (std::vector<std::string>{}));
    EXPECT_FALSE(words({}).empty());
}

TEST(PrintConfigTest, SaysValueAndSource) {
    const auto root = catalogue();
    const auto text = print_config_toml(read_invocation(root, {"serve", "--fast"}, some_environment));
    EXPECT_NE(text.find("[serve]\n"), std::string::npos);
    EXPECT_NE(text.find("port = 70 "), std::string::npos) << text;
    EXPECT_NE(text.find("# environment: ENTRESOL_PORT"), std::string::npos);
    EXPECT_NE(text.find("depth = 2 "), std::string::npos);
    EXPECT_NE(text.find("fast = true "), std::string::npos);
    EXPECT_EQ(parse_config("f", text, root).entries.size(), 3U) << "it can be read back";
}

}  // namespace
}  // namespace entresol::app
