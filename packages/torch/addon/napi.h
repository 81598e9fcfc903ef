// The few things that every part of the addon needs from Node's C interface: argument access that refuses politely,
// and one error type that crosses into JavaScript with its fields.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace lucie {

// Becomes a LucieError in TypeScript. `argument` is empty where no single argument is at fault.
struct Failure : std::exception {
  std::string code, found, expected, argument;
  Failure(std::string code, std::string found, std::string expected, std::string argument = "")
      : code(std::move(code)), found(std::move(found)), expected(std::move(expected)), argument(std::move(argument)) {}
  const char* what() const noexcept override { return found.c_str(); }
};

// A JavaScript exception is already pending: unwind without touching it.
struct PendingException {};

void check(napi_env env, napi_status status);

// The arguments of one call from JavaScript. Missing ones read as `undefined`.
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info);
  napi_env env;
  napi_value operator[](size_t i) const { return values_[i]; }

 private:
  static constexpr size_t kMost = 6;
  napi_value values_[kMost];
};

napi_valuetype typeOf(napi_env env, napi_value value);
bool isNothing(napi_env env, napi_value value);
// What a value is, for an error message: `"abc"`, `NaN`, `an array of 3`, `undefined`.
std::string describe(napi_env env, napi_value value);
// The same for what only handle.cc can tell apart: `a Tensor`, `a Generator`.
std::string describeHandle(napi_env env, napi_value value);

int64_t toInt(napi_env env, napi_value value, const char* argument);
double toDouble(napi_env env, napi_value value, const char* argument);
bool toBool(napi_env env, napi_value value, const char* argument);
std::string toString(napi_env env, napi_value value, const char* argument);
std::vector<napi_value> toArray(napi_env env, napi_value value, const char* argument);
std::vector<int64_t> toInts(napi_env env, napi_value value, const char* argument);

napi_value fromInt(napi_env env, int64_t value);
napi_value fromDouble(napi_env env, double value);
napi_value fromBool(napi_env env, bool value);
napi_value fromString(napi_env env, const std::string& value);
napi_value nothing(napi_env env);
void setField(napi_env env, napi_value object, const char* name, napi_value value);

using Function = napi_value (*)(const Arguments&);
// Adds a function to the exports. Whatever it throws becomes a JavaScript exception; nothing escapes into Node.
void addFunction(napi_env env, napi_value exports, const char* name, Function function);

}  // namespace lucie
