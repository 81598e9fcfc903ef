// libtorch for Node. TypeScript's view of these functions is src/native.ts.
#include "allocator.h"
#include "autograd.h"
#include "dispatch.h"
#include "engine.h"
#include "handle.h"
#include "tensor.h"

static napi_value init(napi_env env, napi_value exports) {
  lucie::installAllocator();
  lucie::addAllocatorFunctions(env, exports);
  lucie::addHandleFunctions(env, exports);
  lucie::addTensorFunctions(env, exports);
  lucie::addDispatchFunctions(env, exports);
  lucie::addAutogradFunctions(env, exports);
  lucie::addEngineFunctions(env, exports);
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
