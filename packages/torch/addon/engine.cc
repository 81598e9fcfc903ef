// Threads, random numbers, and what the numbers depend on besides the program.
#include "engine.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/native/DispatchStub.h>
#include <torch/headeronly/version.h>

#include "handle.h"

namespace lucie {

namespace {

napi_value setThreads(const Arguments& a) {
  const auto count = toInt(a.env, a[0], "threads");
  if (count < 1 || count > 1024) throw Failure("ARGUMENT_TYPE", std::to_string(count), "1 to 1024", "threads");
  at::set_num_threads(static_cast<int>(count));
  return nothing(a.env);
}

napi_value threads(const Arguments& a) { return fromInt(a.env, at::get_num_threads()); }

napi_value makeGenerator(const Arguments& a) {
  const auto seed = toInt(a.env, a[0], "seed");
  return wrapGenerator(a.env, at::detail::createCPUGenerator(static_cast<uint64_t>(seed)));
}

// The seed of operators that are called without a generator.
napi_value manualSeed(const Arguments& a) {
  at::manual_seed(static_cast<uint64_t>(toInt(a.env, a[0], "seed")));
  return nothing(a.env);
}

napi_value identity(const Arguments& a) {
  napi_value object;
  check(a.env, napi_create_object(a.env, &object));
  setField(a.env, object, "torch", fromString(a.env, TORCH_VERSION));
  setField(a.env, object, "capability", fromString(a.env, at::get_cpu_capability()));
  return object;
}

}  // namespace

void addEngineFunctions(napi_env env, napi_value exports) {
  addFunction(env, exports, "setThreads", setThreads);
  addFunction(env, exports, "threads", threads);
  addFunction(env, exports, "makeGenerator", makeGenerator);
  addFunction(env, exports, "manualSeed", manualSeed);
  addFunction(env, exports, "identity", identity);
}

}  // namespace lucie
