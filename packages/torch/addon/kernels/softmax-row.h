// One row of a softmax, in one thread.
#pragma once

#include "math.h"

namespace lucie {

// Replaces `count` scores by e^((score - max) * scale), and what fills their last vector by 0; returns max. The row goes
// on to a multiple of the lanes.
template <typename T>
inline T softmaxRow(T* row, int64_t count, T scale, T& sum) {
  const int64_t whole = toLanes<T>(count);
  for (int64_t j = count; j < whole; j++) row[j] = -std::numeric_limits<T>::infinity();
  Vector<T> highest = vectorAt(row);
  for (int64_t j = kLanes<T>; j < whole; j += kLanes<T>)
    highest = vectorAt(row + j) > highest ? vectorAt(row + j) : highest;
  T most = highest[0];
  for (int i = 1; i < kLanes<T>; i++) most = highest[i] > most ? highest[i] : most;
  Vector<T> sums{};
  for (int64_t j = 0; j < whole; j += kLanes<T>) sums += vectorAt(row + j) = exponential((vectorAt(row + j) - most) * scale);
  sum = sumOf<T>(sums);
  return most;
}

}  // namespace lucie
