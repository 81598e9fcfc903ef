#pragma once

#include "napi.h"

namespace lucie {

void addTensorFunctions(napi_env env, napi_value exports);

}  // namespace lucie
