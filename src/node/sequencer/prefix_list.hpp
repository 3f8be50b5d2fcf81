// A list that only grows at its end and is handed out often: a copy is a prefix that never changes, shares its elements with the list it was taken
// from, and costs one pointer. One thread appends; copies are read anywhere, as long as they were handed over under a lock.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace entresol::sequencer {

template <typename T>
class PrefixList {
public:
    // To be called on the list itself only, never on a prefix that was handed out: both would write the same place.
    void push_back(T value) {
        const std::size_t place = size_ % CHUNK_SIZE;
        if (place == 0) {
            auto longer = chunks_ ? std::make_shared<Chunks>(*chunks_) : std::make_shared<Chunks>();
            longer->push_back(std::make_shared<Chunk>());
            chunks_ = std::move(longer);
        }
        (*chunks_->back())[place] = std::move(value);
        ++size_;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return (*(*chunks_)[i / CHUNK_SIZE])[i % CHUNK_SIZE]; }
    [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }

    class Iterator {
    public:
        Iterator(const PrefixList& list, std::size_t at) : list_(&list), at_(at) {}
        const T& operator*() const { return (*list_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++at_;
            return before;
        }
        bool operator==(const Iterator& o) const { return at_ == o.at_; }

        using value_type = T;
        using reference = const T&;
        using pointer = const T*;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;

    private:
        const PrefixList* list_;
        std::size_t at_;
    };
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size_}; }

private:
    static constexpr std::size_t CHUNK_SIZE = 128;
    using Chunk = std::array<T, CHUNK_SIZE>;
    using Chunks = std::vector<std::shared_ptr<Chunk>>;
    std::shared_ptr<const Chunks>
        chunks_;  // replaced when a chunk is added: prefixes keep the directory that they know
    std::size_t size_ = 0;
};

}  // namespace entresol::sequencer
