#pragma once

#include <optional>
#include <string>

#include "handle.h"

namespace kontrast {

/// The activations that tfjs fuses: linear, relu, relu6, elu, sigmoid, leakyrelu (slope `leak`), prelu (slopes `prelu`).
Tensor activate(const Tensor& x, const std::string& name, const std::optional<Tensor>& prelu, double leak);

} // namespace kontrast
