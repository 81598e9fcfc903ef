#pragma once

#include "napi.h"

namespace lucie {

void addDispatchFunctions(napi_env env, napi_value exports);

}  // namespace lucie
