// Runs a fuzz target without libFuzzer: the files of a corpus, then generated inputs. The seed is fixed, so a failure repeats.
// Usage: <target> [CORPUS_FOLDER]
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t GENERATED_INPUTS = 2000;
constexpr std::size_t MAX_INPUT_BYTES = 600;
constexpr std::size_t MAX_EDITS = 8;
// Where encodings change their meaning: RLP prefixes, transaction types, UTF-8 and ASCII punctuation, varint continuation.
constexpr std::uint8_t TELLING_BYTES[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x20, '"',  '[',  '{',  ',',  '0',  0x7e,
                                          0x7f, 0x80, 0x81, 0xa0, 0xb7, 0xb8, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xff};

class Generator {
public:
    Input make_random() {
        Input input(below(below(MAX_INPUT_BYTES) + 1));
        for (auto& byte : input) byte = some_byte();
        return input;
    }

    Input make_mutation(const Input& seed) {
        Input input = seed;
        const std::size_t edits = 1 + below(MAX_EDITS);
        for (std::size_t i = 0; i < edits; ++i) edit(input);
        return input;
    }

    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

private:
    std::uint8_t some_byte() {
        return below(2) == 0 ? TELLING_BYTES[below(std::size(TELLING_BYTES))] : static_cast<std::uint8_t>(random_());
    }

    void edit(Input& input) {
        const auto at = static_cast<std::ptrdiff_t>(below(input.size() + 1));
        switch (below(4)) {
            case 0: input.insert(input.begin() + at, some_byte()); break;
            case 1: input.resize(static_cast<std::size_t>(at)); break;
            default:
                if (at < std::ssize(input)) input[static_cast<std::size_t>(at)] = some_byte();
        }
    }

    std::mt19937_64 random_{20260101};
};

std::vector<Input> load_corpus(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(folder))
        for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<Input> corpus;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return corpus;
}

}  // namespace

int main(int argc, char** argv) {
    const auto corpus = argc > 1 ? load_corpus(argv[1]) : std::vector<Input>();
    for (const auto& input : corpus) LLVMFuzzerTestOneInput(input.data(), input.size());
    Generator generator;
    for (std::size_t i = 0; i < GENERATED_INPUTS; ++i) {
        const auto input = corpus.empty() || i % 4 == 0
                               ? generator.make_random()
                               : generator.make_mutation(corpus[generator.below(corpus.size())]);
        LLVMFuzzerTestOneInput(input.data(), input.size());
    }
    std::printf("%zu corpus files and %zu generated inputs\n", corpus.size(), GENERATED_INPUTS);
}
