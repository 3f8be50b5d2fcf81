// What the headers of the C++ library leave to its binary: balancing of ordered maps, bucket counts of hash tables, counters of shared pointers, and ends
// for what would throw. One thread, no exceptions.
#include <map>
#include <memory>
#include <unordered_map>

#include "guest/machine_calls.hpp"

namespace {

using Node = std::_Rb_tree_node_base;

[[noreturn]] void fail_check() { entresol::guest::stop(entresol::guest::ExitCode::CheckFailed); }

/// Turns the edge between a node and its right (or left) child round; the header's parent is the root.
void rotate(Node* node, bool left, Node*& root) {
    Node*& up = left ? node->_M_right : node->_M_left;
    Node* const child = up;
    Node*& down = left ? child->_M_left : child->_M_right;
    up = down;
    if (down != nullptr) down->_M_parent = node;
    child->_M_parent = node->_M_parent;
    if (node == root)
        root = child;
    else if (node == node->_M_parent->_M_left)
        node->_M_parent->_M_left = child;
    else
        node->_M_parent->_M_right = child;
    down = node;
    node->_M_parent = child;
}

/// Cormen et al., Introduction to Algorithms, 13.3.
void rebalance(Node* node, Node*& root) {
    while (node != root && node->_M_parent->_M_color == std::_S_red) {
        Node* const grandparent = node->_M_parent->_M_parent;
        const bool on_left = node->_M_parent == grandparent->_M_left;
        Node* const uncle = on_left ? grandparent->_M_right : grandparent->_M_left;
        if (uncle != nullptr && uncle->_M_color == std::_S_red) {
            node->_M_parent->_M_color = std::_S_black;
            uncle->_M_color = std::_S_black;
            grandparent->_M_color = std::_S_red;
            node = grandparent;
            continue;
        }
        if (node == (on_left ? node->_M_parent->_M_right : node->_M_parent->_M_left)) {
            node = node->_M_parent;
            rotate(node, on_left, root);
        }
        node->_M_parent->_M_color = std::_S_black;
        grandparent->_M_color = std::_S_red;
        rotate(grandparent, !on_left, root);
    }
    root->_M_color = std::_S_black;
}

Node* successor(Node* node) {
    if (node->_M_right != nullptr) {
        node = node->_M_right;
        while (node->_M_left != nullptr) node = node->_M_left;
        return node;
    }
    Node* parent = node->_M_parent;
    while (node == parent->_M_right) {
        node = parent;
        parent = parent->_M_parent;
    }
    return node->_M_right == parent ? node : parent;  // from the root of a tree of one to its header
}

Node* predecessor(Node* node) {
    const bool is_header =
        node->_M_color == std::_S_red && node->_M_parent != nullptr && node->_M_parent->_M_parent == node;
    if (is_header) return node->_M_right;
    if (node->_M_left != nullptr) {
        node = node->_M_left;
        while (node->_M_right != nullptr) node = node->_M_right;
        return node;
    }
    Node* parent = node->_M_parent;
    while (node == parent->_M_left) {
        node = parent;
        parent = parent->_M_parent;
    }
    return parent;
}

}  // namespace

namespace std {

_Rb_tree_node_base* _Rb_tree_increment(_Rb_tree_node_base* node) throw() { return successor(node); }
const _Rb_tree_node_base* _Rb_tree_increment(const _Rb_tree_node_base* node) throw() {
    return successor(const_cast<_Rb_tree_node_base*>(node));
}
_Rb_tree_node_base* _Rb_tree_decrement(_Rb_tree_node_base* node) throw() { return predecessor(node); }
const _Rb_tree_node_base* _Rb_tree_decrement(const _Rb_tree_node_base* node) throw() {
    return predecessor(const_cast<_Rb_tree_node_base*>(node));
}

void _Rb_tree_insert_and_rebalance(bool insert_left, _Rb_tree_node_base* node, _Rb_tree_node_base* parent,
                                   _Rb_tree_node_base& header) throw() {
    node->_M_parent = parent;
    node->_M_left = nullptr;
    node->_M_right = nullptr;
    node->_M_color = _S_red;
    if (insert_left) {
        parent->_M_left = node;  // of an empty tree: also the leftmost
        if (parent == &header) {
            header._M_parent = node;
            header._M_right = node;
        } else if (parent == header._M_left) {
            header._M_left = node;
        }
    } else {
        parent->_M_right = node;
        if (parent == header._M_right) header._M_right = node;
    }
    rebalance(node, header._M_parent);
}

namespace __detail {

// Powers of two less one: odd, and what hashes have in their low bits stays apart. A table holds as many elements as buckets.
size_t _Prime_rehash_policy::_M_next_bkt(size_t wanted) const {
    size_t buckets = 7;
    while (buckets < wanted) buckets = 2 * buckets + 1;
    _M_next_resize = buckets;
    return buckets;
}

pair<bool, size_t> _Prime_rehash_policy::_M_need_rehash(size_t buckets, size_t elements, size_t more) const {
    if (elements + more <= _M_next_resize) return {false, 0};
    if (elements + more <= buckets) {
        _M_next_resize = buckets;
        return {false, 0};
    }
    return {true, _M_next_bkt(elements + more > 2 * buckets ? elements + more : 2 * buckets)};
}

}  // namespace __detail

bool _Sp_make_shared_tag::_S_eq(const type_info&) noexcept {
    return false;
}  // only asked where there is type information

void __throw_length_error(const char*) { fail_check(); }
void __throw_logic_error(const char*) { fail_check(); }
void __throw_out_of_range(const char*) { fail_check(); }
void __throw_out_of_range_fmt(const char*, ...) { fail_check(); }
void __throw_bad_alloc() { fail_check(); }
void __throw_bad_array_new_length() { fail_check(); }
void __throw_bad_function_call() { fail_check(); }

}  // namespace std

namespace __gnu_cxx {
int __exchange_and_add(volatile int* value, int change) throw() {
    const int before = *value;
    *value = before + change;
    return before;
}
void __atomic_add(volatile int* value, int change) throw() { *value = *value + change; }
}  // namespace __gnu_cxx

extern "C" char __libc_single_threaded;
char __libc_single_threaded = 1;
