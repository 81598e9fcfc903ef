#include "guards.h"

#include <ATen/core/ivalue.h>
#include <c10/util/Exception.h>

#include <string_view>
#include <vector>

namespace lucie {

static constexpr std::string_view kFusedAdamW = "aten::_fused_adamw_";

// Lists of one length whose i-th tensors have one shape; a scalar step for each parameter.
static void guardFusedAdamW(const c10::FunctionSchema& schema, const torch::jit::Stack& stack) {
  const auto params = stack[0].toTensorVector();
  for (size_t list = 1; list <= 5; list++) {
    const auto tensors = stack[list].toTensorVector();
    const auto& name = schema.arguments()[list].name();
    if (name == "max_exp_avg_sqs" && tensors.empty()) continue;
    TORCH_CHECK(tensors.size() == params.size(), name, " has ", tensors.size(), " tensors, self has ", params.size());
    for (size_t i = 0; i < params.size(); i++) {
      const bool step = name == "state_steps";
      TORCH_CHECK(step ? tensors[i].numel() == 1 : tensors[i].sizes() == params[i].sizes(), name, "[", i, "] has shape ",
                  tensors[i].sizes(), step ? " instead of one element" : ", self has ",
                  step ? at::IntArrayRef() : params[i].sizes());
      TORCH_CHECK(step ? tensors[i].scalar_type() == at::kFloat : tensors[i].strides() == params[i].strides(), name, "[",
                  i, "] ", step ? "is not float32" : "is laid out otherwise than self");
      TORCH_CHECK(params[i].is_non_overlapping_and_dense(), "self[", i, "] is not dense");
    }
  }
}

void guardOperator(const c10::FunctionSchema& schema, const torch::jit::Stack& stack) {
  if (schema.name() == kFusedAdamW) guardFusedAdamW(schema, stack);
}

}  // namespace lucie
