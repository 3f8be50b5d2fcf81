#include "minimize.hpp"

#include <algorithm>
#include <vector>

namespace entresol::fuzz {
namespace {

using StillDiffers = std::function<bool(const Case&)>;

class Minimizer {
public:
    Minimizer(Case start, const StillDiffers& still_differs) : best_(std::move(start)), still_differs_(still_differs) {}

    Case run() {
        for (bool smaller = true; smaller;) {
            smaller = drop_accounts();
            smaller |= drop_slots();
            smaller |= drop_lists();
            smaller |= shorten(best_.tx.data, [](Case& c) -> Bytes& { return c.tx.data; });
            std::vector<Address> addresses;
            for (const auto& [address, account] : best_.accounts) addresses.push_back(address);
            for (const auto& address : addresses)
                smaller |=
                    shorten(best_.accounts[address].code, [&](Case& c) -> Bytes& { return c.accounts[address].code; });
        }
        return best_;
    }

private:
    bool keep_if(const Case& candidate) {
        if (!still_differs_(candidate)) return false;
        best_ = candidate;
        return true;
    }
    bool drop_accounts() {
        bool any = false;
        const auto all = best_.accounts;
        for (const auto& [address, account] : all) {
            Case candidate = best_;
            candidate.accounts.erase(address);
            any |= keep_if(candidate);
        }
        return any;
    }
    bool drop_slots() {
        bool any = false;
        const auto all = best_.accounts;
        for (const auto& [address, account] : all)
            for (const auto& [key, value] : account.storage) {
                Case candidate = best_;
                candidate.accounts[address].storage.erase(key);
                any |= keep_if(candidate);
            }
        return any;
    }
    bool drop_lists() {
        bool any = false;
        for (std::size_t i = best_.tx.access_list.size(); i-- > 0;) {
            Case candidate = best_;
            candidate.tx.access_list.erase(candidate.tx.access_list.begin() + static_cast<std::ptrdiff_t>(i));
            any |= keep_if(candidate);
        }
        for (std::size_t i = best_.tx.authorizations.size(); i-- > 0;) {
            Case candidate = best_;
            candidate.tx.authorizations.erase(candidate.tx.authorizations.begin() + static_cast<std::ptrdiff_t>(i));
            any |= keep_if(candidate);
        }
        return any;
    }
    // From the end; then bytes replaced by JUMPDEST, so that jumps keep their places.
    template <typename Where>
    bool shorten(const Bytes& now, const Where& where) {
        bool any = false;
        for (std::size_t cut = now.size(); cut > 0; cut /= 2)
            for (;;) {
                Case candidate = best_;
                Bytes& bytes = where(candidate);
                if (bytes.size() < cut) break;
                bytes.resize(bytes.size() - cut);
                if (!keep_if(candidate)) break;
                any = true;
            }
        constexpr std::uint8_t JUMPDEST = 0x5b;
        for (std::size_t size : {16U, 4U, 1U})
            for (std::size_t at = 0; at + size <= where(best_).size(); at += size) {
                Case candidate = best_;
                Bytes& bytes = where(candidate);
                const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
                if (std::all_of(begin, begin + static_cast<std::ptrdiff_t>(size), [](auto b) { return b == JUMPDEST; }))
                    continue;
                std::fill_n(begin, size, JUMPDEST);
                any |= keep_if(candidate);
            }
        return any;
    }

    Case best_;
    const StillDiffers& still_differs_;
};

}  // namespace

Case minimize(Case given, const StillDiffers& still_differs) {
    return Minimizer(std::move(given), still_differs).run();
}

}  // namespace entresol::fuzz
