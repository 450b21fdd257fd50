// Convolutions in 2 and 3 dimensions. tfjs keeps images channels-last [batch, ...space, channels] and filters
// [...space, in, out]; torch wants [batch, channels, ...space] and [out, in, ...space]. A permuted view of the former
// *is* torch's channels-last memory format, so images are never copied; filters are small and oneDNN reorders them.
#include "activation.h"
#include "kernel.h"
#include "precision.h"

namespace kontrast {
namespace {

/// strides, dilations, then before and after of each spatial axis (from computeConv2DInfo); all of rank `space`.
struct Geometry {
  Shape strides;
  Shape dilations;
  Shape before;
  Shape after;
  bool channels_first;
};

Geometry geometry_of(const Shape& numbers, bool channels_first) {
  require(numbers.size() % 4 == 0, "expected four numbers per spatial axis, got ", numbers.size());
  const auto space = static_cast<int64_t>(numbers.size() / 4);
  const auto part = [&](int64_t i) { return Shape(numbers.begin() + i * space, numbers.begin() + (i + 1) * space); };
  return {part(0), part(1), part(2), part(3), channels_first};
}

Tensor to_torch(const Tensor& images, const Geometry& geometry) {
  return geometry.channels_first ? images : images.movedim(-1, 1);
}

Tensor from_torch(const Tensor& images, const Geometry& geometry) {
  return geometry.channels_first ? images : images.movedim(1, -1);
}

/// [out, in, ...space], for the tfjs shape [...space, in, out]; depthwise: [in·multiplier, 1, ...space].
Shape filter_shape(const Shape& shape, bool depthwise) {
  Shape result(shape.begin(), shape.end() - 2);
  const int64_t in = shape[shape.size() - 2], out = shape.back();
  if (depthwise) result.insert(result.begin(), {in * out, 1});
  else result.insert(result.begin(), {out, in});
  return result;
}

/// [...space, in, out] → [out, in, ...space]; with several groups [...space, in, multiplier] → [in·multiplier, 1, ...].
Tensor filter_to_torch(const Tensor& filter, bool depthwise) {
  const int64_t space = filter.dim() - 2;
  if (!depthwise) { // a plain transposition, for which ATen has a fast copy, makes [out, ...space, in]: channels last
    const Tensor rows = filter.reshape({filter.numel() / std::max<int64_t>(1, filter.size(-1)), filter.size(-1)});
    Shape shape = filter.sizes().slice(0, space + 1).vec();
    shape.insert(shape.begin(), filter.size(-1));
    return rows.t().contiguous().view(shape).movedim(-1, 1);
  }
  const Tensor channels_first = filter.movedim({space, space + 1}, {0, 1});
  return channels_first.reshape(filter_shape(filter.sizes().vec(), depthwise));
}

/// The way back, for the gradient of a filter of the given tfjs shape.
Tensor filter_from_torch(const Tensor& gradient, const Shape& shape, bool depthwise) {
  const auto space = static_cast<int64_t>(shape.size()) - 2;
  if (!depthwise) {
    const Tensor channels_last = gradient.movedim(1, -1).contiguous(); // [out, ...space, in]
    const int64_t out = shape.back();
    return channels_last.view({out, channels_last.numel() / std::max<int64_t>(1, out)}).t().contiguous().view(shape);
  }
  Shape split(shape.begin(), shape.begin() + space);
  split.insert(split.begin(), {shape[space], shape[space + 1]});
  return gradient.reshape(split).movedim({0, 1}, {space, space + 1});
}

/// torch pads alike on both sides; what is left over ("same" with stride 2 pads one side more) is padded beforehand.
struct Padding {
  Shape both;
  Shape extra; // of constant_pad_nd: from the last axis to the first, before and after
  bool any_extra = false;
};

Padding padding_of(const Geometry& geometry) {
  Padding padding;
  padding.both = geometry.before;
  padding.any_extra = geometry.before != geometry.after;
  if (!padding.any_extra) return padding;
  for (size_t axis = geometry.before.size(); axis-- > 0;) {
    padding.both[axis] = 0;
    padding.extra.push_back(geometry.before[axis]);
    padding.extra.push_back(geometry.after[axis]);
  }
  return padding;
}

Tensor padded(const Tensor& x, const Padding& padding) {
  return padding.any_extra ? at::constant_pad_nd(x, padding.extra, 0) : x;
}

at::MemoryFormat format_of(const Geometry& geometry) {
  if (geometry.channels_first) return at::MemoryFormat::Contiguous;
  return geometry.strides.size() == 3 ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::ChannelsLast;
}

/// A tensor that only tells its shape: torch's backward functions ask for operands they do not read. Never touched,
/// so its pages are never mapped.
Tensor shape_only(const Shape& shape, const Tensor& like, const Geometry& geometry) {
  return at::empty(shape, like.options(), format_of(geometry));
}

Tensor forward(const Tensor& images, const Tensor& filter, const std::optional<Tensor>& bias,
               const Geometry& geometry, bool depthwise) {
  const Padding padding = padding_of(geometry);
  const Tensor x = padded(to_torch(images, geometry), padding);
  const int64_t groups = depthwise ? x.size(1) : 1;
  const Shape none(geometry.strides.size(), 0);
  return at::convolution(x, filter_to_torch(filter, depthwise), bias.value_or(Tensor()), geometry.strides,
                         padding.both, geometry.dilations, false, none, groups);
}

/// Convolution. images [batch, ...space, in] (channels_first: [batch, in, ...space]), filter [...space, in, out], or
/// depthwise [...space, in, multiplier].
Tensor convolution(const Stored& images, const Stored& filter, const Shape& numbers, bool channels_first,
                   bool depthwise) {
  const Geometry geometry = geometry_of(numbers, channels_first);
  const bool reduced = reducing() || is_reduced(images) || is_reduced(filter);
  const Tensor sums = forward(operand(images, reduced), operand(filter, reduced), std::nullopt, geometry, depthwise);
  return from_torch(sums, geometry);
}
KONTRAST_KERNEL(convolution);

/// activation(convolution + bias).
Tensor fused_convolution(const Stored& images, const Stored& filter, const std::optional<Tensor>& bias,
                         const std::optional<Tensor>& prelu, const Shape& numbers, bool channels_first, bool depthwise,
                         const std::string& activation, double leak) {
  const Geometry geometry = geometry_of(numbers, channels_first);
  const bool reduced = reducing() || is_reduced(images) || is_reduced(filter);
  const bool in_convolution = bias && bias->dim() == 1;
  std::optional<Tensor> added;
  if (in_convolution) added = operand({*bias}, reduced);
  const Tensor sums = forward(operand(images, reduced), operand(filter, reduced), added, geometry, depthwise);
  const Tensor result = from_torch(sums, geometry);
  std::optional<Tensor> slopes = prelu;
  if (prelu && prelu->dim() == 1 && channels_first) slopes = prelu->view({-1, 1, 1});
  return activate(bias && !in_convolution ? result.add(*bias) : result, activation, slopes, leak);
}
KONTRAST_KERNEL(fused_convolution);

/// Gradient of the images, which have the given tfjs shape.
Tensor convolution_input_gradient(const Stored& stored_dy, const Stored& filter, const Shape& shape,
                                  const Shape& numbers, bool channels_first, bool depthwise) {
  const bool reduced = reducing() || is_reduced(stored_dy) || is_reduced(filter);
  const Tensor dy = operand(stored_dy, reduced);
  const Geometry geometry = geometry_of(numbers, channels_first);
  require(shape.size() == geometry.strides.size() + 2, "expected a shape of ", geometry.strides.size() + 2,
          " numbers, got ", at::IntArrayRef(shape));
  const Padding padding = padding_of(geometry);
  Shape input = shape;
  if (!channels_first) std::rotate(input.begin() + 1, input.end() - 1, input.end());
  const Shape whole = input;
  if (padding.any_extra) {
    for (size_t axis = 0; axis < geometry.before.size(); ++axis) input[axis + 2] += geometry.before[axis] + geometry.after[axis];
  }
  const int64_t groups = depthwise ? input[1] : 1;
  const Shape none(geometry.strides.size(), 0);
  Tensor dx = std::get<0>(at::convolution_backward(to_torch(dy, geometry), shape_only(input, dy, geometry),
                                                   filter_to_torch(operand(filter, reduced), depthwise), at::OptionalIntArrayRef(),
                                                   geometry.strides, padding.both, geometry.dilations, false, none,
                                                   groups, {true, false, false}));
  for (size_t axis = 0; padding.any_extra && axis < geometry.before.size(); ++axis) {
    dx = dx.narrow(axis + 2, geometry.before[axis], whole[axis + 2]);
  }
  return from_torch(dx, geometry);
}
KONTRAST_KERNEL(convolution_input_gradient);

/// Gradient of the filter, which has the given tfjs shape; always stored as float32.
Tensor convolution_filter_gradient(const Stored& images, const Stored& dy, const Shape& shape, const Shape& numbers,
                                   bool channels_first, bool depthwise) {
  const Geometry geometry = geometry_of(numbers, channels_first);
  require(shape.size() == geometry.strides.size() + 2, "expected a shape of ", geometry.strides.size() + 2,
          " numbers, got ", at::IntArrayRef(shape));
  const Padding padding = padding_of(geometry);
  const bool reduced = reducing() || is_reduced(images) || is_reduced(dy);
  const Tensor x = padded(to_torch(operand(images, reduced), geometry), padding);
  const Tensor filter = at::empty(filter_shape(shape, depthwise), x.options());
  const int64_t groups = depthwise ? x.size(1) : 1;
  const Shape none(geometry.strides.size(), 0);
  const Tensor gradient = std::get<1>(at::convolution_backward(
      to_torch(operand(dy, reduced), geometry), x, filter, at::OptionalIntArrayRef(), geometry.strides, padding.both,
      geometry.dilations, false, none, groups, {false, true, false}));
  return filter_from_torch(gradient.to(at::kFloat), shape, depthwise);
}
KONTRAST_KERNEL(convolution_filter_gradient);

} // namespace
} // namespace kontrast
