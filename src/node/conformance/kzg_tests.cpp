#include "node/conformance/kzg_tests.hpp"

#include <map>
#include <stdexcept>

#include "core/crypto/kzg.hpp"
#include "node/conformance/fields.hpp"

namespace entresol::conformance {
namespace {

// As much YAML as these files use: "key: value" and lists of scalars, at most two deep. Scalars lose their quotes.
using List = std::vector<std::string>;
struct Document {
    std::map<std::string, List> input;  // a scalar is a list of one
    std::vector<List> output;           // lists of lists; a scalar or a plain list is the first
};

std::string unquoted(std::string_view word) {
    while (!word.empty() && (word.front() == ' ' || word.front() == '\'')) word.remove_prefix(1);
    while (!word.empty() && (word.back() == ' ' || word.back() == '\'' || word.back() == '\r')) word.remove_suffix(1);
    return std::string(word);
}

class YamlReader {
public:
    void read_line(std::string_view line) {
        const auto indent = line.find_first_not_of(' ');
        if (indent == std::string_view::npos) return;
        const auto word = line.substr(indent);
        if (word.starts_with("- - ")) return start_inner(word.substr(4));
        if (word.starts_with("- ")) return add(unquoted(word.substr(2)));
        const auto colon = word.find(':');
        if (colon == std::string_view::npos || word.starts_with('\'')) return;  // the rest of a flow list
        begin(std::string(word.substr(0, colon)), indent == 0, unquoted(word.substr(colon + 1)));
    }
    Document document;

private:
    void begin(const std::string& key, bool is_top, const std::string& value) {
        is_output_ = is_top && key == "output";
        if (is_top && !is_output_ && key != "input") throw std::runtime_error("neither input nor output: " + key);
        if (!is_top) key_ = key;
        if (is_output_) document.output.emplace_back();
        if (!is_output_ && !is_top) document.input[key_];
        if (!value.empty() && value != "[]") add(value);
    }
    void start_inner(std::string_view word) {
        if (is_output_ && !document.output.back().empty()) document.output.emplace_back();
        add(unquoted(word));
    }
    void add(std::string value) {
        if (is_output_)
            document.output.back().push_back(std::move(value));
        else
            document.input[key_].push_back(std::move(value));
    }

    std::string key_;
    bool is_output_ = false;
};

Document read_document(const std::filesystem::path& file) {
    YamlReader reader;
    const std::string content = load_file(file);
    for (std::size_t start = 0; start < content.size();) {
        const auto end = std::min(content.find('\n', start), content.size());
        reader.read_line(std::string_view(content).substr(start, end - start));
        start = end + 1;
    }
    if (reader.document.output.empty() || reader.document.output[0].empty())
        throw std::runtime_error("no output in this YAML");
    return std::move(reader.document);
}

// Vectors hold arguments of wrong lengths: they must be refused like all that is malformed, which the suite writes as null.
template <typename T>
std::optional<T> fixed(const std::string& word) {
    return parse_fixed<T>(word);
}
std::optional<Bytes> blob(const std::string& word) {
    auto bytes = parse_hex(word);
    if (!bytes || bytes->size() != crypto::BYTES_PER_BLOB) return std::nullopt;
    return bytes;
}
const std::string& only(const Document& document, const char* name) {
    const auto it = document.input.find(name);
    if (it == document.input.end() || it->second.size() != 1) throw std::runtime_error(std::string("no ") + name);
    return it->second[0];
}
const List& list(const Document& document, const char* name) {
    const auto it = document.input.find(name);
    if (it == document.input.end()) throw std::runtime_error(std::string("no ") + name);
    return it->second;
}

// Answers are the suite's words: a hexadecimal text, true, false; null where the arguments are refused.
using Answer = std::vector<List>;
Answer word(std::string text) { return {{std::move(text)}}; }
Answer refused() { return word("null"); }
// verify_* here say false to what is malformed, where the suite distinguishes null.
Answer verdict(bool is_valid) { return word(is_valid ? "true" : "not true"); }

const crypto::Kzg& kzg() {
    static const auto setup = crypto::Kzg::ceremony();
    return setup;
}

Answer commit(const Document& document) {
    const auto data = blob(only(document, "blob"));
    const auto commitment = data ? kzg().commit(*data) : std::nullopt;
    return commitment ? word(to_hex(*commitment)) : refused();
}

Answer prove_blob(const Document& document) {
    const auto data = blob(only(document, "blob"));
    const auto commitment = fixed<crypto::KzgCommitment>(only(document, "commitment"));
    const auto proof = data && commitment ? kzg().prove_blob(*data, *commitment) : std::nullopt;
    return proof ? word(to_hex(*proof)) : refused();
}

bool verify_one(const std::string& data_text, const std::string& commitment_text, const std::string& proof_text) {
    const auto data = blob(data_text);
    const auto commitment = fixed<crypto::KzgCommitment>(commitment_text);
    const auto proof = fixed<crypto::KzgProof>(proof_text);
    return data && commitment && proof && kzg().verify_blob(*data, *commitment, *proof);
}
Answer verify_blob(const Document& document) {
    return verdict(verify_one(only(document, "blob"), only(document, "commitment"), only(document, "proof")));
}
Answer verify_blobs(const Document& document) {
    const auto &blobs = list(document, "blobs"), &commitments = list(document, "commitments"),
               &proofs = list(document, "proofs");
    bool is_valid = blobs.size() == commitments.size() && blobs.size() == proofs.size();
    for (std::size_t i = 0; is_valid && i < blobs.size(); ++i)
        is_valid = verify_one(blobs[i], commitments[i], proofs[i]);
    return verdict(is_valid);
}
Answer verify_point(const Document& document) {
    const auto commitment = fixed<crypto::KzgCommitment>(only(document, "commitment"));
    const auto z = fixed<Hash32>(only(document, "z")), y = fixed<Hash32>(only(document, "y"));
    const auto proof = fixed<crypto::KzgProof>(only(document, "proof"));
    return verdict(commitment && z && y && proof && crypto::verify_kzg_proof(*commitment, *z, *y, *proof));
}
// The second list of the output; the cells themselves are not an operation here.
Answer prove_cells(const Document& document) {
    const auto data = blob(only(document, "blob"));
    const auto proofs = data ? kzg().compute_cell_proofs(*data) : std::nullopt;
    if (!proofs) return refused();
    List out;
    for (std::size_t i = 0; i + crypto::KzgProof::SIZE <= proofs->size(); i += crypto::KzgProof::SIZE)
        out.push_back(to_hex(ByteView(*proofs).subspan(i, crypto::KzgProof::SIZE)));
    return {{}, std::move(out)};
}

struct Operation {
    std::string_view folder;
    Answer (*run)(const Document&);
};
constexpr Operation OPERATIONS[] = {
    {"blob_to_kzg_commitment", commit},
    {"compute_blob_kzg_proof", prove_blob},
    {"compute_cells_and_kzg_proofs", prove_cells},
    {"verify_blob_kzg_proof", verify_blob},
    {"verify_blob_kzg_proof_batch", verify_blobs},
    {"verify_kzg_proof", verify_point},
};
constexpr std::string_view OTHERS[] = {
    "compute_cells",
    "compute_challenge",
    "compute_kzg_proof",
    "compute_verify_cell_kzg_proof_batch_challenge",
    "recover_cells_and_kzg_proofs",
    "verify_cell_kzg_proof_batch",
};

bool agrees(const Answer& found, const std::vector<List>& expected) {
    if (found == word("not true")) return expected == word("false") || expected == refused();
    if (found.size() == 2) return expected.size() == 2 && expected[1] == found[1];
    return found == expected;
}

}  // namespace

std::vector<CaseResult> run_kzg_test(const std::filesystem::path& file) {
    // …/OPERATION/PRESET/CASE/data.yaml
    const auto folder = file.parent_path();
    const auto operation = folder.parent_path().parent_path().filename().string();
    const auto name = folder.filename().string();
    for (const auto& other : OTHERS)
        if (operation == other) return {make_skipped(name, "this program has no operation " + operation)};
    for (const auto& row : OPERATIONS) {
        if (operation != row.folder) continue;
        const auto document = read_document(file);
        const auto found = row.run(document);
        return {make_result(name, {}, {}, agrees(found, document.output) ? "" : "another answer: " + found[0][0])};
    }
    throw std::runtime_error("no KZG operation is called " + operation);
}

}  // namespace entresol::conformance
