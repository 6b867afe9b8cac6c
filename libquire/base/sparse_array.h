// SparseArray: a large array of zeros of which only a small part is written. The kernel gives it memory where it is
// touched, and nobody writes the zeros.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace quire {

template <typename T>
class SparseArray {
    static_assert(std::is_arithmetic_v<T>);

public:
    explicit SparseArray(size_t size) : m_items(static_cast<T*>(std::calloc(size, sizeof(T))))
    {
        if (!m_items)
            throw std::bad_alloc();
    }
    T& operator[](size_t index) { return m_items.get()[index]; }

private:
    struct Free {
        void operator()(T* items) const { std::free(items); }
    };
    std::unique_ptr<T, Free> m_items;
};

} // namespace quire
