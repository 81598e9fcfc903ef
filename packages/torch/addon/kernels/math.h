// Vectors of the processor's width, and an exponential for them.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace lucie {

#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;
#endif

template <typename T>
struct VectorOf {
  // Unaligned, and may look at arrays of T.
  typedef T type __attribute__((vector_size(kVectorBytes), aligned(alignof(T)), may_alias));
};
template <typename T>
using Vector = typename VectorOf<T>::type;
template <typename T>
inline constexpr int kLanes = kVectorBytes / sizeof(T);

template <typename T>
[[gnu::always_inline]] inline Vector<T>& vectorAt(T* data) {
  return *reinterpret_cast<Vector<T>*>(data);
}
template <typename T>
[[gnu::always_inline]] inline const Vector<T>& vectorAt(const T* data) {
  return *reinterpret_cast<const Vector<T>*>(data);
}

// The next multiple of a vector's lanes.
template <typename T>
constexpr int64_t toLanes(int64_t count) {
  return (count + kLanes<T> - 1) / kLanes<T> * kLanes<T>;
}

// In order of the lanes, so that the result depends on nothing else.
template <typename T>
[[gnu::always_inline]] inline T sumOf(Vector<T> vector) {
  T sum = 0;
  for (int i = 0; i < kLanes<T>; i++) sum += vector[i];
  return sum;
}

// e^x. Cody and Waite's reduction x = n ln 2 + r, |r| <= ln 2 / 2, then the Taylor series of degree 7, whose remainder
// there is below 6e-9: within 2 units in the last place. Below -87.3 the result would be denormal: 0; above 88.3,
// infinity; NaN stays NaN, because every comparison with it is false.
[[gnu::always_inline]] inline Vector<float> exponential(Vector<float> x) {
  typedef int32_t Integers __attribute__((vector_size(kVectorBytes)));
  const Vector<float> low = Vector<float>{} - 87.3f, high = Vector<float>{} + 88.3f;
  const Vector<float> clamped = x < low ? low : (x > high ? high : x);
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits.
  const Vector<float> shifted = clamped * 1.44269504089f + 12582912.0f;
  const Vector<float> n = shifted - 12582912.0f;
  const Vector<float> r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  Vector<float> p = r * (1.0f / 5040) + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const Vector<float> result = p * (Vector<float>)(((Integers)shifted << 23) + (127 << 23));
  return x < low ? Vector<float>{} : (x > high ? Vector<float>{} + std::numeric_limits<float>::infinity() : result);
}

// float64 is for checking gradients, not for speed.
[[gnu::always_inline]] inline Vector<double> exponential(Vector<double> x) {
  for (int i = 0; i < kLanes<double>; i++) x[i] = std::exp(x[i]);
  return x;
}

// One value at a time, for the ends of arrays.
template <typename T>
[[gnu::always_inline]] inline T exponential(T x) {
  return exponential(Vector<T>{} + x)[0];
}

}  // namespace lucie
