// Matrix products small enough to live in the first two cache levels, for use inside one thread: libtorch's own go
// through MKL, which costs more to enter than such a product takes.
#pragma once

#include <cstdint>

#include "math.h"

namespace lucie {

// Rows of a tile: with two vectors of columns, 16 accumulators of AVX-512's 32 registers, 8 of the 16 elsewhere.
inline constexpr int kTileRows = kVectorBytes == 64 ? 8 : 4;

// A where and how: element (m, k) lies at data[m * row + k * column].
template <typename T>
struct Strided {
  const T* data;
  int64_t row, column;
};

template <typename T, int Rows, int Vectors>
[[gnu::always_inline]] inline void tile(int64_t depth, Strided<T> a, const T* b, int64_t bRow, T* c, int64_t cRow, bool add) {
  Vector<T> sums[Rows][Vectors];
  for (int m = 0; m < Rows; m++)
    for (int v = 0; v < Vectors; v++)
      sums[m][v] = add ? *reinterpret_cast<const Vector<T>*>(c + m * cRow + v * kLanes<T>) : Vector<T>{};
  for (int64_t k = 0; k < depth; k++) {
    Vector<T> columns[Vectors];
    for (int v = 0; v < Vectors; v++) columns[v] = *reinterpret_cast<const Vector<T>*>(b + k * bRow + v * kLanes<T>);
    for (int m = 0; m < Rows; m++) {
      const T factor = a.data[m * a.row + k * a.column];
      for (int v = 0; v < Vectors; v++) sums[m][v] += factor * columns[v];
    }
  }
  for (int m = 0; m < Rows; m++)
    for (int v = 0; v < Vectors; v++) *reinterpret_cast<Vector<T>*>(c + m * cRow + v * kLanes<T>) = sums[m][v];
}

template <typename T, int Vectors>
inline void panel(int64_t rows, int64_t depth, Strided<T> a, const T* b, int64_t bRow, T* c, int64_t cRow, bool add) {
  int64_t m = 0;
  for (; m + kTileRows <= rows; m += kTileRows)
    tile<T, kTileRows, Vectors>(depth, {a.data + m * a.row, a.row, a.column}, b, bRow, c + m * cRow, cRow, add);
  for (; m < rows; m++)
    tile<T, 1, Vectors>(depth, {a.data + m * a.row, a.row, a.column}, b, bRow, c + m * cRow, cRow, add);
}

// c [rows, columns] = a [rows, depth] · b [depth, columns], or += with `add`; b and c with consecutive columns.
template <typename T>
void smallGemm(int64_t rows, int64_t columns, int64_t depth, Strided<T> a, const T* b, int64_t bRow, T* c, int64_t cRow,
               bool add) {
  int64_t n = 0;
  for (; n + 2 * kLanes<T> <= columns; n += 2 * kLanes<T>) panel<T, 2>(rows, depth, a, b + n, bRow, c + n, cRow, add);
  for (; n + kLanes<T> <= columns; n += kLanes<T>) panel<T, 1>(rows, depth, a, b + n, bRow, c + n, cRow, add);
  for (; n < columns; n++)
    for (int64_t m = 0; m < rows; m++) {
      T sum = add ? c[m * cRow + n] : T(0);
      for (int64_t k = 0; k < depth; k++) sum += a.data[m * a.row + k * a.column] * b[k * bRow + n];
      c[m * cRow + n] = sum;
    }
}

}  // namespace lucie
