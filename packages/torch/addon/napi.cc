#include "napi.h"

#include <c10/util/Exception.h>

#include <cmath>

namespace lucie {

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) throw PendingException{};
  const napi_extended_error_info* details = nullptr;
  napi_get_last_error_info(env, &details);
  throw Failure("ADDON_FAILED", details && details->error_message ? details->error_message : "a failing Node-API call",
                "a call that Node accepts");
}

Arguments::Arguments(napi_env env, napi_callback_info info) : env(env) {
  size_t count = kMost;
  check(env, napi_get_cb_info(env, info, &count, values_, nullptr, nullptr));
}

napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type));
  return type;
}

bool isNothing(napi_env env, napi_value value) {
  const auto type = typeOf(env, value);
  return type == napi_undefined || type == napi_null;
}

std::string describe(napi_env env, napi_value value) {
  switch (typeOf(env, value)) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_boolean: return toBool(env, value, "") ? "true" : "false";
    case napi_bigint: return "a BigInt";
    case napi_external: return describeHandle(env, value);
    case napi_function: return "a function";
    case napi_symbol: return "a symbol";
    case napi_number: {
      double number;
      napi_get_value_double(env, value, &number);
      std::string text = std::to_string(number);
      if (std::isfinite(number) && number == std::floor(number)) text.resize(text.find('.'));
      return text;
    }
    case napi_string: {
      const auto text = toString(env, value, "");
      return "\"" + (text.size() > 40 ? text.substr(0, 40) + "…" : text) + "\"";
    }
    default: break;
  }
  bool array = false;
  napi_is_array(env, value, &array);
  if (!array) return "an object";
  uint32_t length = 0;
  napi_get_array_length(env, value, &length);
  return "an array of " + std::to_string(length);
}

int64_t toInt(napi_env env, napi_value value, const char* argument) {
  const auto type = typeOf(env, value);
  if (type == napi_bigint) {
    int64_t result;
    bool lossless;
    check(env, napi_get_value_bigint_int64(env, value, &result, &lossless));
    if (lossless) return result;
  } else if (type == napi_number) {
    double number;
    check(env, napi_get_value_double(env, value, &number));
    if (number == std::floor(number) && std::fabs(number) <= 9007199254740991.0) return static_cast<int64_t>(number);
  }
  throw Failure("ARGUMENT_TYPE", describe(env, value), "an integer", argument);
}

double toDouble(napi_env env, napi_value value, const char* argument) {
  if (typeOf(env, value) != napi_number) throw Failure("ARGUMENT_TYPE", describe(env, value), "a number", argument);
  double result;
  check(env, napi_get_value_double(env, value, &result));
  return result;
}

bool toBool(napi_env env, napi_value value, const char* argument) {
  if (typeOf(env, value) != napi_boolean) throw Failure("ARGUMENT_TYPE", describe(env, value), "a boolean", argument);
  bool result;
  check(env, napi_get_value_bool(env, value, &result));
  return result;
}

std::string toString(napi_env env, napi_value value, const char* argument) {
  if (typeOf(env, value) != napi_string) throw Failure("ARGUMENT_TYPE", describe(env, value), "a string", argument);
  size_t length = 0;
  check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length));
  std::string result(length, '\0');
  check(env, napi_get_value_string_utf8(env, value, result.data(), length + 1, &length));
  return result;
}

std::vector<napi_value> toArray(napi_env env, napi_value value, const char* argument) {
  bool array = false;
  check(env, napi_is_array(env, value, &array));
  if (!array) throw Failure("ARGUMENT_TYPE", describe(env, value), "an array", argument);
  uint32_t length = 0;
  check(env, napi_get_array_length(env, value, &length));
  // `new Array(2 ** 32 - 1)` costs JavaScript nothing but would cost us 32 GB here.
  if (length > 1'000'000) throw Failure("ARGUMENT_TYPE", describe(env, value), "at most a million elements", argument);
  std::vector<napi_value> elements(length);
  for (uint32_t i = 0; i < length; i++) check(env, napi_get_element(env, value, i, &elements[i]));
  return elements;
}

std::vector<int64_t> toInts(napi_env env, napi_value value, const char* argument) {
  std::vector<int64_t> result;
  for (const auto element : toArray(env, value, argument)) result.push_back(toInt(env, element, argument));
  return result;
}

napi_value fromInt(napi_env env, int64_t value) {
  napi_value result;
  check(env, napi_create_int64(env, value, &result));
  return result;
}

napi_value fromDouble(napi_env env, double value) {
  napi_value result;
  check(env, napi_create_double(env, value, &result));
  return result;
}

napi_value fromBool(napi_env env, bool value) {
  napi_value result;
  check(env, napi_get_boolean(env, value, &result));
  return result;
}

napi_value fromString(napi_env env, const std::string& value) {
  napi_value result;
  check(env, napi_create_string_utf8(env, value.data(), value.size(), &result));
  return result;
}

napi_value nothing(napi_env env) {
  napi_value result;
  check(env, napi_get_undefined(env, &result));
  return result;
}

void setField(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value));
}

static void raise(napi_env env, const Failure& failure) {
  napi_value message, error;
  napi_create_string_utf8(env, failure.found.data(), failure.found.size(), &message);
  napi_create_error(env, nullptr, message, &error);
  const std::pair<const char*, const std::string*> fields[] = {{"code", &failure.code},
                                                              {"found", &failure.found},
                                                              {"expected", &failure.expected},
                                                              {"argument", &failure.argument}};
  for (const auto& [name, text] : fields) {
    napi_value value;
    napi_create_string_utf8(env, text->data(), text->size(), &value);
    napi_set_named_property(env, error, name, value);
  }
  napi_throw(env, error);
}

static napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    void* function = nullptr;
    check(env, napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &function));
    return reinterpret_cast<Function>(function)(Arguments(env, info));
  } catch (const PendingException&) {
  } catch (const Failure& failure) {
    raise(env, failure);
  } catch (const c10::Error& error) {
    raise(env, Failure("OPERATOR_FAILED", error.what_without_backtrace(), ""));
  } catch (const std::exception& error) {
    raise(env, Failure("OPERATOR_FAILED", error.what(), ""));
  } catch (...) {
    raise(env, Failure("OPERATOR_FAILED", "an exception without a message", ""));
  }
  return nullptr;
}

void addFunction(napi_env env, napi_value exports, const char* name, Function function) {
  napi_value value;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded, reinterpret_cast<void*>(function), &value));
  setField(env, exports, name, value);
}

}  // namespace lucie
