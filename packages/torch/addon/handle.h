// Tensors and generators as JavaScript sees them: tagged externals, freed by `dispose`, by the garbage collector only
// when that was forgotten.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "napi.h"

namespace lucie {

napi_value wrapTensor(napi_env env, at::Tensor tensor);
// Throws ARGUMENT_TYPE when `value` is no tensor, TENSOR_DISPOSED when it was freed.
const at::Tensor& unwrapTensor(napi_env env, napi_value value, const char* argument);

napi_value wrapGenerator(napi_env env, at::Generator generator);
const at::Generator& unwrapGenerator(napi_env env, napi_value value, const char* argument);

void addHandleFunctions(napi_env env, napi_value exports);

}  // namespace lucie
