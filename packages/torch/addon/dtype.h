// The names of element types on the JavaScript side.
#pragma once

#include <c10/core/ScalarType.h>

#include <string>

namespace lucie {

// Throws ARGUMENT_TYPE for a name that is not offered.
at::ScalarType dtypeFromName(const std::string& name, const char* argument);
std::string dtypeName(at::ScalarType type);

}  // namespace lucie
