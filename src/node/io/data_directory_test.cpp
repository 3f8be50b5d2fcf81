#include "node/io/data_directory.hpp"

#include <filesystem>
#include <fstream>
#include <optional>

#include <unistd.h>

#include <gtest/gtest.h>

#include "node/io/failure.hpp"

namespace entresol::io {
namespace {

class DataDirectoryTest : public ::testing::Test {
public:
    DataDirectoryTest() {
        std::string name = (std::filesystem::temp_directory_path() / "entresol_data_XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    ~DataDirectoryTest() override { std::filesystem::remove_all(folder_); }

protected:
    static std::string error_of(const std::string& path) {
        try {
            const DataDirectory held(path);
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.kind(), FailureKind::Datadir);
            return failure.what();
        }
        return "";
    }
    std::filesystem::path folder_;
};

TEST_F(DataDirectoryTest, IsMadeWithItsParentsAndHeldByOne) {
    const auto path = (folder_ / "a" / "b").string();
    {
        const DataDirectory held(path);
        EXPECT_NE(error_of(path).find("in use by another process (" + std::to_string(::getpid()) + ")"),
                  std::string::npos);
    }
    EXPECT_EQ(error_of(path), "");  // let go
}

TEST_F(DataDirectoryTest, AFileIsNoFolder) {
    const auto path = (folder_ / "file").string();
    std::ofstream(path) << "x";
    EXPECT_NE(error_of(path + "/data").find(path), std::string::npos);
    EXPECT_NE(error_of(path), "");
}

}  // namespace
}  // namespace entresol::io
