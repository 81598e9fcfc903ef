// Calls any operator that libtorch or this addon has registered, by name, through the boxed dispatcher. Autograd, type
// promotion and error checks are those of libtorch.
#include "dispatch.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <cmath>
#include <sstream>

#include "dtype.h"
#include "guards.h"
#include "handle.h"

namespace lucie {

namespace {

// Found once, then addressed by index. Never shrinks, so an index stays valid; each thread of JavaScript has its own.
thread_local std::vector<c10::OperatorHandle> operators;

const c10::OperatorHandle& operatorAt(napi_env env, napi_value value) {
  const auto index = toInt(env, value, "operator");
  if (index < 0 || index >= static_cast<int64_t>(operators.size()))
    throw Failure("ADDON_FAILED", "operator number " + std::to_string(index), "one that findOperator has returned");
  return operators[index];
}

c10::IValue toIValue(napi_env env, napi_value value, const c10::Type& type, const char* argument);

template <typename T>
c10::IValue toList(napi_env env, napi_value value, const c10::Type& element, const char* argument) {
  c10::List<T> list;
  for (const auto item : toArray(env, value, argument)) list.push_back(toIValue(env, item, element, argument).to<T>());
  return list;
}

c10::IValue toScalar(napi_env env, napi_value value, const char* argument) {
  const auto kind = typeOf(env, value);
  if (kind == napi_boolean) return toBool(env, value, argument);
  if (kind == napi_bigint) return toInt(env, value, argument);
  const double number = toDouble(env, value, argument);
  // As a literal without a point in Python: an integer keeps an integer tensor's type, and changes nothing for floats.
  const bool whole = number == std::floor(number) && std::fabs(number) <= 9007199254740991.0;
  if (whole && !(number == 0 && std::signbit(number))) return static_cast<int64_t>(number);
  return number;
}

// `type` is the schema's real type: ScalarType, Device and SymInt have not yet been flattened to int.
c10::IValue toIValue(napi_env env, napi_value value, const c10::Type& type, const char* argument) {
  if (type.kind() == c10::TypeKind::OptionalType) {
    if (isNothing(env, value)) return c10::IValue();
    return toIValue(env, value, *type.castRaw<c10::OptionalType>()->getElementType(), argument);
  }
  switch (type.kind()) {
    case c10::TypeKind::TensorType: return unwrapTensor(env, value, argument);
    case c10::TypeKind::GeneratorType: return unwrapGenerator(env, value, argument);
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return toInt(env, value, argument);
    case c10::TypeKind::FloatType: return toDouble(env, value, argument);
    case c10::TypeKind::BoolType: return toBool(env, value, argument);
    case c10::TypeKind::NumberType: return toScalar(env, value, argument);
    case c10::TypeKind::StringType: return toString(env, value, argument);
    case c10::TypeKind::ScalarTypeType:
      return static_cast<int64_t>(dtypeFromName(toString(env, value, argument), argument));
    case c10::TypeKind::DeviceObjType: return c10::Device(toString(env, value, argument));
    case c10::TypeKind::ListType: {
      const auto& element = *type.castRaw<c10::ListType>()->getElementType();
      switch (element.kind()) {
        case c10::TypeKind::IntType:
        case c10::TypeKind::SymIntType: return toList<int64_t>(env, value, element, argument);
        case c10::TypeKind::FloatType: return toList<double>(env, value, element, argument);
        case c10::TypeKind::BoolType: return toList<bool>(env, value, element, argument);
        case c10::TypeKind::NumberType: return toList<at::Scalar>(env, value, element, argument);
        case c10::TypeKind::TensorType: return toList<at::Tensor>(env, value, element, argument);
        case c10::TypeKind::OptionalType: return toList<std::optional<at::Tensor>>(env, value, element, argument);
        default: break;
      }
    }
    default: break;
  }
  throw Failure("ARGUMENT_TYPE", describe(env, value), "nothing: the type " + type.str() + " is not offered", argument);
}

napi_value fromIValue(napi_env env, const c10::IValue& value) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) return wrapTensor(env, value.toTensor());
  } else if (value.isTensorList()) {
    const auto tensors = value.toTensorVector();
    napi_value array;
    check(env, napi_create_array_with_length(env, tensors.size(), &array));
    for (size_t i = 0; i < tensors.size(); i++) check(env, napi_set_element(env, array, i, wrapTensor(env, tensors[i])));
    return array;
  } else if (value.isInt()) {
    return fromInt(env, value.toInt());
  } else if (value.isDouble()) {
    return fromDouble(env, value.toDouble());
  } else if (value.isBool()) {
    return fromBool(env, value.toBool());
  } else if (value.isScalar()) {
    return fromDouble(env, value.toScalar().toDouble());
  }
  return nothing(env);
}

napi_value findOperator(const Arguments& a) {
  const auto name = toString(a.env, a[0], "name");
  const auto overload = toString(a.env, a[1], "overload");
  const auto found = c10::Dispatcher::singleton().findSchema({name, overload});
  if (!found)
    throw Failure("OPERATOR_UNKNOWN", "no operator " + name + (overload.empty() ? "" : "." + overload),
                  "an operator of this libtorch");
  operators.push_back(*found);
  return fromInt(a.env, static_cast<int64_t>(operators.size()) - 1);
}

napi_value schemaOf(const Arguments& a) {
  std::ostringstream text;
  text << operatorAt(a.env, a[0]).schema();
  return fromString(a.env, text.str());
}

napi_value call(const Arguments& a) {
  const auto& handle = operatorAt(a.env, a[0]);
  const auto& schema = handle.schema();
  const auto values = toArray(a.env, a[1], "arguments");
  if (values.size() > schema.arguments().size())
    throw Failure("ARGUMENT_COUNT", std::to_string(values.size()) + " arguments",
                  "at most " + std::to_string(schema.arguments().size()));
  torch::jit::Stack stack;
  stack.reserve(schema.arguments().size());
  for (size_t i = 0; i < schema.arguments().size(); i++) {
    const auto& argument = schema.arguments()[i];
    if (i < values.size() && typeOf(a.env, values[i]) != napi_undefined)
      stack.push_back(toIValue(a.env, values[i], *argument.real_type(), argument.name().c_str()));
    else if (argument.default_value())
      stack.push_back(*argument.default_value());
    else
      throw Failure("ARGUMENT_TYPE", "undefined", "a value of type " + argument.type()->str(), argument.name());
  }
  guardOperator(schema, stack);
  handle.callBoxed(stack);
  if (stack.empty()) return nothing(a.env);
  if (stack.size() == 1) return fromIValue(a.env, stack[0]);
  napi_value array;
  check(a.env, napi_create_array_with_length(a.env, stack.size(), &array));
  for (size_t i = 0; i < stack.size(); i++) check(a.env, napi_set_element(a.env, array, i, fromIValue(a.env, stack[i])));
  return array;
}

}  // namespace

void addDispatchFunctions(napi_env env, napi_value exports) {
  addFunction(env, exports, "findOperator", findOperator);
  addFunction(env, exports, "schema", schemaOf);
  addFunction(env, exports, "call", call);
}

}  // namespace lucie
