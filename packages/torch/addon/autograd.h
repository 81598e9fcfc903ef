#pragma once

#include "napi.h"

namespace lucie {

void addAutogradFunctions(napi_env env, napi_value exports);

}  // namespace lucie
