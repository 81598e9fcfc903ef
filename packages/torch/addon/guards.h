// libtorch trusts the callers of a few operators: Python checks for them, C++ would read past the end of memory.
#pragma once

#include <ATen/core/function_schema.h>
#include <ATen/core/stack.h>

namespace lucie {

// Throws OPERATOR_FAILED when the arguments of such an operator do not fit together.
void guardOperator(const c10::FunctionSchema& schema, const torch::jit::Stack& stack);

}  // namespace lucie
