#pragma once

#include "napi.h"

namespace lucie {

void addEngineFunctions(napi_env env, napi_value exports);

}  // namespace lucie
