#include "node/sequencer/prefix_list.hpp"

#include <memory>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

namespace entresol::sequencer {
namespace {

TEST(PrefixList, ACopyStaysAsItWasWhileTheListGrows) {
    PrefixList<int> list;
    std::vector<PrefixList<int>> prefixes{list};
    for (int i = 0; i < 1'000; ++i) {
        list.push_back(i);
        prefixes.push_back(list);
    }
    for (std::size_t n = 0; n < prefixes.size(); ++n) {
        ASSERT_EQ(prefixes[n].size(), n);
        ASSERT_EQ(prefixes[n].empty(), n == 0);
        int expected = 0;
        for (const int value : prefixes[n]) ASSERT_EQ(value, expected++);
        ASSERT_EQ(static_cast<std::size_t>(expected), n);
        if (n > 0) {
            ASSERT_EQ(prefixes[n].back(), static_cast<int>(n) - 1);
        }
    }
}

TEST(PrefixList, ElementsLiveAsLongAsAPrefixThatHoldsThem) {
    const auto element = std::make_shared<int>(7);
    PrefixList<std::shared_ptr<int>> prefix;
    {
        PrefixList<std::shared_ptr<int>> list;
        list.push_back(element);
        prefix = list;
    }
    EXPECT_EQ(element.use_count(), 2);
    prefix = {};
    EXPECT_EQ(element.use_count(), 1);
}

TEST(PrefixList, OneThreadAppendsWhileAnotherReadsWhatItWasHanded) {
    constexpr int COUNT = 20'000;
    std::mutex mutex;
    PrefixList<int> shown;
    std::thread writer([&] {
        PrefixList<int> list;
        for (int i = 0; i < COUNT; ++i) {
            list.push_back(i);
            const std::lock_guard lock(mutex);
            shown = list;
        }
    });
    for (std::size_t seen = 0; seen < COUNT;) {
        PrefixList<int> prefix;
        {
            const std::lock_guard lock(mutex);
            prefix = shown;
        }
        for (std::size_t i = seen; i < prefix.size(); ++i) ASSERT_EQ(prefix[i], static_cast<int>(i));
        seen = prefix.size();
    }
    writer.join();
}

}  // namespace
}  // namespace entresol::sequencer
