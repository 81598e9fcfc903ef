// Vectors of the processor's width, and an exponential that compilers can vectorise.
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

// e^x. Cody and Waite's reduction x = n ln 2 + r, |r| <= ln 2 / 2, then the Taylor series of degree 7, whose remainder
// there is below 6e-9: within 2 units in the last place. Below -87.3 the result would be denormal: 0;
// above 88.3, infinity.
inline float exponential(float x) {
  const float clamped = x < -87.3f ? -87.3f : (x > 88.3f ? 88.3f : x);
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits.
  const float shifted = clamped * 1.44269504089f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const float power = std::bit_cast<float>((std::bit_cast<int32_t>(shifted) << 23) + (127 << 23));
  const float result = p * power;
  // NaN stays NaN: every comparison with it is false.
  const float finite = x < -87.3f ? 0.0f : (x == x ? result : x);
  return x > 88.3f ? std::numeric_limits<float>::infinity() : finite;
}

inline double exponential(double x) { return std::exp(x); }

}  // namespace lucie
