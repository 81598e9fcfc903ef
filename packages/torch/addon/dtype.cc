#include "dtype.h"

#include <utility>

#include "napi.h"

namespace lucie {

static constexpr std::pair<const char*, at::ScalarType> kTypes[] = {
    {"float32", at::kFloat}, {"float64", at::kDouble}, {"float16", at::kHalf}, {"bfloat16", at::kBFloat16},
    {"int64", at::kLong},    {"int32", at::kInt},      {"int16", at::kShort},  {"int8", at::kChar},
    {"uint8", at::kByte},    {"bool", at::kBool}};

at::ScalarType dtypeFromName(const std::string& name, const char* argument) {
  std::string known;
  for (const auto& [text, type] : kTypes) {
    if (name == text) return type;
    known += known.empty() ? text : std::string(", ") + text;
  }
  throw Failure("ARGUMENT_TYPE", "\"" + name + "\"", "one of " + known, argument);
}

std::string dtypeName(at::ScalarType type) {
  for (const auto& [text, known] : kTypes)
    if (type == known) return text;
  return c10::toString(type);
}

}  // namespace lucie
